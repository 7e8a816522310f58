// How SQLite runs the statements: by an index, and without sorting. What PostgreSQL does with the same statements is
// its planner's business; the indexes are the same.
#include <mutex>
#include <set>

#include "store/attempts.h"
#include "store/codes.h"
#include "store/keys.h"
#include "store/sessions.h"
#include "store/sqlite/connection.h"
#include "support/watched_connection.h"
#include "unit/store/backend.h"

namespace cardea {

namespace {

// Counts of small tables, and the first rows of an index, which SQLite calls a scan too.
bool MayWalk(const std::string& statement) {
    static const std::set<std::string> kStatements = {
        "SELECT COUNT(*) FROM pools", "SELECT COUNT(*) FROM reserve_keys",
        "SELECT pool_id FROM deleted_pools ORDER BY pool_id LIMIT 100",
        "SELECT kid, key_use, modulus, sealed, created_at FROM reserve_keys ORDER BY created_at, kid LIMIT $1",
        "SELECT group_id, pool_id FROM deleted_groups ORDER BY group_id "
        "LIMIT 100"};
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
        SweepDeletedGroups(db, 100);
        AddUser(db, TestUser(3, "carl"), std::nullopt, {});
        AddGroup(db, TestGroup("left"));
        DeleteClient(db, pool, ClientId("one"));
        RemoveCredential(db, pool, user);
        DeletePool(db, pool);
        SweepDeletedPools(db, 100);
        SweepDeletedPools(db, 100);
        SweepDeletedPools(db, 100);
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

}  // namespace

}  // namespace cardea
