// How the engines run the statements: by an index, and without sorting; and that the tables can be distributed.
#include <map>
#include <mutex>
#include <set>

#include "store/attempts.h"
#include "store/codes.h"
#include "store/keys.h"
#include "store/postgres/connection.h"
#include "store/sessions.h"
#include "store/sqlite/connection.h"
#include "store/sweeps.h"
#include "support/postgres_cluster.h"
#include "support/watched_connection.h"
#include "unit/store/backend.h"

namespace cardea {

namespace {

// Counts of small tables, and the first rows of an index, which SQLite calls a scan too.
bool MayWalk(const std::string& statement) {
    static const std::set<std::string> kStatements = {
        "SELECT COUNT(*) FROM pools", "SELECT COUNT(*) FROM reserve_keys",
        "SELECT kid, key_use, modulus, sealed, created_at FROM reserve_keys ORDER BY created_at, kid LIMIT $1"};
    return kStatements.contains(statement);
}

void RunEverything(Store& store) {
    const PoolId pool = kPool;
    const UserId user = TestUserId(1);
    const Group group = TestGroup("staff");
    store.Transact([&](sql::Connection& db) {
        const Alias names[] = {{AliasKind::kUsername, "alice"}};
        const Alias more[] = {{AliasKind::kEmail, "a@example.com"}};
        User alice = TestUser(1, "alice");
        AddPool(db, TestPool());
        ReplacePool(db, TestPool(), 1);
        AddClient(db, TestClient("one"));
        ReplaceClient(db, TestClient("one"), 1);
        AddUser(db, alice, TestCredential(user), names);
        AddUser(db, TestUser(2, "alice"), TestCredential(user), names);
        UpdateUser(db, alice, more);
        UpdateUser(db, alice);
        TakeAlias(db, pool, more[0], kNow);
        AddGroup(db, group);
        ReplaceGroup(db, group);
        AddMember(db, group, user, kNow);
        AddPasswordHistory(db, pool, TestCredential(user), 3);
        PutCode(db, pool, {.user_id = user, .mac = "mac"});
        CountCodeFailure(db, pool, user, CodePurpose::kSignUp);
        ConsumeCode(db, pool, {.user_id = user, .mac = "mac"});
        PutAttempts(db, pool, "key", {}, kNow);
        RemoveAttempts(db, pool, "key");
        ConsumeSession(db, pool, user, "id", kNow);
        RevokeSignIn(db, pool, user, "jti", kNow);
        AdvanceFamily(db, pool, user, "jti", 0, kNow, kNow);
        AdvanceFamily(db, pool, user, "jti", 1, kNow, kNow);
        AddReserveKey(db, {"r", KeyUse::kIdToken, "n", "s", kNow});
        TakeReserveKeys(db, 1);
        SweepExpired(db, kNow, 100);
    });
    store.Read([&](sql::Connection& db) {
        FindPool(db, pool);
        ListPools(db, "", {}, 10);
        ListPools(db, "eu-west-1", {}, 10);
        CountPools(db);
        CountUsers(db, pool);
        ConfigurationVersion(db);
        FindClient(db, ClientId("one"));
        ListClients(db, pool, {}, 10);
        CountClients(db, pool);
        FindAlias(db, pool, "alice");
        FindUser(db, pool, user);
        FindForSignIn(db, pool, user);
        FindForToken(db, pool, user, "jti", true);
        FindForToken(db, pool, user, "jti", false);
        FindCredential(db, pool, user);
        ListPasswordHistory(db, pool, user, 5);
        FindGroup(db, pool, "staff");
        ListGroups(db, pool, {}, 10);
        CountGroups(db, pool);
        ListGroupsOfUser(db, pool, user, {}, 10);
        CountGroupsOfUser(db, pool, user);
        ListMembers(db, group, {}, 10);
        FindCode(db, pool, user, CodePurpose::kSignUp);
        FindAttempts(db, pool, "key");
        ListDataKeys(db, pool);
        ListSigningKeys(db, pool);
        CountReserveKeys(db);
        FindAccessKey(db, "AKIA");
        for (int field = 0; field <= static_cast<int>(UserFilter::Field::kSub); ++field)
            for (const bool prefix : {false, true})
                for (const std::string value : {"", "a", "Enabled"})
                    ListUsers(db, pool, {static_cast<UserFilter::Field>(field), prefix, value}, {}, 10);
        ListUsers(db, pool, {UserFilter::Field::kSub, true, "0"}, user.Text(), 10);
    });
    store.Transact([&](sql::Connection& db) {
        RemoveMember(db, group, user);
        AddMember(db, group, user, kNow);
        DeleteUser(db, pool, user);
        DeleteGroup(db, pool, "staff");
        SweepDeletedGroups(db, kNow, 100);
        AddUser(db, TestUser(3, "carl"), std::nullopt, {});
        AddGroup(db, TestGroup("left"));
        DeleteClient(db, pool, ClientId("one"));
        RemoveCredential(db, pool, user);
        DeletePool(db, pool);
        SweepDeletedPools(db, kNow, 100);
        SweepDeletedPools(db, kNow, 100);
        SweepDeletedPools(db, kNow, 100);
    });
}

TEST(Plans, NoStatementWalksATableOrSorts) {
    const TemporaryFolder folder;
    std::mutex mutex;
    std::set<std::string> statements;
    auto store = OpenSqlite({.path = folder / "cardea.db",
                             .cache_bytes = 8 << 20,
                             .wrap = test::Watch([&](test::Call, std::string_view statement) {
                                 const std::lock_guard lock(mutex);
                                 if (!statement.empty()) statements.emplace(statement);
                             })});
    RunEverything(*store);
    store.reset();
    EXPECT_GT(statements.size(), 110u);
    sqlite::Connection db({.path = folder / "cardea.db"});
    for (const std::string& statement : statements) {
        if (MayWalk(statement)) continue;
        std::string plan;
        const std::string explain = "EXPLAIN QUERY PLAN " + statement;
        std::vector<sql::Value> values;
        while (statement.find("$" + std::to_string(values.size() + 1)) != std::string::npos)
            values.emplace_back(std::monostate());
        db.Query(explain, values, [&](const sql::Row& row) { plan += std::string(row.Text(3)) + '\n'; });
        EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << statement << '\n' << plan;
        EXPECT_EQ(plan.find("SCAN"), std::string::npos) << statement << '\n' << plan;
        EXPECT_EQ(plan.find("AUTOMATIC"), std::string::npos) << statement << '\n' << plan;
    }
}

// Each page of a listing starts where the last one ended, by the index itself.
TEST(Plans, EachListingOfUsersIsARangeOfItsIndex) {
    const TemporaryFolder folder;
    std::vector<std::string> statements;
    auto store = OpenSqlite({.path = folder / "cardea.db",
                             .cache_bytes = 8 << 20,
                             .wrap = test::Watch([&](test::Call call, std::string_view statement) {
                                 if (call == test::Call::kQuery) statements.emplace_back(statement);
                             })});
    const auto plan_of = [&](const UserFilter& filter) {
        store->Read([&](sql::Connection& db) { ListUsers(db, kPool, filter, {}, 10); });
        const std::string explain = "EXPLAIN QUERY PLAN " + statements.back();
        std::string plan;
        store->Read([&](sql::Connection& db) {
            std::vector<sql::Value> values;
            while (explain.find("$" + std::to_string(values.size() + 1)) != std::string::npos)
                values.emplace_back(std::monostate());
            db.Query(explain, values, [&](const sql::Row& row) { plan += std::string(row.Text(3)) + ';'; });
        });
        return plan;
    };
    using Field = UserFilter::Field;
    EXPECT_EQ(plan_of({}), "SEARCH users USING INDEX sqlite_autoindex_users_1 (pool_id=? AND user_id>?);");
    EXPECT_EQ(plan_of({Field::kEmail, false, "a"}),
              "SEARCH users USING INDEX users_by_email (pool_id=? AND email=? AND user_id>?);");
    EXPECT_EQ(plan_of({Field::kEmail, true, "a"}),
              "SEARCH users USING INDEX users_by_email (pool_id=? AND (email,user_id)>(?,?) AND email<?);");
    EXPECT_EQ(plan_of({Field::kUserStatus, false, "CONFIRMED"}),
              "SEARCH users USING INDEX users_by_status (pool_id=? AND status=? AND (created_at,user_id)>(?,?));");
    EXPECT_EQ(plan_of({Field::kEnabled, false, "Disabled"}),
              "SEARCH users USING INDEX users_by_enabled (pool_id=? AND enabled=? AND (created_at,user_id)>(?,?));");
}

// ---- distribution ----------------------------------------------------------------------------

// The column by which each table can be distributed: users and what hangs on a user by the user, aliases by the alias.
const std::map<std::string, std::string> kDistributionColumns = {{"access_keys", "access_key_id"},
                                                                 {"aliases", "alias_key"},
                                                                 {"attempts", "attempt_key"},
                                                                 {"clients", "client_id"},
                                                                 {"codes", "user_id"},
                                                                 {"configuration", "id"},
                                                                 {"consumed_sessions", "user_id"},
                                                                 {"credentials", "user_id"},
                                                                 {"data_keys", "pool_id"},
                                                                 {"deleted_groups", "group_id"},
                                                                 {"deleted_pools", "pool_id"},
                                                                 {"leases", "name"},
                                                                 {"members", "group_id"},
                                                                 {"memberships", "user_id"},
                                                                 {"once_values", "name"},
                                                                 {"password_history", "user_id"},
                                                                 {"pool_users", "pool_id"},
                                                                 {"pools", "pool_id"},
                                                                 {"reserve_keys", "kid"},
                                                                 {"revoked_sign_ins", "user_id"},
                                                                 {"schema_version", "number"},
                                                                 {"signing_keys", "pool_id"},
                                                                 {"token_families", "user_id"},
                                                                 {"user_groups", "pool_id"},
                                                                 {"users", "user_id"}};

class PostgresPlans : public testing::Test {
 protected:
    ~PostgresPlans() override { test::SharedCluster().GiveBack(url_); }
    // Runs it and returns the statements that it ran.
    std::set<std::string> Watched(void (*run)(Store&)) {
        std::mutex mutex;
        std::set<std::string> statements;
        const auto store =
            OpenPostgres({.url = url_, .wrap = test::Watch([&](test::Call call, std::string_view text) {
                                           const std::lock_guard lock(mutex);
                                           if (call == test::Call::kQuery || call == test::Call::kExecute)
                                               statements.emplace(text);
                                       })});
        run(*store);
        return statements;
    }
    // The plan that serves every value, a line each.
    std::vector<std::string> Explain(const std::string& statement) {
        postgres::Connection db({.url = url_});
        db.Script("PREPARE one AS " + statement);
        std::string execute = "EXPLAIN EXECUTE one";
        for (int n = 1; statement.find("$" + std::to_string(n)) != std::string::npos; ++n)
            execute += n == 1 ? "(NULL" : ", NULL";
        if (execute.ends_with("NULL")) execute += ')';
        std::vector<std::string> lines;
        db.Query(execute, {}, [&](const sql::Row& row) { lines.emplace_back(row.Text(0)); });
        return lines;
    }
    const std::string url_ = test::SharedCluster().TakeDatabase();
};

std::string Joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + '\n';
    return text;
}

TEST_F(PostgresPlans, NoStatementWalksATableOrSorts) {
    const auto statements = Watched(RunEverything);
    EXPECT_GT(statements.size(), 100u);
    for (const std::string& statement : statements) {
        if (MayWalk(statement)) continue;
        const std::string plan = Joined(Explain(statement));
        EXPECT_EQ(plan.find("Seq Scan"), std::string::npos) << statement << '\n' << plan;
        EXPECT_EQ(plan.find("Sort"), std::string::npos) << statement << '\n' << plan;
    }
}

TEST_F(PostgresPlans, EachUniqueIndexStartsWithTheColumnOfDistribution) {
    postgres::Connection db({.url = url_});
    std::map<std::string, int> indexes;
    Query(db,
          "SELECT CAST(t.relname AS TEXT), CAST(i.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_index x "
          "JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid "
          "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0] "
          "WHERE x.indisunique AND t.relnamespace = CAST('public' AS regnamespace)",
          {}, [&](const sql::Row& row) {
              const std::string table(row.Text(0));
              ++indexes[table];
              ASSERT_TRUE(kDistributionColumns.contains(table)) << table;
              EXPECT_EQ(row.Text(2), kDistributionColumns.at(table)) << row.Text(1);
          });
    EXPECT_EQ(indexes.size(), kDistributionColumns.size());
    std::int64_t tables = 0;
    Query(db, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'", {},
          [&](const sql::Row& row) { tables = row.Whole(0); });
    EXPECT_EQ(tables, static_cast<std::int64_t>(kDistributionColumns.size())) << "each has a primary key";
}

// What a sign-up, a sign-in and a refresh ask of the store.
void SignUpInAndRefresh(Store& store) {
    const PoolId pool = kPool;
    User alice = TestUser(1, "alice");
    const UserId user = alice.id;
    const Alias names[] = {{AliasKind::kUsername, "alice"}};
    store.Transact([&](sql::Connection& db) {
        AddUser(db, alice, TestCredential(user), names);
        PutCode(db, pool, {.user_id = user, .mac = "mac"});
        CountCodeFailure(db, pool, user, CodePurpose::kSignUp);
        ConsumeCode(db, pool, {.user_id = user, .mac = "mac"});
        const Alias email[] = {{AliasKind::kEmail, "a@example.com"}};
        UpdateUser(db, alice, email);
        UpdateUser(db, alice);
        PutAttempts(db, pool, "key", {}, kNow);
        RemoveAttempts(db, pool, "key");
        ConsumeSession(db, pool, user, "id", kNow);
        AdvanceFamily(db, pool, user, "jti", 0, kNow, kNow);
        AdvanceFamily(db, pool, user, "jti", 1, kNow, kNow);
        RevokeSignIn(db, pool, user, "jti", kNow);
    });
    store.Read([&](sql::Connection& db) {
        FindPool(db, pool);
        FindClient(db, ClientId("one"));
        FindAlias(db, pool, "alice");
        FindUser(db, pool, user);
        FindCode(db, pool, user, CodePurpose::kSignUp);
        FindAttempts(db, pool, "key");
        FindForSignIn(db, pool, user);
        FindForToken(db, pool, user, "jti", true);
        FindForToken(db, pool, user, "jti", false);
    });
}

// So that a cluster asks one of its nodes, and that node one place of an index.
TEST_F(PostgresPlans, WhatASignInAsksNamesTheColumnOfDistribution) {
    const auto statements = Watched(SignUpInAndRefresh);
    EXPECT_GT(statements.size(), 20u);
    for (const std::string& statement : statements) {
        const auto lines = Explain(statement);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto scan = lines[i].find("Scan");
            if (scan == std::string::npos) continue;
            const auto on = lines[i].find(" on ", scan) + 4;
            const std::string table = lines[i].substr(on, lines[i].find(' ', on) - on);
            ASSERT_TRUE(kDistributionColumns.contains(table)) << Joined(lines);
            const std::string wanted = "(" + kDistributionColumns.at(table) + " = ";
            EXPECT_TRUE(i + 1 < lines.size() && lines[i + 1].find("Index Cond") != std::string::npos &&
                        lines[i + 1].find(wanted) != std::string::npos)
                << statement << '\n'
                << Joined(lines);
        }
    }
}

}  // namespace

}  // namespace cardea
