#include "base/permits.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace cardea {
namespace {

template <class Condition>
bool Eventually(const Condition& condition) {
    const auto until = Monotonic() + std::chrono::seconds(10);
    while (!condition()) {
        if (Monotonic() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

TEST(Permits, LetsInOnlyAsManyAsThereAre) {
    Permits permits(3);
    std::atomic<int> inside{0}, most{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 12; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i) {
                const HoldPermit permit(permits);
                const int now = ++inside;
                for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
                }
                std::this_thread::yield();
                --inside;
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_LE(most, 3);
    EXPECT_EQ(inside, 0);
}

TEST(Permits, ServesThoseWhoWaitInTheOrderInWhichTheyCame) {
    Permits permits(1);
    permits.Acquire();
    std::vector<int> order;  // guarded by the permit
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            permits.Acquire();
            order.push_back(t);
            permits.Release();
        });
        EXPECT_TRUE(Eventually([&] { return permits.Waiting() == static_cast<std::size_t>(t) + 1; }));
    }
    permits.Release();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(Blocking, LetsAnotherComputeMeanwhile) {
    Permits permits(1);
    std::atomic<bool> other_ran{false};
    std::thread other;
    {
        const HoldPermit permit(permits);
        other = std::thread([&] {
            const HoldPermit own(permits);
            other_ran = true;
        });
        EXPECT_FALSE(other_ran);  // cannot: the only permit is held here
        const Blocking outside;
        EXPECT_TRUE(Eventually([&] { return other_ran.load(); }));
    }
    other.join();
}

TEST(Blocking, TakesThePermitBackBeforeItGoesOn) {
    Permits permits(1);
    std::atomic<bool> taken{false}, go{false}, came_back{false};
    std::thread waiter([&] {
        const HoldPermit permit(permits);
        {
            const Blocking outside;
            EXPECT_TRUE(Eventually([&] { return taken.load(); }));
        }
        came_back = true;
    });
    std::thread holder([&] {
        const HoldPermit permit(permits);
        taken = true;
        EXPECT_TRUE(Eventually([&] { return go.load(); }));
        EXPECT_FALSE(came_back);
    });
    EXPECT_TRUE(Eventually([&] { return taken.load(); }));
    go = true;
    waiter.join();
    holder.join();
    EXPECT_TRUE(came_back);
}

TEST(Blocking, DoesNothingWithoutAPermitAndInsideItself) {
    { const Blocking outside; }
    Permits permits(1);
    const HoldPermit permit(permits);
    const Blocking outside;
    { const Blocking inside; }  // would take the permit a second time, and for ever
    permits.Acquire();          // still free: the inner one gave nothing back twice
    permits.Release();
}

TEST(Blocking, TellsTheWatcher) {
    struct Watcher final : BlockingWatcher {
        void OnBlock() override { events += "block "; }
        void OnUnblock() override { events += "unblock "; }
        std::string events;
    } watcher;
    Permits permits(1, &watcher);
    { const Blocking nothing_held; }
    EXPECT_EQ(watcher.events, "");
    const HoldPermit permit(permits);
    EXPECT_EQ(watcher.events, "");
    {
        const Blocking outside;
        EXPECT_EQ(watcher.events, "block ");
        const Blocking inside;
        EXPECT_EQ(watcher.events, "block ");
    }
    EXPECT_EQ(watcher.events, "block unblock ");
}

TEST(PermitsDeathTest, RefuseASecondPermitOnOneThread) {
    Permits permits(2);
    const HoldPermit permit(permits);
    EXPECT_DEATH(HoldPermit second(permits), "CHECK failed");
}

}  // namespace
}  // namespace cardea
