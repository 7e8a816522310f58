#include "store/sessions.h"

#include <atomic>
#include <thread>

#include "store/attempts.h"
#include "store/codes.h"
#include "store/keys.h"
#include "store/leases.h"
#include "unit/store/backend.h"

namespace cardea {

namespace {

const UserId kUser = TestUserId(1);
const Instant kLater = kNow + std::chrono::hours(1);

class Sessions : public OnEveryBackend {
 protected:
    template <class Body>
    auto Do(Body body) {
        return store().Transact(body);
    }
    bool Consume(std::string_view id) {
        return Do([&](sql::Connection& db) { return ConsumeSession(db, kPool, kUser, id, kLater); });
    }
    bool Advance(std::int64_t generation) {
        return Do([&](sql::Connection& db) {
            return AdvanceFamily(db, kPool, kUser, "jti", generation, kNow + Duration(generation), kLater);
        });
    }
    std::optional<TokenRecord> Token(std::string_view jti = "jti", bool with_groups = false) {
        return store().Read([&](sql::Connection& db) { return FindForToken(db, kPool, kUser, jti, with_groups); });
    }
    std::int64_t Sweep(Instant now, int limit) {
        return Do([&](sql::Connection& db) { return SweepExpired(db, now, limit); });
    }
};
CARDEA_EVERY_BACKEND(Sessions);

TEST_P(Sessions, ASessionIsConsumedOnce) {
    EXPECT_TRUE(Consume("one"));
    EXPECT_FALSE(Consume("one"));
    EXPECT_TRUE(Consume(std::string_view("one\0", 4)));
    EXPECT_FALSE(Consume(std::string_view("one\0", 4)));
    EXPECT_TRUE(Consume(""));
    EXPECT_FALSE(Consume(""));
    EXPECT_TRUE(Consume("\xff\xfe"));
    EXPECT_TRUE(Do([&](sql::Connection& db) { return ConsumeSession(db, kPool, TestUserId(2), "one", kLater); }));
}

TEST_P(Sessions, OfManyThatAnswerOneChallengeExactlyOneWins) {
    std::atomic<int> winners = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 16; ++t) threads.emplace_back([&] { winners += Consume("race") ? 1 : 0; });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(winners, 1);
}

TEST_P(Sessions, AFamilyAdvancesOneGenerationAtATime) {
    PutUser(store(), 1, "alice");
    EXPECT_EQ(Token()->generation, 0);
    EXPECT_FALSE(Token()->rotated_at);
    EXPECT_FALSE(Advance(1)) << "it was never rotated";
    EXPECT_TRUE(Advance(0));
    EXPECT_EQ(Token()->generation, 1);
    EXPECT_EQ(Token()->rotated_at, kNow);
    EXPECT_FALSE(Advance(0));
    EXPECT_FALSE(Advance(2));
    EXPECT_TRUE(Advance(1));
    EXPECT_EQ(Token()->generation, 2);
    EXPECT_EQ(Token()->rotated_at, kNow + Duration(1));
    EXPECT_EQ(Token("other")->generation, 0);
}

TEST_P(Sessions, OfManyThatRotateOneTokenExactlyOneWins) {
    for (std::int64_t generation = 0; generation < 3; ++generation) {
        std::atomic<int> winners = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 16; ++t) threads.emplace_back([&] { winners += Advance(generation) ? 1 : 0; });
        for (std::thread& thread : threads) thread.join();
        EXPECT_EQ(winners, 1);
    }
}

TEST_P(Sessions, ARevokedSignInIsSeenByItsTokensOnly) {
    PutUser(store(), 1, "alice");
    const auto revoke = [&](Instant until) {
        Do([&](sql::Connection& db) { RevokeSignIn(db, kPool, kUser, "jti", until); });
    };
    EXPECT_FALSE(Token()->revoked);
    revoke(kLater);
    revoke(kNow);  // again, with an earlier end: the later one holds
    EXPECT_TRUE(Token()->revoked);
    EXPECT_FALSE(Token("")->revoked);
    EXPECT_FALSE(Token("jt")->revoked);
    EXPECT_EQ(Sweep(kNow + Duration(1), 100), 0);
    EXPECT_TRUE(Token()->revoked);
    EXPECT_EQ(Sweep(kLater, 100), 1);
    EXPECT_FALSE(Token()->revoked);
}

