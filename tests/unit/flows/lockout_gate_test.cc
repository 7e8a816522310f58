#include "flows/lockout_gate.h"

#include <algorithm>
#include <atomic>
#include <gtest/gtest.h>
#include <optional>
#include <thread>
#include <vector>

#include "base/permits.h"
#include "model/error.h"

namespace cardea {
namespace {

TEST(LockoutGate, KeepsTheOrderInWhichItsPeopleCame) {
    LockoutGate gate;
    std::optional<LockoutGate::Pass> first(gate.Enter("a"));
    const LockoutGate::Pass second = gate.Enter("a");
    const LockoutGate::Pass other = gate.Enter("b");
    EXPECT_EQ(first->Ahead(), 0U);
    EXPECT_EQ(second.Ahead(), 1U);
    EXPECT_EQ(other.Ahead(), 0U);
    first.reset();
    EXPECT_EQ(second.Ahead(), 0U);
}

TEST(LockoutGate, LetsWhoLeavesFromTheMiddleBeForgotten) {
    LockoutGate gate;
    const LockoutGate::Pass first = gate.Enter("a");
    std::optional<LockoutGate::Pass> second(gate.Enter("a"));
    const LockoutGate::Pass third = gate.Enter("a");
    second.reset();
    EXPECT_EQ(third.Ahead(), 1U);
    const LockoutGate::Pass fourth = gate.Enter("a");
    EXPECT_EQ(fourth.Ahead(), 2U);
}

TEST(LockoutGate, KeepsNoLineThatNobodyStandsIn) {
    LockoutGate gate;
    {
        LockoutGate::Pass first = gate.Enter("a");
        const LockoutGate::Pass moved = std::move(first);
        const LockoutGate::Pass other = gate.Enter("b");
        EXPECT_EQ(gate.Lines(), 2U);
    }
    EXPECT_EQ(gate.Lines(), 0U);
}

TEST(LockoutGate, RefusesWhoComesToALineThatIsFull) {
    LockoutGate gate;
    std::vector<LockoutGate::Pass> line;
    for (int i = 0; i < 100; ++i) line.push_back(gate.Enter("a"));
    try {
        gate.Enter("a");
        ADD_FAILURE();
    } catch (const ApiError& error) {
        EXPECT_EQ(error.code(), Error::kTooManyRequests);
    }
    gate.Enter("b");
    line.pop_back();
    EXPECT_EQ(gate.Enter("a").Ahead(), 99U);
}

TEST(LockoutGate, GivesThePermitBackWhileItWaits) {
    LockoutGate gate;
    Permits permits(1);
    std::optional<LockoutGate::Pass> first(gate.Enter("a"));
    LockoutGate::Pass second = gate.Enter("a");
    std::thread waiting([&] {
        const HoldPermit held(permits);
        second.WaitUntilFewerThan(1);
    });
    {
        const HoldPermit held(permits);  // would never come if the waiting thread kept the only one
        first.reset();
    }
    waiting.join();
    EXPECT_EQ(second.Ahead(), 0U);
}

TEST(LockoutGate, NeverLetsMorePassThanThereIsRoomFor) {
    constexpr std::size_t kRoom = 3;
    LockoutGate gate;
    std::atomic<std::size_t> inside = 0, most = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 24; ++i)
        threads.emplace_back([&] {
            for (int turn = 0; turn < 50; ++turn) {
                LockoutGate::Pass pass = gate.Enter("a");
                pass.WaitUntilFewerThan(kRoom);
                const std::size_t now = ++inside;
                for (std::size_t seen = most; now > seen && !most.compare_exchange_weak(seen, now);) continue;
                --inside;
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_LE(most.load(), kRoom);
    EXPECT_EQ(gate.Lines(), 0U);
}

}  // namespace
}  // namespace cardea
