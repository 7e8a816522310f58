// What Read and Transact promise, on every backend; and what a failing driver leaves behind.
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/permits.h"
#include "store/codes.h"
#include "store/keys.h"
#include "store/sessions.h"
#include "store/sweeps.h"
#include "support/watched_connection.h"
#include "unit/store/backend.h"

namespace cardea {

namespace {

using test::Call;
using test::Faults;

const UserId kUser = TestUserId(1);

bool Consume(sql::Connection& db, const std::string& id) { return ConsumeSession(db, kPool, kUser, id, kNow); }

// Where the last change failed, readiness is found out by another one, in the background.
bool IsReadySoon(Store& store) {
    const auto until = Monotonic() + std::chrono::seconds(10);
    while (!store.IsReady()) {
        if (Monotonic() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

class Transactions : public OnEveryBackend {
 protected:
    std::int64_t Sessions() { return CountRows(store(), "consumed_sessions"); }
};
CARDEA_EVERY_BACKEND(Transactions);

TEST_P(Transactions, ABodyThatThrowsLeavesNothingAndItsExceptionReachesItsCaller) {
    struct Mine : std::runtime_error {
        using std::runtime_error::runtime_error;
    };
    try {
        store().Transact([](sql::Connection& db) {
            Consume(db, "one");
            throw Mine("mine");
        });
        FAIL();
    } catch (const Mine& e) {
        EXPECT_STREQ(e.what(), "mine");
    }
    EXPECT_EQ(Sessions(), 0);
    EXPECT_TRUE(store().Transact([](sql::Connection& db) { return Consume(db, "one"); }));
}

TEST_P(Transactions, WhatIsWrittenOutlivesTheStore) {
    PutUser(store(), 1, "alice");
    Reopen();
    EXPECT_TRUE(store().Read([](sql::Connection& db) { return FindAlias(db, kPool, "alice"); }));
    Reopen();
    EXPECT_TRUE(store().IsReady());
    EXPECT_EQ(CountRows(store(), "users"), 1);
}

TEST_P(Transactions, AReaderSeesWhatWasCommittedBeforeItBegan) {
    for (int i = 0; i < 100; ++i) {
        store().Transact([&](sql::Connection& db) { Consume(db, std::to_string(i)); });
        ASSERT_EQ(Sessions(), i + 1);
    }
}

TEST_P(Transactions, AReaderCannotWrite) {
    EXPECT_THROW(store().Read([](sql::Connection& db) { return Consume(db, "one"); }), sql::DatabaseError);
    EXPECT_EQ(Sessions(), 0);
}

TEST_P(Transactions, AnInnerTransactionIsRolledBackAlone) {
    store().Transact([](sql::Connection& db) {
        Consume(db, "outer");
        db.Begin();
        Consume(db, "lost");
        db.Begin();
        Consume(db, "lost too");
        db.Commit();
        db.Rollback();
        db.Begin();
        Consume(db, "kept");
        db.Commit();
    });
    EXPECT_EQ(Sessions(), 2);
    EXPECT_FALSE(store().Transact([](sql::Connection& db) { return Consume(db, "kept"); }));
    EXPECT_TRUE(store().Transact([](sql::Connection& db) { return Consume(db, "lost too"); }));
}

TEST_P(Transactions, AStatementThatIsNoneThrowsAndDoesNoHarm) {
    const std::string statement = "SELECT nothing FROM nowhere";
    EXPECT_THROW(store().Read([&](sql::Connection& db) { Query(db, statement, {}, [](const sql::Row&) {}); }),
                 sql::DatabaseError);
    EXPECT_THROW(store().Transact([&](sql::Connection& db) { Execute(db, statement, {}); }), sql::DatabaseError);
    EXPECT_TRUE(IsReadySoon(store()));
}

TEST_P(Transactions, AnExceptionFromAVisitLeavesTheConnectionUsable) {
    PutUser(store(), 1, "alice");
    PutUser(store(), 2, "bob");
    const std::string statement = "SELECT user_id FROM users";
    for (int i = 0; i < 3; ++i)
        EXPECT_THROW(store().Read([&](sql::Connection& db) {
            Query(db, statement, {}, [](const sql::Row&) { throw std::runtime_error("enough"); });
        }),
                     std::runtime_error);
    EXPECT_EQ(CountRows(store(), "users"), 2);
}

TEST_P(Transactions, OneThatFailsTakesNoOtherWithIt) {
    std::atomic<int> failed = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 32; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 10; ++i) {
                try {
                    store().Transact([&](sql::Connection& db) {
                        Consume(db, std::to_string(t * 100 + i));
                        if (t % 2) throw std::runtime_error(std::to_string(t));
                    });
                } catch (const std::runtime_error& e) {
                    EXPECT_EQ(e.what(), std::to_string(t));
                    ++failed;
                }
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(failed, 160);
    EXPECT_EQ(Sessions(), 160);
}

TEST_P(Transactions, AWaitingCallerGivesItsPermitBack) {
    class Permits permits(1);  // Permits is a function on clients, too
    std::mutex mutex;
    std::condition_variable changed;
    bool other_computed = false;
    std::thread writer([&] {
        const HoldPermit permit(permits);
        store().Transact([&](sql::Connection&) {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return other_computed; });
        });
    });
    std::thread other([&] {
        const HoldPermit permit(permits);
        const std::lock_guard lock(mutex);
        other_computed = true;
        changed.notify_all();
    });
    other.join();
    writer.join();
}

// ---- faults ----------------------------------------------------------------------------------

// One change of the store, and what must hold of it: before or after, and nothing between.
struct Change {
    std::string name;
    std::function<void(sql::Connection&)> prepare;
    std::function<void(sql::Connection&)> run;
};

// Every row of every table, as text.
std::string Contents(Store& store) {
    static const std::string kStatements[] = {
        "SELECT user_id || version || names || attributes FROM users ORDER BY user_id, pool_id",
        "SELECT alias_key || user_id || kind FROM aliases ORDER BY alias_key, pool_id",
        "SELECT user_id || scheme FROM credentials ORDER BY user_id, pool_id",
        "SELECT user_id || entry FROM password_history ORDER BY user_id, entry",
        "SELECT pool_id || shard || user_count FROM pool_users WHERE user_count > 0 ORDER BY pool_id, shard",
        "SELECT user_id || group_id FROM memberships ORDER BY user_id, group_id",
        "SELECT group_id || user_id FROM members ORDER BY group_id, user_id",
        "SELECT group_id || name FROM user_groups ORDER BY group_id",
        "SELECT group_id || pool_id FROM deleted_groups ORDER BY group_id",
        "SELECT pool_id || document FROM pools ORDER BY pool_id",
        "SELECT pool_id || 'deleted' FROM deleted_pools ORDER BY pool_id",
        "SELECT client_id || document FROM clients ORDER BY client_id",
        "SELECT pool_id || version FROM data_keys ORDER BY pool_id, version",
        "SELECT pool_id || kid FROM signing_keys ORDER BY pool_id, kid",
        "SELECT kid || key_use FROM reserve_keys ORDER BY kid",
        "SELECT user_id || purpose || failures FROM codes ORDER BY user_id, purpose",
        "SELECT user_id || origin_jti || generation FROM token_families ORDER BY user_id, origin_jti",
        "SELECT user_id || origin_jti || expires_at FROM revoked_sign_ins ORDER BY user_id, origin_jti",
        "SELECT user_id || expires_at FROM consumed_sessions ORDER BY user_id, session_id",
        "SELECT 'configuration' || version FROM configuration"};
    std::string contents;
    store.Read([&](sql::Connection& db) {
        for (const std::string& statement : kStatements)
            Query(db, statement, {}, [&](const sql::Row& row) { contents += std::string(row.Text(0)) + '\n'; });
    });
    return contents;
}

const Alias kAliceNames[] = {{AliasKind::kUsername, "alice"}, {AliasKind::kEmail, "a@example.com"}};
const Alias kNewNames[] = {{AliasKind::kEmail, "new@example.com"}, {AliasKind::kPhoneNumber, "+45"}};
const Alias kOldNames[] = {{AliasKind::kEmail, "a@example.com"}};

void PutAlice(sql::Connection& db) {
    AddPool(db, TestPool());
    AddUser(db, TestUser(1, "alice"), TestCredential(kUser), kAliceNames);
    const Group group = TestGroup("staff");
    AddGroup(db, group);
    AddMember(db, group, kUser, kNow);
    AddPasswordHistory(db, kPool, TestCredential(kUser), 3);
    PutCode(db, kPool, {.user_id = kUser, .mac = "mac", .expires_at = kNow});
    AdvanceFamily(db, kPool, kUser, "jti", 0, kNow, kNow);
    AddClient(db, TestClient("one"));
    AddSigningKey(db, kPool, {"k", KeyUse::kIdToken, "n", "s", kNow});
    AddDataKey(db, {.pool_id = kPool, .wrapped = "w"});
    AddReserveKey(db, {"r1", KeyUse::kIdToken, "n", "s", kNow});
    AddReserveKey(db, {"r2", KeyUse::kIdToken, "n", "s", kNow});
}

std::vector<Change> Changes() {
    const auto nothing = [](sql::Connection&) {};
    return {
        {"AddUser", nothing,
         [](sql::Connection& db) { AddUser(db, TestUser(1, "alice"), TestCredential(kUser), kAliceNames); }},
        {"AddUserTaken", PutAlice,
         [](sql::Connection& db) {
             const Alias names[] = {{AliasKind::kUsername, "a-free"}, {AliasKind::kEmail, "a@example.com"}};
             EXPECT_FALSE(AddUser(db, TestUser(2, "a-free"), TestCredential(TestUserId(2)), names).added);
         }},
        {"UpdateUser", PutAlice,
         [](sql::Connection& db) {
             User user = TestUser(1, "alice");
             user.attributes["name"] = "Alice";
             EXPECT_EQ(UpdateUser(db, user, kNewNames, kOldNames), Update::kUpdated);
         }},
        {"TakeAlias", PutAlice, [](sql::Connection& db) { TakeAlias(db, kPool, kOldNames[0], kNow); }},
        {"DeleteUser", PutAlice, [](sql::Connection& db) { DeleteUser(db, kPool, kUser); }},
        {"AddPasswordHistory", PutAlice,
         [](sql::Connection& db) { AddPasswordHistory(db, kPool, TestCredential(kUser), 1); }},
        {"LoadUsers", nothing,
         [](sql::Connection& db) {
             const UserRow rows[] = {{TestUser(1, "alice"), TestCredential(kUser), {kAliceNames[0]}},
                                     {TestUser(2, "bob"), std::nullopt, {{AliasKind::kUsername, "bob"}}}};
             LoadUsers(db, rows);
         }},
        {"AddPool", nothing, [](sql::Connection& db) { AddPool(db, TestPool()); }},
        {"ReplacePool", PutAlice,
         [](sql::Connection& db) {
             Pool pool = TestPool();
             pool.name = "renamed";
             ReplacePool(db, pool, 1);
         }},
        {"DeletePool", PutAlice, [](sql::Connection& db) { DeletePool(db, kPool); }},
        {"SweepDeletedPools",
         [](sql::Connection& db) {
             PutAlice(db);
             DeletePool(db, kPool);
         },
         [](sql::Connection& db) { SweepDeletedPools(db, kNow, 100); }},
        {"DeleteGroup", PutAlice, [](sql::Connection& db) { DeleteGroup(db, kPool, "staff"); }},
        {"AddMember",
         [](sql::Connection& db) {
             PutAlice(db);
             AddGroup(db, TestGroup("guests"));
         },
         [](sql::Connection& db) { AddMember(db, TestGroup("guests"), kUser, kNow); }},
        {"RemoveMember", PutAlice, [](sql::Connection& db) { RemoveMember(db, TestGroup("staff"), kUser); }},
        {"AdvanceFamily", PutAlice,
         [](sql::Connection& db) { EXPECT_TRUE(AdvanceFamily(db, kPool, kUser, "jti", 1, kNow, kNow)); }},
        {"CountCodeFailure", PutAlice,
         [](sql::Connection& db) { CountCodeFailure(db, kPool, kUser, CodePurpose::kSignUp); }},
        {"ConsumeSessionAndCode", PutAlice,
         [](sql::Connection& db) {
             EXPECT_TRUE(Consume(db, "session"));
             EXPECT_TRUE(ConsumeCode(db, kPool, {.user_id = kUser, .mac = "mac"}));
         }},
        {"TakeReserveKeys", PutAlice, [](sql::Connection& db) { EXPECT_EQ(TakeReserveKeys(db, 2).size(), 2u); }},
        {"SweepExpired", PutAlice, [](sql::Connection& db) { SweepExpired(db, kNow, 100); }},
    };
}

class FailingDriver : public testing::TestWithParam<Backend> {
 protected:
    // A store with the change's preparation done, whose driver the test can fail.
    struct Prepared {
        std::unique_ptr<Database> database;
        std::unique_ptr<Faults> faults;
        std::unique_ptr<Store> store;
    };
    Prepared Prepare(const Change& change) {
        Prepared made{GetParam().make(), std::make_unique<Faults>(), nullptr};
        made.store = made.database->Open(
            test::Watch([faults = made.faults.get()](Call call, std::string_view) { faults->Count(call); }));
        made.store->Transact(change.prepare);
        return made;
    }
};
CARDEA_EVERY_BACKEND(FailingDriver);

// The change is all there or not there at all, whichever call fails; and where it is said to be there, it is.
TEST_P(FailingDriver, NothingIsHalfDoneWhicheverCallFails) {
    for (const Change& change : Changes()) {
        Prepared whole = Prepare(change);
        const std::string before = Contents(*whole.store);
        whole.store->Transact(change.run);
        const std::string after = Contents(*whole.store);
        for (const Faults::Mode mode : {Faults::kOnce, Faults::kForEver}) {
            Prepared failing = Prepare(change);
            int n = 1;
            for (;; ++n) {
                ASSERT_LT(n, 200) << change.name;
                failing.faults->FailFrom(n, mode);
                bool threw = false;
                try {
                    failing.store->Transact(change.run);
                } catch (const sql::DatabaseError&) {
                    threw = true;
                }
                const bool injected = failing.faults->Stop();
                EXPECT_EQ(threw, injected) << change.name << " call " << n;
                ASSERT_EQ(Contents(*failing.store), threw ? before : after) << change.name << " call " << n;
                if (!injected) break;
                EXPECT_TRUE(IsReadySoon(*failing.store)) << change.name << " call " << n;
            }
            EXPECT_GT(n, 2) << change.name;
        }
    }
}

TEST_P(FailingDriver, AReaderThatFailsIsUsableAfterwards) {
    Prepared prepared = Prepare({"", PutAlice, {}});
    const auto find = [&] {
        return prepared.store->Read([](sql::Connection& db) { return FindForSignIn(db, kPool, kUser); });
    };
    for (int i = 0; i < 20; ++i) {
        prepared.faults->FailFrom(1, Faults::kForEver);
        EXPECT_THROW(find(), sql::DatabaseError);
        prepared.faults->Stop();
        EXPECT_TRUE(find());
    }
}

// Three callers share a batch and one call fails: whoever was told of an error has left nothing, and the others all.
TEST_P(FailingDriver, WhoSharesABatchIsToldTheTruth) {
    for (const Faults::Mode mode : {Faults::kOnce, Faults::kForEver}) {
        for (int n = 1; n <= 40; ++n) {
            Prepared prepared = Prepare({"", [](sql::Connection&) {}, {}});
            std::atomic<int> waiting = 0;
            std::thread blocker([&] {
                const auto hold = [&](sql::Connection&) {
                    while (waiting < 3) std::this_thread::yield();
                    prepared.faults->FailFrom(n, mode);
                };
                try {
                    prepared.store->Transact(hold);
                } catch (const sql::DatabaseError&) {
                    // Its own commit was the call that failed.
                }
            });
            std::array<std::atomic<bool>, 3> threw{};
            std::vector<std::thread> callers;
            for (int t = 0; t < 3; ++t)
                callers.emplace_back([&, t] {
                    const User user = TestUser(t, "u" + std::to_string(t));
                    const Alias names[] = {{AliasKind::kUsername, user.username}};
                    ++waiting;
                    try {
                        prepared.store->Transact(
                            [&](sql::Connection& db) { AddUser(db, user, TestCredential(user.id), names); });
                    } catch (const sql::DatabaseError&) {
                        threw[static_cast<std::size_t>(t)] = true;
                    }
                });
            blocker.join();
            for (std::thread& caller : callers) caller.join();
            prepared.faults->Stop();
            std::int64_t there = 0;
            for (int t = 0; t < 3; ++t) {
                const std::string name = "u" + std::to_string(t);
                const auto alias =
                    prepared.store->Read([&](sql::Connection& db) { return FindAlias(db, kPool, name); });
                const auto record =
                    prepared.store->Read([&](sql::Connection& db) { return FindForSignIn(db, kPool, TestUserId(t)); });
                EXPECT_EQ(alias.has_value(), !threw[static_cast<std::size_t>(t)]) << n;
                EXPECT_EQ(record && record->credential, !threw[static_cast<std::size_t>(t)]) << n;
                there += record ? 1 : 0;
            }
            EXPECT_EQ(prepared.store->Read([](sql::Connection& db) { return CountUsers(db, kPool); }), there) << n;
        }
    }
}

// Callers who share a commit that fails are all told so, and none of their changes is there. SQLite's callers share.
TEST(SharedCommit, ItsFailureFailsAllWhoShareIt) {
    const auto database = Backends()[0].make();
    std::mutex mutex;
    std::condition_variable changed;
    bool release = false;
    std::atomic<bool> fail = false;
    std::atomic<int> depth = 0;
    auto store = database->Open(test::Watch([&](Call call, std::string_view) {
        if (call == Call::kBegin) ++depth;
        if (call == Call::kRollback && depth > 0) --depth;
        if (call != Call::kCommit) return;
        if (--depth == 0 && fail) throw sql::DatabaseError("injected");
    }));
    std::thread blocker([&] {
        try {
            store->Transact([&](sql::Connection&) {
                std::unique_lock lock(mutex);
                changed.wait(lock, [&] { return release; });
            });
        } catch (const sql::DatabaseError&) {
            // Some of the callers came early enough to share its batch.
        }
    });
    std::atomic<int> failed = 0;
    std::atomic<int> started = 0;
    std::vector<std::thread> callers;
    for (int t = 0; t < 16; ++t)
        callers.emplace_back([&, t] {
            ++started;
            try {
                store->Transact([&](sql::Connection& db) {
                    Consume(db, std::to_string(t));
                    fail = true;  // whatever batch this is in does not commit
                });
            } catch (const sql::DatabaseError&) {
                ++failed;
            }
        });
    while (started < 16) std::this_thread::yield();
    {
        const std::lock_guard lock(mutex);
        release = true;
    }
    changed.notify_all();
    blocker.join();
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(failed, 16);
    fail = false;
    depth = 0;
    EXPECT_EQ(CountRows(*store, "consumed_sessions"), 0);
    EXPECT_TRUE(store->Transact([](sql::Connection& db) { return Consume(db, "after"); }));
}

}  // namespace

}  // namespace cardea
