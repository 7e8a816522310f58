// Migrations on every engine: an empty database, each schema that was released, one from the future, and a step that
// fails.
#include "store/migrations.h"

#include <fstream>
#include <sstream>

#include "store/attempts.h"
#include "store/codes.h"
#include "store/keys.h"
#include "store/leases.h"
#include "store/postgres/connection.h"
#include "store/sessions.h"
#include "store/sqlite/connection.h"
#include "store/sweeps.h"
#include "support/postgres_cluster.h"
#include "unit/store/backend.h"

namespace cardea {

namespace {

std::string ReadFile(const std::string& path) {
    const std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(Migrations, TheirNumbersCountFromOne) {
    int number = 0;
    for (const Migration& step : Migrations()) {
        EXPECT_EQ(step.number, ++number);
        EXPECT_FALSE(step.name.empty());
    }
}

TEST(Migrations, AScriptIsWrittenInTheWordsOfADialect) {
    EXPECT_EQ(Translate("a {text}, b {blob}){clustered};", sqlite::kDialect), "a TEXT, b BLOB) WITHOUT ROWID;");
    EXPECT_EQ(Translate("{text}{blob}{clustered}{users_key}", postgres::kDialect),
              "TEXT COLLATE \"C\"BYTEAPRIMARY KEY (user_id, pool_id)");
    EXPECT_EQ(Translate("", postgres::kDialect), "");
}

// An engine by name, with a database that is empty.
class MigrationsOn : public testing::TestWithParam<std::string> {
 protected:
    MigrationsOn() {
        if (IsPostgres()) url_ = test::SharedCluster().CreateEmptyDatabase();
    }
    static bool IsPostgres() { return GetParam() == "Postgres"; }
    static const Dialect& Words() { return IsPostgres() ? postgres::kDialect : sqlite::kDialect; }
    std::unique_ptr<sql::Connection> Raw(const std::string& name = "cardea.db") {
        if (IsPostgres())
            return std::make_unique<postgres::Connection>(
                postgres::ConnectionOptions{.url = url_, .writes_alone = true});
        return std::make_unique<sqlite::Connection>(sqlite::ConnectionOptions{.path = folder_ / name});
    }
    std::unique_ptr<Store> Open() {
        if (IsPostgres()) return OpenPostgres({.url = url_});
        return OpenSqlite({.path = folder_ / "cardea.db", .cache_bytes = 8 << 20});
    }
    static std::string Fixture(int schema) {
        return ReadFile(std::string(CARDEA_SOURCE_DIR) + "/tests/unit/store/fixtures/schema_" + std::to_string(schema) +
                        (IsPostgres() ? "_postgres" : "") + ".sql");
    }
    static std::vector<std::string> Column(sql::Connection& db, const std::string& statement) {
        std::vector<std::string> values;
        Query(db, statement, {}, [&](const sql::Row& row) { values.emplace_back(row.Text(0)); });
        return values;
    }
    static std::vector<std::string> Tables(sql::Connection& db) {
        return Column(db, IsPostgres() ? "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public' "
                                         "ORDER BY 1"
                                       : "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1");
    }
    // What the schema is made of, a line each.
    static std::vector<std::string> Schema(sql::Connection& db) {
        if (!IsPostgres()) return Column(db, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
        auto lines =
            Column(db,
                   "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || "
                   "COALESCE(collation_name, '') || ' ' || COALESCE(column_default, '') "
                   "FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1");
        for (std::string& line : Column(db, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"))
            lines.push_back(std::move(line));
        return lines;
    }
    const TemporaryFolder folder_;
    std::string url_;
};
INSTANTIATE_TEST_SUITE_P(Every, MigrationsOn, testing::Values("Sqlite", "Postgres"),
                         [](const auto& each) { return each.param; });

TEST_P(MigrationsOn, ADatabaseOfANewerProgramIsRefused) {
    Open();
    Execute(*Raw(), "INSERT INTO schema_version (number, name) VALUES (1000, 'from the future')", {});
    try {
        Open();
        FAIL();
    } catch (const sql::DatabaseError& e) {
        EXPECT_NE(std::string(e.what()).find("newer version of Cardea"), std::string::npos) << e.what();
    }
}

TEST_P(MigrationsOn, AStepThatFailsIsNotTaken) {
    {
        const auto db = Raw();
        db->Script("CREATE TABLE users (mine TEXT)");
        EXPECT_THROW(Migrate(*db, Words()), sql::DatabaseError);
        EXPECT_EQ(Tables(*db), (std::vector<std::string>{"schema_version", "users"}));
        db->Script("DROP TABLE users");
    }
    EXPECT_TRUE(Open()->IsReady());
}

// A database as each released schema left it, with rows of every table, is brought up to date and read.
TEST_P(MigrationsOn, EachSchemaThatWasReleasedIsBroughtUpToDate) {
    for (int schema = 1; schema <= Migrations().back().number; ++schema) {
        if (IsPostgres())
            url_ = test::SharedCluster().CreateEmptyDatabase();
        else
            std::filesystem::remove(folder_ / "cardea.db");
        Raw()->Script(Fixture(schema));
        const auto store = Open();
        store->Read([&](sql::Connection& db) {
            EXPECT_EQ(FindPool(db, kPool)->value.name, "people");
            EXPECT_EQ(FindClient(db, ClientId("one"))->value.pool_id, kPool);
            EXPECT_EQ(FindAlias(db, kPool, "alice")->user_id, TestUserId(1));
            const auto record = FindForSignIn(db, kPool, TestUserId(1));
            EXPECT_EQ(record->user.attributes, TestUser(1, "alice").attributes);
            EXPECT_EQ(record->credential->salt, TestCredential(TestUserId(1)).salt);
            ASSERT_EQ(record->groups.size(), 1u);
            EXPECT_EQ(record->groups[0].description, "it's");
            EXPECT_EQ(FindForToken(db, kPool, TestUserId(1), "jti", false)->generation, 1);
            EXPECT_TRUE(FindForToken(db, kPool, TestUserId(1), "revoked", false)->revoked);
            EXPECT_EQ(ListUsers(db, kPool, {UserFilter::Field::kEmail, true, "alice@"}, {}, 60).items.size(), 1u);
            EXPECT_EQ(ListMembers(db, TestGroup("staff"), {}, 60).items.size(), 1u);
            EXPECT_EQ(ListPasswordHistory(db, kPool, TestUserId(1), 24).size(), 1u);
            EXPECT_EQ(FindCode(db, kPool, TestUserId(1), CodePurpose::kSignUp)->mac, std::string("\0mac", 4));
            EXPECT_EQ(FindAttempts(db, kPool, "key")->count, 1);
            EXPECT_EQ(ListSigningKeys(db, kPool).size(), 1u);
            EXPECT_EQ(ListDataKeys(db, kPool).size(), 1u);
            EXPECT_EQ(CountReserveKeys(db), 1);
            EXPECT_TRUE(FindAccessKey(db, "AKIA"));
            EXPECT_EQ(CountUsers(db, kPool), 1);
        });
        store->Transact([&](sql::Connection& db) {
            EXPECT_FALSE(ConsumeSession(db, kPool, TestUserId(1), "session", kNow));
            EXPECT_EQ(PutOnce(db, "name", "other"), "value");
            EXPECT_TRUE(HoldLease(db, "job", "other", kNow + std::chrono::seconds(1), std::chrono::seconds(1)));
            EXPECT_GT(SweepDeletedPools(db, kNow, 100), 0);
            EXPECT_GT(SweepDeletedGroups(db, kNow, 100), 0);
        });
    }
}

// Rows of every table.
void WriteFixture(Store& store) {
    const PoolId gone("eu-west-1_Gone");
    PutUser(store, 1, "alice");
    PutUser(store, 2, "bob", gone);
    store.Transact([&](sql::Connection& db) {
        const UserId alice = TestUserId(1);
        AddPool(db, TestPool());
        AddPool(db, TestPool(gone));
        DeletePool(db, gone);
        AddClient(db, TestClient("one"));
        Group staff = TestGroup("staff");
        staff.description = "it's";
        for (const Group& group : {staff, TestGroup("gone")}) {
            AddGroup(db, group);
            AddMember(db, group, alice, kNow);
        }
        DeleteGroup(db, kPool, "gone");
        AddPasswordHistory(db, kPool, TestCredential(alice), 3);
        PutCode(db, kPool, {.user_id = alice, .mac = std::string("\0mac", 4), .expires_at = kNow});
        PutAttempts(db, kPool, "key", {.count = 1, .first = kNow, .last = kNow}, kNow);
        ConsumeSession(db, kPool, alice, "session", kNow);
        AdvanceFamily(db, kPool, alice, "jti", 0, kNow, kNow);
        RevokeSignIn(db, kPool, alice, "revoked", kNow);
        AddDataKey(db, {.pool_id = kPool, .wrapped = std::string("\0w", 2)});
        AddSigningKey(db, kPool, {"kid", KeyUse::kIdToken, "n", "s", kNow});
        AddReserveKey(db, {"reserve", KeyUse::kAccessToken, "n", "s", kNow});
        AddAccessKey(db, {"AKIA", "s", kNow});
        PutOnce(db, "name", "value");
        HoldLease(db, "job", "holder", kNow, std::chrono::seconds(1));
    });
}

// CARDEA_FIXTURE names the file to make when a migration was appended: `sqlite3 PATH .dump` makes the fixture of it.
// PostgreSQL's is the script of the steps in its words, and the same rows ('\\x…' where SQLite's have X'…').
TEST_P(MigrationsOn, TheNewestFixtureHasTheNewestSchemaAndRowsOfEveryTable) {
    const char* wanted = std::getenv("CARDEA_FIXTURE");
    if (wanted) WriteFixture(*OpenSqlite({.path = wanted}));
    const auto describe = [](sql::Connection& db) {
        std::vector<std::string> lines = Schema(db);
        for (const std::string& table : Tables(db)) {
            const std::string statement = "SELECT COUNT(*) FROM " + table;
            Query(db, statement, {}, [&](const sql::Row& row) {
                EXPECT_GT(row.Whole(0), 0) << table;
                lines.push_back(table + ' ' + std::to_string(row.Whole(0)));
            });
        }
        return lines;
    };
    WriteFixture(*Open());
    const auto fresh = describe(*Raw());
    if (IsPostgres()) url_ = test::SharedCluster().CreateEmptyDatabase();
    Raw("fixture.db")->Script(Fixture(Migrations().back().number));
    EXPECT_EQ(describe(*Raw("fixture.db")), fresh);
}

}  // namespace

}  // namespace cardea
