#include "flows/lockout.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <thread>
#include <vector>

#include "people.h"
#include "support/world.h"

namespace cardea {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Attempts Failures(std::int64_t count) {
    const Instant at = FromSeconds(1'000'000);
    return {.count = count, .first = at, .last = at};
}

TEST(Lockout, DoublesFromTheFifthFailureUpToFifteenMinutes) {
    const Instant last = Failures(0).last;
    EXPECT_EQ(LockedUntil(Failures(4)), last);
    EXPECT_EQ(LockedUntil(Failures(5)), last + seconds(1));
    EXPECT_EQ(LockedUntil(Failures(6)), last + seconds(2));
    EXPECT_EQ(LockedUntil(Failures(14)), last + seconds(512));
    EXPECT_EQ(LockedUntil(Failures(15)), last + minutes(15));
    EXPECT_EQ(LockedUntil(Failures(70)), last + minutes(15));
    EXPECT_EQ(LockedUntil(Failures(std::numeric_limits<std::int64_t>::max())), last + minutes(15));
}

TEST(Lockout, ForgetsAfterFifteenQuietMinutes) {
    EXPECT_TRUE(Counts(Failures(5), Failures(5).last + minutes(15) - Duration(1)));
    EXPECT_FALSE(Counts(Failures(5), Failures(5).last + minutes(15)));
    EXPECT_FALSE(Counts(Failures(0), Failures(0).last));
}

class LockoutFlow : public testing::Test {
 protected:
    void Fail(int times) {
        const Lockout lockout = Read();
        for (int i = 0; i < times; ++i) Count(lockout);
    }
    // As a password is looked at in a process of its own.
    Lockout Read() { return {.key = Key(), .failures = Counter(), .crowded = false, .pass = {}}; }
    bool Count(const Lockout& lockout) {
        return world_.store->Transact(
            [&](sql::Connection& db) { return CountFailure(db, pool_, lockout, world_.clock.Now()); });
    }
    std::optional<Attempts> Counter() {
        return world_.store->Read([&](sql::Connection& db) { return FindAttempts(db, pool_.id, Key()); });
    }
    std::string Key() { return std::string(32, 'k'); }
    bool IsLocked() {
        Context ctx = world_.MakeContext();
        try {
            RequireUnlocked(ctx, pool_, Key());
            return false;
        } catch (const ApiError& error) {
            EXPECT_EQ(error.code(), Error::kNotAuthorized);
            EXPECT_STREQ(error.what(), "Password attempts exceeded");
            return true;
        }
    }