TEST_P(Sessions, ATokenReadsGroupsWhereAskedFor) {
    const User user = PutUser(store(), 1, "alice");
    Group second = TestGroup("a");
    Group first = TestGroup("b");
    first.precedence = 1;
    Do([&](sql::Connection& db) {
        for (const Group& group : {second, first}) {
            AddGroup(db, group);
            AddMember(db, group, kUser, kNow);
        }
        RevokeSignIn(db, kPool, kUser, "jti", kLater);
        AdvanceFamily(db, kPool, kUser, "jti", 0, kNow, kLater);
    });
    EXPECT_TRUE(Token()->groups.empty());
    const auto record = Token("jti", true);
    ASSERT_EQ(record->groups.size(), 2u);
    EXPECT_EQ(record->groups[0].name, "b");
    EXPECT_EQ(record->groups[1].name, "a");
    EXPECT_TRUE(record->revoked);
    EXPECT_EQ(record->generation, 1);
    EXPECT_EQ(record->user.attributes, user.attributes);
    Do([&](sql::Connection& db) { DeleteUser(db, kPool, kUser); });
    EXPECT_FALSE(Token());
    for (const std::string table : {"revoked_sign_ins", "token_families", "memberships", "members"})
        EXPECT_EQ(CountRows(store(), table), 0) << table;
}

TEST_P(Sessions, ACodeIsReplacedCountedAndConsumedOnce) {
    Code code{.user_id = kUser,
              .purpose = CodePurpose::kVerifyEmail,
              .mac = std::string("\0mac", 4),
              .attribute = "email",
              .value = std::string(2048, 'v'),
              .pending = true,
              .expires_at = kLater,
              .failures = 0};
    const auto find = [&](CodePurpose purpose) {
        return store().Read([&](sql::Connection& db) { return FindCode(db, kPool, kUser, purpose); });
    };
    const auto fail = [&] {
        return Do([&](sql::Connection& db) { return CountCodeFailure(db, kPool, kUser, CodePurpose::kVerifyEmail); });
    };
    const auto consume = [&](const Code& which) {
        return Do([&](sql::Connection& db) { return ConsumeCode(db, kPool, which); });
    };
    EXPECT_EQ(fail(), 0);
    EXPECT_FALSE(consume(code));
    Do([&](sql::Connection& db) { PutCode(db, kPool, code); });
    const Code found = *find(CodePurpose::kVerifyEmail);
    EXPECT_EQ(found.user_id, kUser);
    EXPECT_EQ(found.purpose, CodePurpose::kVerifyEmail);
    EXPECT_EQ(found.mac, code.mac);
    EXPECT_EQ(found.attribute, "email");
    EXPECT_EQ(found.value, code.value);
    EXPECT_TRUE(found.pending);
    EXPECT_EQ(found.expires_at, kLater);
    EXPECT_FALSE(find(CodePurpose::kSignUp));
    EXPECT_EQ(fail(), 1);
    EXPECT_EQ(fail(), 2);
    EXPECT_EQ(find(CodePurpose::kVerifyEmail)->failures, 2);
    Code newer = code;
    newer.mac = "newer";
    newer.pending = false;
    Do([&](sql::Connection& db) { PutCode(db, kPool, newer); });
    EXPECT_EQ(find(CodePurpose::kVerifyEmail)->failures, 0);
    EXPECT_FALSE(find(CodePurpose::kVerifyEmail)->pending);
    EXPECT_FALSE(consume(code)) << "it was replaced";
    EXPECT_TRUE(consume(newer));
    EXPECT_FALSE(consume(newer));
    EXPECT_FALSE(find(CodePurpose::kVerifyEmail));
}

