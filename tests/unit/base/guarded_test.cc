#include "base/guarded.h"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace cardea {
namespace {

using std::chrono::milliseconds;

TEST(Guarded, LetsOneInAtATime) {
    Guarded<int> count(0);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 1000; ++i) ++*count.Lock();
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(*count.Lock(), 4000);
}

TEST(Guarded, WaitsForANotificationWithoutTheLock) {
    Guarded<bool> ready(false);
    std::condition_variable changed;
    std::thread other([&] {
        *ready.Lock() = true;
        changed.notify_all();
    });
    auto locked = ready.Lock();
    while (!*locked) locked.Wait(changed);
    EXPECT_TRUE(*locked);
    EXPECT_EQ(locked.WaitUntil(changed, Monotonic() - milliseconds(1)), std::cv_status::timeout);
    other.join();
}

}  // namespace
}  // namespace cardea
