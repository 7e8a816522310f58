// What is SQLite's own: the file, its lock, migrations, and the driver below the store.
#include <fstream>
#include <limits>
#include <sstream>
#include <sys/stat.h>
#include <thread>

#include "store/attempts.h"
#include "store/codes.h"
#include "store/keys.h"
#include "store/migrations.h"
#include "store/sessions.h"
#include "store/sqlite/connection.h"
#include "unit/store/backend.h"

namespace cardea {

namespace {

std::unique_ptr<Store> OpenAt(const std::string& path) { return OpenSqlite({.path = path, .cache_bytes = 8 << 20}); }

std::string ReadFile(const std::string& path) {
    const std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

unsigned ModeOf(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777u;
}

TEST(SqliteFile, OnlyItsOwnerCanReadIt) {
    const TemporaryFolder folder;
    const auto store = OpenAt(folder / "cardea.db");
    PutUser(*store, 1, "alice");
    for (const std::string name : {"cardea.db", "cardea.db-wal", "cardea.db.lock"})
        EXPECT_EQ(ModeOf(folder / name), 0600u) << name;
}

TEST(SqliteFile, ASecondStoreIsRefusedWhileTheFirstHasIt) {
    const TemporaryFolder folder;
    auto store = OpenAt(folder / "cardea.db");
    try {
        OpenAt(folder / "cardea.db");
        FAIL();
    } catch (const sql::DatabaseError& e) {
        EXPECT_NE(std::string(e.what()).find("another process has the database open"), std::string::npos) << e.what();
    }
    PutUser(*store, 1, "alice");
    store.reset();
    EXPECT_EQ(CountRows(*OpenAt(folder / "cardea.db"), "users"), 1);
}

TEST(SqliteFile, AFolderThatIsNotThereIsAnError) {
    const TemporaryFolder folder;
    EXPECT_THROW(OpenAt(folder / "nowhere/cardea.db"), sql::DatabaseError);
}

TEST(SqliteFile, AFileThatIsNoDatabaseIsAnErrorAndStaysAsItWas) {
    const TemporaryFolder folder;
    const std::string text(5000, 'x');
    std::ofstream(folder / "cardea.db") << text;
    EXPECT_THROW(OpenAt(folder / "cardea.db"), sql::DatabaseError);
    EXPECT_EQ(ReadFile(folder / "cardea.db"), text);
}

TEST(SqliteFile, ClosingItLeavesNoLog) {
    const TemporaryFolder folder;
    auto store = OpenAt(folder / "cardea.db");
    PutUser(*store, 1, "alice");
    store.reset();
    EXPECT_FALSE(std::filesystem::exists(folder / "cardea.db-wal"));
}

TEST(SqliteFile, TheLogStaysShortUnderReadersAndWriters) {
    const TemporaryFolder folder;
    auto store = OpenSqlite({.path = folder / "cardea.db", .cache_bytes = 8 << 20, .checkpoint_pages = 50});
    std::atomic<bool> stop = false;
    std::vector<std::thread> readers;
    for (int t = 0; t < 3; ++t)
        readers.emplace_back([&] {
            while (!stop) store->Read([](sql::Connection& db) { return FindAlias(db, kPool, "u7"); });
        });
    std::uintmax_t longest = 0;
    for (int n = 0; n < 300; ++n) {
        PutUser(*store, n, "u" + std::to_string(n));
        longest = std::max(longest, std::filesystem::file_size(folder / "cardea.db-wal"));
    }
    stop = true;
    for (std::thread& reader : readers) reader.join();
    EXPECT_GT(longest, 40u * 4096) << "the log was in use";
    EXPECT_LT(longest, 1000u * 4096) << "300 sign-ups write some 3000 pages";
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
    const Dialect other{.text = "TEXT COLLATE \"C\"", .blob = "BYTEA", .clustered = ""};
    EXPECT_EQ(Translate("{text}{blob}{clustered}{users_key}", other),
              "TEXT COLLATE \"C\"BYTEAPRIMARY KEY (user_id, pool_id)");
    EXPECT_EQ(Translate("", other), "");
}

TEST(Migrations, ADatabaseOfANewerProgramIsRefused) {
    const TemporaryFolder folder;
    OpenAt(folder / "cardea.db");
    {
        sqlite::Connection db({.path = folder / "cardea.db"});
        Execute(db, "INSERT INTO schema_version (number, name) VALUES (1000, 'from the future')", {});
    }
    try {
        OpenAt(folder / "cardea.db");
        FAIL();
    } catch (const sql::DatabaseError& e) {
        EXPECT_NE(std::string(e.what()).find("newer version of Cardea"), std::string::npos) << e.what();
    }
}

TEST(Migrations, AStepThatFailsIsNotTaken) {
    const TemporaryFolder folder;
    {
        sqlite::Connection db({.path = folder / "cardea.db"});
        db.Script("CREATE TABLE users (mine TEXT)");
        EXPECT_THROW(Migrate(db, sqlite::kDialect), sql::DatabaseError);
        std::int64_t tables = 0;
        Query(db, "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table'", {},
              [&](const sql::Row& row) { tables = row.Whole(0); });
        EXPECT_EQ(tables, 2) << "users and schema_version";
        db.Script("DROP TABLE users");
    }
    EXPECT_TRUE(OpenAt(folder / "cardea.db")->IsReady());
}

// A database as each released schema left it, with rows of every table, is brought up to date and read.
TEST(Migrations, EachSchemaThatWasReleasedIsBroughtUpToDate) {
    for (const std::string schema : {"schema_1"}) {
        const TemporaryFolder folder;
        {
            sqlite::Connection db({.path = folder / "cardea.db"});
            db.Script(ReadFile(std::string(CARDEA_SOURCE_DIR) + "/tests/unit/store/fixtures/" + schema + ".sql"));
        }
        const auto store = OpenAt(folder / "cardea.db");
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
            EXPECT_GT(SweepDeletedPools(db, 100), 0);
            EXPECT_GT(SweepDeletedGroups(db, 100), 0);
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
    });
}

// CARDEA_FIXTURE names the database to make when a migration was appended; `sqlite3 PATH .dump` makes the fixture of
// it.
TEST(Migrations, TheNewestFixtureHasTheNewestSchemaAndRowsOfEveryTable) {
    const TemporaryFolder folder;
    const char* wanted = std::getenv("CARDEA_FIXTURE");
    const std::string path = wanted ? wanted : folder / "cardea.db";
    WriteFixture(*OpenAt(path));
    sqlite::Connection fresh({.path = path});
    sqlite::Connection fixture({.path = folder / "fixture.db"});
    fixture.Script(ReadFile(std::string(CARDEA_SOURCE_DIR) + "/tests/unit/store/fixtures/schema_1.sql"));
    const auto describe = [](sql::Connection& db) {
        std::string text;
        std::vector<std::string> tables;
        Query(db, "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name", {},
              [&](const sql::Row& row) {
                  text += std::string(row.Text(2)) + '\n';
                  if (row.Text(0) == "table") tables.emplace_back(row.Text(1));
              });
        for (const std::string& table : tables) {
            const std::string statement = "SELECT COUNT(*) FROM " + table;
            Query(db, statement, {}, [&](const sql::Row& row) {
                EXPECT_GT(row.Whole(0), 0) << table;
                text += table + ' ' + std::to_string(row.Whole(0)) + '\n';
            });
        }
        return text;
    };
    EXPECT_EQ(describe(fixture), describe(fresh));
}

class SqliteConnection : public testing::Test {
 protected:
    SqliteConnection() : db_({.path = folder_ / "driver.db"}) {
        db_.Script("CREATE TABLE t (id BIGINT PRIMARY KEY, words TEXT, bytes BLOB)");
    }
    TemporaryFolder folder_;
    sqlite::Connection db_;
};

TEST_F(SqliteConnection, ValuesComeBackAsTheyWentIn) {
    const std::string nul("a\0b", 3);
    const std::string bytes("\0\xff\x80", 3);
    Execute(db_, "INSERT INTO t VALUES ($1, $2, $3)", {std::int64_t{1}, nul, sql::Bytes{bytes}});
    Execute(db_, "INSERT INTO t VALUES ($1, $2, $3)",
            {std::numeric_limits<std::int64_t>::min(), std::string_view(), sql::Bytes{std::string_view()}});
    Execute(db_, "INSERT INTO t VALUES ($1, $2, $3)",
            {std::numeric_limits<std::int64_t>::max(), std::monostate(), std::monostate()});
    int rows = 0;
    Query(db_, "SELECT id, words, bytes FROM t ORDER BY id", {}, [&](const sql::Row& row) {
        ++rows;
        if (rows == 1) {
            EXPECT_EQ(row.Whole(0), std::numeric_limits<std::int64_t>::min());
            EXPECT_FALSE(row.IsNull(1)) << "empty is not null";
            EXPECT_FALSE(row.IsNull(2));
            EXPECT_EQ(row.Text(1), "");
            EXPECT_EQ(row.Blob(2), "");
        } else if (rows == 2) {
            EXPECT_EQ(row.Text(1), nul);
            EXPECT_EQ(row.Blob(2), bytes);
        } else {
            EXPECT_EQ(row.Whole(0), std::numeric_limits<std::int64_t>::max());
            EXPECT_TRUE(row.IsNull(1));
            EXPECT_EQ(row.Text(1), "");
            EXPECT_EQ(row.Blob(2), "");
            EXPECT_EQ(row.Whole(1), 0);
        }
    });
    EXPECT_EQ(rows, 3);
}

TEST_F(SqliteConnection, ExecuteCountsTheRowsItChanged) {
    EXPECT_EQ(Execute(db_, "INSERT INTO t (id) VALUES (1), (2), (3)", {}), 3);
    EXPECT_EQ(Execute(db_, "INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO NOTHING", {}), 0);
    EXPECT_EQ(Execute(db_, "UPDATE t SET words = 'x' WHERE id > 1", {}), 2);
    EXPECT_EQ(Execute(db_, "DELETE FROM t WHERE id = 9", {}), 0);
    EXPECT_EQ(Execute(db_, "DELETE FROM t", {}), 3);
}

TEST_F(SqliteConnection, ATextThatStandsWhereAnotherStoodIsAnotherStatement) {
    std::string text = "SELECT 1";
    std::int64_t found = 0;
    const auto run = [&] { Query(db_, text, {}, [&](const sql::Row& row) { found = row.Whole(0); }); };
    run();
    EXPECT_EQ(found, 1);
    text.back() = '2';
    run();
    EXPECT_EQ(found, 2);
}

TEST_F(SqliteConnection, LoadAppendsRowsAndStopsAtAConflict) {
    const std::string_view columns[] = {"id", "words"};
    std::int64_t next = 0;
    std::string words;
    const auto row = [&](std::span<sql::Value> values) {
        if (next == 5) return false;
        words = "w" + std::to_string(next);
        values[0] = next++;
        values[1] = words;
        return true;
    };
    db_.Load("t", columns, row);
    std::string seen;
    Query(db_, "SELECT words FROM t ORDER BY id", {}, [&](const sql::Row& each) { seen += each.Text(0); });
    EXPECT_EQ(seen, "w0w1w2w3w4");
    next = 4;
    EXPECT_THROW(db_.Load("t", columns, row), sql::DatabaseError);
}

TEST_F(SqliteConnection, AnErrorSaysWhichStatementAndNoValue) {
    Execute(db_, "INSERT INTO t (id, words) VALUES (1, 'x')", {});
    try {
        Execute(db_, "INSERT INTO t (id, words) VALUES ($1, $2)", {std::int64_t{1}, std::string_view("secret")});
        FAIL();
    } catch (const sql::DatabaseError& e) {
        const std::string what = e.what();
        EXPECT_NE(what.find("UNIQUE"), std::string::npos) << what;
        EXPECT_NE(what.find("INSERT INTO t"), std::string::npos) << what;
        EXPECT_EQ(what.find("secret"), std::string::npos) << what;
    }
}

TEST_F(SqliteConnection, AQueryThatRunsTooLongEnds) {
    sqlite::Connection reader(
        {.path = folder_ / "driver.db", .read_only = true, .longest_query = std::chrono::milliseconds(20)});
    const std::string_view endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n";
    EXPECT_THROW(Query(reader, endless, {}, [](const sql::Row&) {}), sql::DatabaseError);
    int rows = 0;
    Query(reader, "SELECT 1", {}, [&](const sql::Row&) { ++rows; });
    EXPECT_EQ(rows, 1);
}

TEST_F(SqliteConnection, RollbackWithoutATransactionDoesNothing) {
    db_.Rollback();
    db_.Begin();
    Execute(db_, "INSERT INTO t (id) VALUES (1)", {});
    db_.Rollback();
    db_.Rollback();
    std::int64_t rows = -1;
    Query(db_, "SELECT COUNT(*) FROM t", {}, [&](const sql::Row& row) { rows = row.Whole(0); });
    EXPECT_EQ(rows, 0);
}

// What a savepoint must be able to undo is more than SQLite keeps in memory: it goes to a file and comes back.
TEST_F(SqliteConnection, AnInnerTransactionOfManyPagesIsRolledBack) {
    const std::string big(3000, 'x');
    db_.Begin();
    for (std::int64_t i = 0; i < 500; ++i) Execute(db_, "INSERT INTO t (id, words) VALUES ($1, $2)", {i, big});
    db_.Commit();
    db_.Begin();
    db_.Begin();
    EXPECT_EQ(Execute(db_, "UPDATE t SET words = 'small'", {}), 500);
    db_.Rollback();
    db_.Commit();
    std::int64_t length = 0;
    Query(db_, "SELECT SUM(LENGTH(words)) FROM t", {}, [&](const sql::Row& row) { length = row.Whole(0); });
    EXPECT_EQ(length, 500 * 3000);
}

}  // namespace

}  // namespace cardea
