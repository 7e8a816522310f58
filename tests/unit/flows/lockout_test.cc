#include "flows/lockout.h"

#include <gtest/gtest.h>

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
        Context ctx = world_.MakeContext();
        const Lockout lockout{Key(), std::nullopt};
        for (int i = 0; i < times; ++i)
            world_.store->Transact([&](sql::Connection& db) { CountFailure(db, pool_, lockout, ctx.now); });
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
    const Lockout before = RequireUnlocked(ctx, pool_, Key());
    Fail(5);
    EXPECT_THROW(world_.store->Transact([&](sql::Connection& db) { ResetFailures(db, pool_, before, ctx.now); }),
                 ApiError);
    EXPECT_TRUE(IsLocked());
    world_.clock.Advance(seconds(1));
    world_.store->Transact([&](sql::Connection& db) { ResetFailures(db, pool_, before, world_.clock.Now()); });
    Fail(4);
    EXPECT_FALSE(IsLocked());
}

}  // namespace
}  // namespace cardea