    test::World world_;
    Pool pool_ = [] {
        Pool pool;
        pool.id = PoolId("us-east-1_abcdefghi");
        return pool;
    }();
};

TEST_F(LockoutFlow, CountsEachFailureThatWasMadeAtTheSameTime) {
    Fail(7);
    world_.clock.Advance(seconds(3));
    EXPECT_TRUE(IsLocked());
    world_.clock.Advance(seconds(1));
    EXPECT_FALSE(IsLocked());
}

TEST_F(LockoutFlow, BeginsAnewAfterAQuietTime) {
    Fail(20);
    EXPECT_TRUE(IsLocked());
    world_.clock.Advance(minutes(15));
    EXPECT_FALSE(IsLocked());
    Fail(4);
    EXPECT_FALSE(IsLocked());
    Fail(1);
    EXPECT_TRUE(IsLocked());
}

TEST_F(LockoutFlow, RefusesARightPasswordThatWasSentBesideFiveWrongOnes) {
    Context ctx = world_.MakeContext();
    Fail(1);
    const Lockout before = Read();
    Fail(4);
    EXPECT_THROW(AdmitSuccess(ctx, pool_, before), ApiError);
    EXPECT_TRUE(IsLocked());
    world_.clock.Advance(seconds(1));
    Context later = world_.MakeContext();
    AdmitSuccess(later, pool_, before);
    EXPECT_FALSE(Counter().has_value());
    Fail(4);
    EXPECT_FALSE(IsLocked());
}

TEST_F(LockoutFlow, CountsFailuresOfOtherProcessesAndTellsNothingOfThosePastTheFifth) {
    std::vector<Lockout> read;
    for (int i = 0; i < 20; ++i) read.push_back(Read());
    for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(Count(read[i]), i < 5) << i;
    EXPECT_EQ(Counter()->count, 20);
    world_.clock.Advance(minutes(15) - seconds(1));
    EXPECT_TRUE(IsLocked());
}

TEST_F(LockoutFlow, IsNoneBelowFiveFailuresWhateverTheClocksOfOthersSay) {
    Context ahead = world_.MakeContext();
    ahead.now = world_.clock.Now() + seconds(30);
    const Lockout lockout = Read();
    for (int i = 0; i < 4; ++i)
        world_.store->Transact([&](sql::Connection& db) { return CountFailure(db, pool_, lockout, ahead.now); });
    EXPECT_FALSE(IsLocked());
    EXPECT_TRUE(Count(lockout));
    EXPECT_TRUE(IsLocked());
}

TEST_F(LockoutFlow, DoesNotLetARequestThatWaitedMakeTheLockOlder) {
    Fail(5);
    const Lockout lockout = Read();
    const Instant before = world_.clock.Now() - seconds(3);
    world_.store->Transact([&](sql::Connection& db) { return CountFailure(db, pool_, lockout, before); });
    EXPECT_EQ(Counter()->last, world_.clock.Now());
}

TEST_F(LockoutFlow, LooksAtNoMorePasswordsTogetherThanMayFail) {
    Context ctx = world_.MakeContext();
    Fail(3);
    std::optional<Lockout> first(RequireUnlocked(ctx, pool_, Key()));
    std::optional<Lockout> second(RequireUnlocked(ctx, pool_, Key()));
    EXPECT_FALSE(first->crowded);
    EXPECT_TRUE(second->crowded);
    std::string third;
    std::thread waiting([&] {
        Context late = ctx;
        third = test::ErrorOf([&] { RequireUnlocked(late, pool_, Key()); });
    });
    EXPECT_TRUE(Count(*first));
    EXPECT_TRUE(Count(*second));
    second.reset();
    first.reset();
    waiting.join();
    EXPECT_EQ(third, "NotAuthorizedException: Password attempts exceeded");
}

// Many sign-ins of one user at the same moment, in one process.
class ParallelSignIns : public testing::Test {
 protected:
    // How often each outcome came; "" is a sign-in.
    std::map<std::string, int> SignIn(const std::vector<std::string>& passwords) {
        SystemRandom random;
        Services services{world_.account, world_.clock,        random,         *world_.store, world_.directory,
                          world_.keyring, world_.lockout_gate, world_.messages};
        std::vector<std::string> outcomes(passwords.size());
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < passwords.size(); ++i)
            threads.emplace_back([&, i] {
                Context ctx{services, world_.clock.Now(), "id", "Test", "us-east-1", "127.0.0.1", {}};
                outcomes[i] = test::ErrorOf([&] { people_.SignIn(ctx, passwords[i]); });
            });
        for (std::thread& thread : threads) thread.join();
        std::map<std::string, int> counts;
        for (const std::string& outcome : outcomes) ++counts[outcome];
        return counts;
    }
    static std::vector<std::string> Times(int count, const std::string& password) {
        return std::vector<std::string>(static_cast<std::size_t>(count), password);
    }
    const std::string kWrong = "NotAuthorizedException: Incorrect username or password.";
    const std::string kExceeded = "NotAuthorizedException: Password attempts exceeded";

    test::World world_;
    test::People people_{world_};
};

TEST_F(ParallelSignIns, WithWrongPasswordsAreFiveGuessesAndNoMore) {
    for (const int count : {7, 20, 40}) {
        auto outcomes = SignIn(Times(count, "wrong"));
        EXPECT_EQ(outcomes[kWrong], 5);
        EXPECT_EQ(outcomes[kExceeded], count - 5);
        world_.clock.Advance(seconds(1));
        // Past the fifth failure one guess is looked at, and its lock refuses the others.
        outcomes = SignIn(Times(count, "wrong"));
        EXPECT_EQ(outcomes[kWrong], 1);
        EXPECT_EQ(outcomes[kExceeded], count - 1);
        world_.clock.Advance(minutes(15));
    }
}

TEST_F(ParallelSignIns, WithTheRightPasswordAllSucceed) {
    EXPECT_EQ(SignIn(Times(20, "Passw0rd!"))[""], 20);
    Context ctx = world_.MakeContext();
    EXPECT_NO_THROW(people_.SignIn(ctx));
}

TEST_F(ParallelSignIns, WithTheRightPasswordAllSucceedAfterFourFailures) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(SignIn({"wrong"})[kWrong], 1);
    EXPECT_EQ(SignIn(Times(12, "Passw0rd!"))[""], 12);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(SignIn({"wrong"})[kWrong], 1);  // which had been forgotten
    EXPECT_EQ(SignIn({"Passw0rd!"})[""], 1);
}

TEST_F(ParallelSignIns, TellOfARightGuessOnlyWhereFewerThanFiveWrongOnesWereTold) {
    auto guesses = Times(30, "wrong");
    guesses[25] = "Passw0rd!";
    auto outcomes = SignIn(guesses);
    EXPECT_EQ(outcomes[""] + outcomes[kWrong] + outcomes[kExceeded], 30);
    // The order is the threads': the right one was before the fifth failure (and began the count anew) or was refused.
    EXPECT_LE(outcomes[kWrong], outcomes[""] == 0 ? 5 : 9);
}

}  // namespace
}  // namespace cardea
