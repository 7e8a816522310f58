// What is SQLite's own: the file, its lock, and the driver below the store.
#include <atomic>
#include <fstream>
#include <future>
#include <limits>
#include <mutex>
#include <sstream>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "store/attempts.h"
#include "store/codes.h"
#include "store/keys.h"
#include "store/migrations.h"
#include "store/sessions.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/writer.h"
#include "support/watched_connection.h"
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

TEST(Sqlite, IsReadyWhileItsDiskTakesChanges) {
    const TemporaryFolder folder;
    std::atomic<bool> full{false};
    auto store = OpenSqlite({.path = folder / "cardea.db",
                             .cache_bytes = 8 << 20,
                             .wrap = test::Watch([&](test::Call call, std::string_view) {
                                 if (full && call == test::Call::kCommit) throw sql::DatabaseError("disk full");
                             })});
    EXPECT_TRUE(store->IsReady());
    full = true;
    EXPECT_FALSE(store->IsReady());
    full = false;
    EXPECT_TRUE(store->IsReady());
}

TEST(Backup, IsWholeWhileOthersWrite) {
    const TemporaryFolder folder;
    auto store = OpenAt(folder / "cardea.db");
    for (int i = 1; i <= 50; ++i) PutUser(*store, i, "user" + std::to_string(i));
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (int i = 51; !done && i < 5000; ++i) PutUser(*store, i, "user" + std::to_string(i));
    });
    for (const std::string name : {"one", "two", "three"}) sqlite::BackUp(folder / "cardea.db", folder / name);
    done = true;
    writer.join();
    PutUser(*store, 9999, "afterwards");
    EXPECT_EQ(ModeOf(folder / "one"), 0600u);
    std::int64_t before = 50;
    for (const std::string name : {"one", "two", "three"}) {
        const auto copy = OpenAt(folder / name);
        const std::int64_t users = CountRows(*copy, "users");
        EXPECT_GE(users, before) << name;
        before = users;
        EXPECT_EQ(CountRows(*copy, "aliases"), CountRows(*copy, "users")) << name;
    }
    EXPECT_LT(before, CountRows(*store, "users"));
}

TEST(Backup, LeavesWhatIsThereAlone) {
    const TemporaryFolder folder;
    { const auto store = OpenAt(folder / "cardea.db"); }
    std::ofstream(folder / "precious") << "precious";
    EXPECT_THROW(sqlite::BackUp(folder / "cardea.db", folder / "precious"), sql::DatabaseError);
    EXPECT_EQ(ReadFile(folder / "precious"), "precious");
    EXPECT_THROW(sqlite::BackUp(folder / "cardea.db", folder / "cardea.db"), sql::DatabaseError);
    EXPECT_THROW(sqlite::BackUp(folder / "nothing.db", folder / "copy"), sql::DatabaseError);
    EXPECT_THROW(sqlite::BackUp(folder / "cardea.db", folder / "nowhere/copy"), sql::DatabaseError);
    EXPECT_NE(access((folder / "copy").c_str(), F_OK), 0);
    EXPECT_NE(access((folder / "nothing.db").c_str(), F_OK), 0);
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

TEST(SqliteWriter, WhoStandsInLineTooLongIsToldSo) {
    const TemporaryFolder folder;
    const auto open = [&] {
        auto connection = std::make_unique<sqlite::Connection>(
            sqlite::ConnectionOptions{.path = folder / "cardea.db", .read_only = false});
        sqlite::Connection* native = connection.get();
        return sqlite::Writer::Opened{std::move(connection), native};
    };
    sqlite::Writer writer(open, 1000, std::chrono::milliseconds(20));
    std::promise<void> running;
    std::promise<void> release;
    std::thread hung([&] {
        // What the writer has begun is waited for.
        writer.Run([&](sql::Connection&) {
            running.set_value();
            release.get_future().wait();
        });
    });
    running.get_future().wait();
    bool ran = false;
    try {
        writer.Run([&](sql::Connection&) { ran = true; });
        ADD_FAILURE();
    } catch (const sql::DatabaseError& e) {
        EXPECT_EQ(e.Kind(), sql::Refusal::kBusy);
    }
    release.set_value();
    hung.join();
    writer.Run([](sql::Connection&) {});
    EXPECT_FALSE(ran);
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