TEST_P(Sessions, AttemptsAreCountedByTheirKey) {
    const std::string key("\0\xff key", 6);
    const auto find = [&](std::string_view which) {
        return store().Read([&](sql::Connection& db) { return FindAttempts(db, kPool, which); });
    };
    EXPECT_FALSE(find(key));
    Do([&](sql::Connection& db) { PutAttempts(db, kPool, key, {.count = 1, .first = kNow, .last = kNow}, kLater); });
    Do([&](sql::Connection& db) {
        PutAttempts(db, kPool, key, {.count = 2, .first = kNow, .last = kNow + Duration(9)}, kLater);
    });
    EXPECT_EQ(find(key)->count, 2);
    EXPECT_EQ(find(key)->first, kNow);
    EXPECT_EQ(find(key)->last, kNow + Duration(9));
    EXPECT_FALSE(find(""));
    EXPECT_FALSE(store().Read([&](sql::Connection& db) { return FindAttempts(db, PoolId("eu-west-1_Other"), key); }));
    Do([&](sql::Connection& db) { RemoveAttempts(db, kPool, key); });
    Do([&](sql::Connection& db) { RemoveAttempts(db, kPool, key); });
    EXPECT_FALSE(find(key));
}

TEST_P(Sessions, ManyThatCountAttemptsLoseNone) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 25; ++i)
                Do([&](sql::Connection& db) {
                    Attempts attempts = FindAttempts(db, kPool, "key").value_or(Attempts{.first = kNow});
                    ++attempts.count;
                    attempts.last = kNow;
                    PutAttempts(db, kPool, "key", attempts, kLater);
                });
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(store().Read([&](sql::Connection& db) { return FindAttempts(db, kPool, "key"); })->count, 200);
}

TEST_P(Sessions, TheSweepTakesWhatHasExpiredAndNoMore) {
    Do([&](sql::Connection& db) {
        for (int i = 0; i < 3; ++i) {
            const Instant expires = kNow + std::chrono::seconds(i);
            const std::string id = std::to_string(i);
            ConsumeSession(db, kPool, TestUserId(i), id, expires);
            RevokeSignIn(db, kPool, TestUserId(i), id, expires);
            AdvanceFamily(db, kPool, TestUserId(i), id, 0, kNow, expires);
            PutAttempts(db, kPool, id, {.count = 1}, expires);
            PutCode(db, kPool, {.user_id = TestUserId(i), .mac = "m", .expires_at = expires});
        }
    });
    EXPECT_EQ(Sweep(kNow - Duration(1), 100), 0);
    EXPECT_EQ(Sweep(kNow, 100), 1);
    for (int i = 3; i < 6; ++i)
        EXPECT_TRUE(Do([&](sql::Connection& db) {
            return ConsumeSession(db, kPool, TestUserId(i), std::to_string(i), kNow + std::chrono::seconds(1));
        }));
    // One table with more than a sweep takes holds up none of the others.
    EXPECT_EQ(Sweep(kNow + std::chrono::seconds(1), 2), 2);
    EXPECT_EQ(CountRows(store(), "attempts"), 1);
    EXPECT_EQ(Sweep(kNow + std::chrono::seconds(1), 2), 2);
    EXPECT_EQ(Sweep(kNow + std::chrono::seconds(1), 2), 0);
    for (const std::string table : {"consumed_sessions", "revoked_sign_ins", "token_families", "codes", "attempts"})
        EXPECT_EQ(CountRows(store(), table), 1) << table;
    EXPECT_EQ(Sweep(kLater, 0), 0);
    EXPECT_EQ(Sweep(kLater, 1000), 1);
}

