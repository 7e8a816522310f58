// What is PostgreSQL's own: the driver below the store, conflicts between processes, and a server that goes away.
#include <array>
#include <atomic>
#include <limits>
#include <thread>

#include "store/postgres/connection.h"
#include "store/postgres/text.h"
#include "store/sessions.h"
#include "support/postgres_cluster.h"
#include "unit/store/backend.h"

namespace cardea {

namespace {

using test::SharedCluster;

// Strings of every kind that a text may be, in the order of their bytes.
const std::string kOddTexts[] = {"",
                                 std::string("\0", 1),
                                 std::string("\0\0", 2),
                                 std::string("\0a", 2),
                                 "\x01",
                                 std::string("\x01\0", 2),
                                 "\x01"
                                 "0",
                                 "\x02",
                                 "'",
                                 "a",
                                 std::string("a\0b", 3),
                                 "a\x01",
                                 "a\x01z",
                                 "ab",
                                 "\xC3\xA6",
                                 "\xED\x9F\xBF",
                                 "\xEE\x80\x80",
                                 "\xF0\x9F\x98\x80",
                                 "\xF4\x8F\xBF\xBF",
                                 "\xF4\x8F\xBF\xBF"
                                 "0"};

TEST(PostgresText, AnyTextComesBackAndInItsOrder) {
    std::string last;
    for (const std::string& text : kOddTexts) {
        const std::string stored = postgres::NeedsEscape(text) ? postgres::Escape(text) : text;
        EXPECT_EQ(stored.find('\0'), std::string::npos);
        EXPECT_EQ(postgres::IsEscaped(stored) ? postgres::Unescape(stored) : stored, text);
        EXPECT_TRUE(text.empty() || last < stored) << testing::PrintToString(text);
        last = stored;
    }
    for (const std::string text : {"\xFF", "\x80", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\xE2\x82",
                                   "\xE0\x80\x80", "\xF0\x80\x80\x80"}) {
        EXPECT_TRUE(postgres::NeedsEscape(text)) << testing::PrintToString(text);
        EXPECT_FALSE(postgres::NeedsEscape("x" + postgres::Escape(text)) &&
                     !postgres::IsEscaped(postgres::Escape(text)));
        EXPECT_EQ(postgres::Unescape(postgres::Escape(text)), text);
    }
}

class PostgresConnection : public testing::Test {
 protected:
    PostgresConnection() : db_({.url = url_, .writes_alone = true}) {
        db_.Script("CREATE TABLE t (id BIGINT PRIMARY KEY, words TEXT COLLATE \"C\", bytes BYTEA)");
    }
    std::int64_t Count() {
        std::int64_t count = -1;
        Query(db_, "SELECT COUNT(*) FROM t", {}, [&](const sql::Row& row) { count = row.Whole(0); });
        return count;
    }
    static sql::Refusal KindOf(FunctionRef<void()> run) {
        try {
            run();
        } catch (const sql::DatabaseError& e) {
            return e.Kind();
        }
        ADD_FAILURE() << "nothing was thrown";
        return sql::Refusal::kFailed;
    }
    const std::string url_ = SharedCluster().CreateEmptyDatabase();
    postgres::Connection db_;
};

TEST_F(PostgresConnection, ValuesComeBackAsTheyWentIn) {
    std::int64_t id = 0;
    for (const std::string& text : kOddTexts) {
        Execute(db_, "INSERT INTO t (id, words, bytes) VALUES ($1, $2, $3)", {++id, text, sql::Bytes{text}});
        int rows = 0;
        Query(db_, "SELECT words, bytes FROM t WHERE words = $1", {text}, [&](const sql::Row& row) {
            ++rows;
            EXPECT_EQ(row.Text(0), text);
            EXPECT_EQ(row.Blob(1), text);
            EXPECT_FALSE(row.IsNull(0));
        });
        EXPECT_EQ(rows, 1);
    }
    Query(db_, "SELECT id FROM t ORDER BY words, id", {},
          [&, last = 0](const sql::Row& row) mutable { EXPECT_EQ(row.Whole(0), ++last); });
    for (const std::int64_t whole : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                                     std::numeric_limits<std::int64_t>::max()}) {
        Query(db_, "SELECT CAST($1 AS BIGINT)", {whole}, [&](const sql::Row& row) { EXPECT_EQ(row.Whole(0), whole); });
    }
    const auto nothing = std::monostate();
    Execute(db_, "INSERT INTO t (id, words, bytes) VALUES ($1, $2, $3)", {std::int64_t{1000}, nothing, nothing});
    Query(db_, "SELECT words, bytes, -7 FROM t WHERE id = 1000", {}, [&](const sql::Row& row) {
        EXPECT_TRUE(row.IsNull(0) && row.IsNull(1));
        EXPECT_EQ(row.Text(0), "");
        EXPECT_EQ(row.Blob(1), "");
        EXPECT_EQ(row.Whole(2), -7);
        EXPECT_THROW(row.Text(2), sql::DatabaseError);
    });
    Query(db_, "SELECT id FROM t WHERE words = $1", {"\xFF\xFE"}, [](const sql::Row&) { FAIL(); });
}

TEST_F(PostgresConnection, ExecuteCountsTheRowsItChanged) {
    for (std::int64_t id = 1; id <= 3; ++id)
        EXPECT_EQ(Execute(db_, "INSERT INTO t (id) VALUES ($1) ON CONFLICT DO NOTHING", {id}), 1);
    EXPECT_EQ(Execute(db_, "INSERT INTO t (id) VALUES ($1) ON CONFLICT DO NOTHING", {std::int64_t{1}}), 0);
    EXPECT_EQ(Execute(db_, "UPDATE t SET words = $1 WHERE id > $2", {"x", std::int64_t{1}}), 2);
    EXPECT_EQ(Execute(db_, "DELETE FROM t", {}), 3);
}

TEST_F(PostgresConnection, ATextThatStandsWhereAnotherStoodIsAnotherStatement) {
    std::array<char, 10> text{};
    for (const char digit : {'1', '2', '1'}) {
        const std::string made = std::string("SELECT 0 +") + digit;
        std::copy(made.begin() + 1, made.end(), text.begin());
        std::array<char, 11> whole{};
        std::copy(made.begin(), made.end(), whole.begin());
        static std::array<char, 11> place;
        place = whole;
        std::int64_t got = 0;
        Query(db_, std::string_view(place.data(), place.size()), {}, [&](const sql::Row& row) { got = row.Whole(0); });
        EXPECT_EQ(got, digit - '0');
    }
}

TEST_F(PostgresConnection, LoadAppendsRowsAndStopsAtAConflict) {
    static constexpr std::string_view kColumns[] = {"id", "words", "bytes"};
    const auto load = [&](std::int64_t first, std::int64_t last) {
        std::int64_t id = first;
        const std::string text = std::string(300, 'x') + '\0';
        db_.Load("t", kColumns, [&](std::span<sql::Value> values) {
            if (id > last) return false;
            values[0] = id;
            values[1] = id % 2 ? sql::Value(std::string_view(text)) : sql::Value();
            values[2] = sql::Bytes{text};
            ++id;
            return true;
        });
    };
    load(1, 5000);
    EXPECT_EQ(Count(), 5000);
    Query(db_, "SELECT words, bytes FROM t WHERE id = 4999", {}, [](const sql::Row& row) {
        EXPECT_EQ(row.Text(0), std::string(300, 'x') + '\0');
        EXPECT_EQ(row.Blob(1), row.Text(0));
    });
    load(1, 0);
    EXPECT_THROW(load(5000, 9000), sql::DatabaseError);
    EXPECT_EQ(Count(), 5000);
    db_.Begin();
    load(6000, 6001);
    db_.Rollback();
    EXPECT_EQ(Count(), 5000);
    const auto maker_fails = [&] {
        db_.Load("t", kColumns, [](std::span<sql::Value>) -> bool { throw std::runtime_error("enough"); });
    };
    EXPECT_THROW(maker_fails(), std::runtime_error);
    EXPECT_EQ(Count(), 5000);
    EXPECT_THROW(db_.Load("nowhere", kColumns, [](std::span<sql::Value>) { return false; }), sql::DatabaseError);
    EXPECT_EQ(Count(), 5000);
    EXPECT_TRUE(db_.IsUsable());
}

TEST_F(PostgresConnection, AnErrorSaysWhichStatementAndNoValue) {
    Execute(db_, "INSERT INTO t (id, words) VALUES ($1, $2)", {std::int64_t{7}, "hush"});
    try {
        Execute(db_, "INSERT INTO t (id, words) VALUES ($1, $2)", {std::int64_t{7}, "hush"});
        FAIL();
    } catch (const sql::DatabaseError& e) {
        EXPECT_EQ(
            std::string(e.what()),
            "PostgreSQL: duplicate key value violates unique constraint \"t_pkey\" (23505) in: INSERT INTO t (id, "
            "words) VALUES ($1, $2)");
        EXPECT_EQ(e.Kind(), sql::Refusal::kFailed);
    }
    try {
        Query(db_, "SELECT CAST($1 AS BIGINT)", {"hush"}, [](const sql::Row&) {});
        FAIL();
    } catch (const sql::DatabaseError& e) {
        EXPECT_EQ(std::string(e.what()).find("hush"), std::string::npos) << e.what();
    }
    EXPECT_TRUE(db_.IsUsable());
}

TEST_F(PostgresConnection, TransactionsEndAsTheyShouldWhateverWasSent) {
    db_.Rollback();  // none: nothing
    db_.Begin();
    db_.Begin();
    db_.Commit();
    db_.Commit();
    EXPECT_TRUE(db_.IsUsable());
    db_.Begin();
    db_.Begin();
    Execute(db_, "INSERT INTO t (id) VALUES ($1)", {std::int64_t{1}});
    db_.Begin();
    EXPECT_THROW(Execute(db_, "INSERT INTO t (id) VALUES ($1)", {std::int64_t{1}}), sql::DatabaseError);
    db_.Rollback();
    db_.Begin();
    db_.Rollback();
    db_.Commit();
    db_.Begin();
    Execute(db_, "INSERT INTO t (id) VALUES ($1)", {std::int64_t{2}});
    db_.Begin();
    db_.Commit();
    db_.Rollback();
    db_.Commit();
    EXPECT_EQ(Count(), 1);
    db_.Begin();
    EXPECT_THROW(Execute(db_, "INSERT INTO t (id) VALUES ($1)", {std::int64_t{1}}), sql::DatabaseError);
    EXPECT_THROW(db_.Commit(), sql::DatabaseError) << "a failed transaction commits nothing and must say so";
    EXPECT_TRUE(db_.IsUsable());
}

TEST_F(PostgresConnection, NothingIsWrittenOutsideATransaction) {
    postgres::Connection reader({.url = url_});
    EXPECT_THROW(Execute(reader, "INSERT INTO t (id) VALUES ($1)", {std::int64_t{1}}), sql::DatabaseError);
    reader.Begin();
    Execute(reader, "INSERT INTO t (id) VALUES ($1)", {std::int64_t{1}});
    reader.Commit();
    EXPECT_EQ(Count(), 1);
}

TEST_F(PostgresConnection, AQueryThatRunsTooLongEnds) {
    postgres::Connection quick({.url = url_, .statement_timeout = std::chrono::milliseconds(50)});
    EXPECT_EQ(KindOf([&] { Query(quick, "SELECT pg_sleep(60)", {}, [](const sql::Row&) {}); }), sql::Refusal::kBusy);
    EXPECT_TRUE(quick.IsUsable());
}

TEST_F(PostgresConnection, TwoWritersOfOneRowAreAConflict) {
    Execute(db_, "INSERT INTO t (id) VALUES ($1)", {std::int64_t{1}});
    postgres::Connection other({.url = url_});
    other.Begin();
    Query(other, "SELECT words FROM t WHERE id = 1", {}, [](const sql::Row&) {});
    Execute(db_, "UPDATE t SET words = 'mine' WHERE id = 1", {});
    EXPECT_EQ(KindOf([&] { Execute(other, "UPDATE t SET words = 'yours' WHERE id = 1", {}); }),
              sql::Refusal::kConflict);
    other.Rollback();
    EXPECT_TRUE(other.IsUsable());
}

TEST(PostgresConnect, WhoCannotConnectIsToldWhyAndSoon) {
    const postgres::ConnectionOptions nowhere{.url = "postgresql://nobody@127.0.0.1:1/none"};
    EXPECT_THROW(postgres::Connection{nowhere}, sql::DatabaseError);
    EXPECT_THROW(postgres::Connection({.url = "postgresql://[broken"}), sql::DatabaseError);
    const std::string url = SharedCluster().CreateEmptyDatabase();
    // The first host that answers and takes writes is used.
    const auto host = url.find("host=") + 5;
    const auto port = url.find("&port=");
    const std::string hosts = url.substr(0, host) + "/nowhere,127.0.0.1," + url.substr(host, port - host) +
                              "&port=1,1," + url.substr(port + 6);
    EXPECT_TRUE(postgres::Connection({.url = hosts}).IsUsable());
}

TEST(PostgresConnect, TlsAndScramComeFromTheUrl) {
    const std::string url = SharedCluster().CreateEmptyDatabase();
    postgres::Connection({.url = url, .writes_alone = true}).Script("CREATE ROLE person LOGIN PASSWORD 'hush'");
    postgres::Connection db({.url = SharedCluster().TcpUrl(url, "person", "hush") + "?sslmode=require"});
    std::int64_t encrypted = 0;
    Query(db, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", {},
          [&](const sql::Row& row) { encrypted = row.Whole(0); });
    EXPECT_EQ(encrypted, 1);
    try {
        postgres::Connection({.url = SharedCluster().TcpUrl(url, "person", "wrong")});
        FAIL();
    } catch (const sql::DatabaseError& e) {
        EXPECT_NE(std::string(e.what()).find("password authentication failed"), std::string::npos) << e.what();
        EXPECT_EQ(std::string(e.what()).find("wrong"), std::string::npos) << e.what();
    }
}

// ---- the store -------------------------------------------------------------------------------

class PostgresStore : public testing::Test {
 protected:
    std::unique_ptr<Store> Open(PostgresOptions options = {}) {
        options.url = url_;
        return OpenPostgres(options);
    }
    static bool Consume(sql::Connection& db, const std::string& id) {
        return ConsumeSession(db, kPool, TestUserId(1), id, kNow);
    }
    const std::string url_ = SharedCluster().CreateEmptyDatabase();
};

TEST_F(PostgresStore, ManyThatOpenAnEmptyDatabaseAtOnceMakeOneSchema) {
    std::vector<std::thread> threads;
    std::atomic<int> ready = 0;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            if (Open()->IsReady()) ++ready;
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(ready, 4);
}

TEST_F(PostgresStore, ABodyThatMeetsAConflictRunsAgain) {
    const auto store = Open();
    const auto other = Open();
    PutUser(*store, 1, "alice");
    int runs = 0;
    const Update outcome = store->Transact([&](sql::Connection& db) {
        User user = *FindUser(db, kPool, TestUserId(1));
        if (++runs == 1)
            other->Transact([&](sql::Connection& theirs) {
                User changed = *FindUser(theirs, kPool, TestUserId(1));
                changed.attributes["name"] = "theirs";
                UpdateUser(theirs, changed);
            });
        user.attributes["nickname"] = "mine";
        return UpdateUser(db, user);
    });
    EXPECT_EQ(outcome, Update::kUpdated);
    EXPECT_EQ(runs, 2);
    const auto user = store->Read([](sql::Connection& db) { return FindUser(db, kPool, TestUserId(1)); });
    EXPECT_EQ(user->attributes.at("name"), "theirs");
    EXPECT_EQ(user->attributes.at("nickname"), "mine");
}

TEST_F(PostgresStore, ConflictsWithoutEndAreGivenUp) {
    const auto store = Open({.retry = std::chrono::milliseconds(200)});
    int runs = 0;
    EXPECT_THROW(store->Transact([&](sql::Connection&) {
        ++runs;
        throw sql::DatabaseError("again", sql::Refusal::kConflict);
    }),
                 sql::DatabaseError);
    EXPECT_GT(runs, 2);
    EXPECT_LE(runs, 40);
}

TEST_F(PostgresStore, AConnectionLostBeforeCommitIsBegunAnew) {
    const auto store = Open();
    int runs = 0;
    store->Transact([&](sql::Connection& db) {
        Consume(db, "one");
        if (++runs == 1) Query(db, "SELECT pg_terminate_backend(pg_backend_pid())", {}, [](const sql::Row&) {});
    });
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(CountRows(*store, "consumed_sessions"), 1);
}

TEST_F(PostgresStore, AConnectionLostDuringCommitIsNotBegunAnew) {
    const auto store = Open();
    postgres::Connection({.url = url_, .writes_alone = true})
        .Script(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';"
            "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON consumed_sessions DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION die()");
    int runs = 0;
    try {
        store->Transact([&](sql::Connection& db) {
            ++runs;
            Consume(db, "one");
        });
        FAIL();
    } catch (const sql::DatabaseError& e) {
        EXPECT_EQ(e.Kind(), sql::Refusal::kUnknownOutcome) << e.what();
    }
    EXPECT_EQ(runs, 1);
    EXPECT_TRUE(store->IsReady());
}

TEST_F(PostgresStore, WhoWaitsTooLongForAConnectionIsToldSo) {
    const auto store = Open({.connections = 1, .wait = std::chrono::milliseconds(50)});
    store->Read([&](sql::Connection&) {
        std::thread other([&] {
            try {
                store->Read([](sql::Connection&) {});
                ADD_FAILURE();
            } catch (const sql::DatabaseError& e) {
                EXPECT_EQ(e.Kind(), sql::Refusal::kBusy);
            }
        });
        other.join();
    });
    EXPECT_TRUE(store->IsReady());
}

// A server of its own, which dies as a machine does.
TEST(PostgresServer, WhatWasAcknowledgedSurvivesItsDeathAndServiceGoesOn) {
    test::PostgresCluster cluster;
    const auto store = OpenPostgres({.url = cluster.TakeDatabase()});
    std::atomic<bool> stop = false;
    std::atomic<int> written = 0;
    std::vector<std::vector<int>> acknowledged(4);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int n = t; !stop; n += 4) {
                const User user = TestUser(n, "u" + std::to_string(n));
                const Alias names[] = {{AliasKind::kUsername, user.username}};
                try {
                    store->Transact([&](sql::Connection& db) { AddUser(db, user, TestCredential(user.id), names); });
                    acknowledged[static_cast<std::size_t>(t)].push_back(n);
                    ++written;
                } catch (const sql::DatabaseError&) {
                    // It is down, or died while it committed.
                }
            }
        });
    while (written < 50) std::this_thread::yield();
    cluster.Kill();
    const auto down = std::chrono::steady_clock::now();
    EXPECT_FALSE(store->IsReady());
    EXPECT_LT(std::chrono::steady_clock::now() - down, std::chrono::seconds(5));
    cluster.Start();
    EXPECT_TRUE(store->IsReady());
    for (const int before = written; written < before + 20;) std::this_thread::yield();
    stop = true;
    for (std::thread& thread : threads) thread.join();
    store->Read([&](sql::Connection& db) {
        for (const auto& numbers : acknowledged)
            for (const int n : numbers) EXPECT_TRUE(FindAlias(db, kPool, "u" + std::to_string(n))) << n;
    });
    EXPECT_EQ(store->Read([](sql::Connection& db) { return CountUsers(db, kPool); }), CountRows(*store, "users"));
}

TEST(PostgresServer, OneThatHangsIsGivenUp) {
    test::PostgresCluster cluster;
    const auto store = OpenPostgres({.url = cluster.TakeDatabase(),
                                     .connect_timeout = std::chrono::seconds(2),
                                     .statement_timeout = std::chrono::milliseconds(200)});
    ASSERT_TRUE(store->IsReady());
    cluster.Freeze();
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(store->IsReady());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
    cluster.Thaw();
    EXPECT_TRUE(store->IsReady());
}

}  // namespace

}  // namespace cardea