TEST_P(Sessions, KeysComeBackAsTheyWentIn) {
    const std::string bytes("\0\x01\xff", 3);
    Do([&](sql::Connection& db) {
        EXPECT_TRUE(AddDataKey(db, {.pool_id = kPool, .version = 2, .master_key_id = "m2", .wrapped = "w2"}));
        EXPECT_TRUE(AddDataKey(db, {.pool_id = kPool, .version = 1, .master_key_id = "m1", .wrapped = bytes}));
        EXPECT_FALSE(AddDataKey(db, {.pool_id = kPool, .version = 1, .master_key_id = "x", .wrapped = "x"}));
        AddSigningKey(db, kPool, {"old", KeyUse::kIdToken, "n1", bytes, kNow});
        AddSigningKey(db, kPool, {"access", KeyUse::kAccessToken, "n2", std::string(1700, 's'), kNow});
        AddSigningKey(db, kPool, {"new", KeyUse::kIdToken, "n3", "s", kLater});
        AddAccessKey(db, {"AKIA", bytes, kNow});
    });
    store().Read([&](sql::Connection& db) {
        const auto data_keys = ListDataKeys(db, kPool);
        ASSERT_EQ(data_keys.size(), 2u);
        EXPECT_EQ(data_keys[0].version, 1);
        EXPECT_EQ(data_keys[0].master_key_id, "m1");
        EXPECT_EQ(data_keys[0].wrapped, bytes);
        EXPECT_EQ(data_keys[1].version, 2);
        const auto keys = ListSigningKeys(db, kPool);
        ASSERT_EQ(keys.size(), 3u);
        EXPECT_EQ(keys[0].kid, "new");
        EXPECT_EQ(keys[1].kid, "old");
        EXPECT_EQ(keys[1].sealed, bytes);
        EXPECT_EQ(keys[1].modulus, "n1");
        EXPECT_EQ(keys[1].created_at, kNow);
        EXPECT_EQ(keys[2].use, KeyUse::kAccessToken);
        EXPECT_TRUE(ListSigningKeys(db, PoolId("")).empty());
        EXPECT_EQ(FindAccessKey(db, "AKIA")->sealed, bytes);
        EXPECT_FALSE(FindAccessKey(db, "AKI"));
    });
}

TEST_P(Sessions, AReserveKeyIsTakenOnce) {
    Do([&](sql::Connection& db) {
        for (int i = 0; i < 40; ++i)
            AddReserveKey(db, {std::to_string(i), KeyUse::kIdToken, "n", "s", kNow + Duration(i)});
    });
    const auto first = Do([&](sql::Connection& db) { return TakeReserveKeys(db, 2); });
    ASSERT_EQ(first.size(), 2u);
    EXPECT_EQ(first[0].kid, "0") << "the oldest";
    EXPECT_EQ(first[1].kid, "1");
    std::atomic<int> taken = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 4; ++i)
                taken += static_cast<int>(Do([&](sql::Connection& db) { return TakeReserveKeys(db, 2); }).size());
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(taken, 38);
    EXPECT_EQ(store().Read([](sql::Connection& db) { return CountReserveKeys(db); }), 0);
    EXPECT_TRUE(Do([&](sql::Connection& db) { return TakeReserveKeys(db, 0); }).empty());
}

TEST_P(Sessions, ALeaseIsHeldByOneUntilItEnds) {
    constexpr Duration kTime = std::chrono::seconds(30);
    const auto hold = [&](std::string_view holder, Duration later) {
        return store().Transact(
            [&](sql::Connection& db) { return HoldLease(db, "sweep", holder, kNow + later, kTime); });
    };
    EXPECT_TRUE(hold("one", Duration(0)));
    EXPECT_FALSE(hold("two", Duration(0)));
    EXPECT_TRUE(hold("one", kTime / 2));
    EXPECT_FALSE(hold("two", kTime));
    EXPECT_TRUE(hold("two", kTime * 3 / 2));
    EXPECT_FALSE(hold("one", kTime * 3 / 2));
    EXPECT_TRUE(hold("one", -kTime * 100)) << "the clock went back";
    store().Transact([](sql::Connection& db) { ReleaseLease(db, "sweep", "two"); });
    EXPECT_FALSE(hold("two", -kTime * 100));
    store().Transact([](sql::Connection& db) { ReleaseLease(db, "sweep", "one"); });
    EXPECT_TRUE(hold("two", -kTime * 100));
}

TEST_P(Sessions, OfManyThatWantALeaseExactlyOneHasIt) {
    std::atomic<int> holders = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            const std::string me = std::to_string(t);
            if (store().Transact(
                    [&](sql::Connection& db) { return HoldLease(db, "sweep", me, kNow, std::chrono::seconds(30)); }))
                ++holders;
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(holders, 1);
}

TEST_P(Sessions, TheFirstValueOfANameStays) {
    const std::string first("\0first", 6);
    EXPECT_EQ(Do([&](sql::Connection& db) { return PutOnce(db, "name", first); }), first);
    EXPECT_EQ(Do([&](sql::Connection& db) { return PutOnce(db, "name", "second"); }), first);
    EXPECT_EQ(Do([&](sql::Connection& db) { return PutOnce(db, "other", ""); }), "");
}

}  // namespace

}  // namespace cardea
