#include "net/worker_pool.h"

#include <atomic>
#include <condition_variable>
#include <gtest/gtest.h>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/permits.h"

namespace cardea {
namespace {

using std::chrono::milliseconds;

template <class Condition>
bool Eventually(const Condition& condition) {
    const auto until = Monotonic() + std::chrono::seconds(10);
    while (!condition()) {
        if (Monotonic() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

// Closed until it is opened; waiting is either computing (holds its permit) or blocking.
class Gate {
 public:
    void Open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    void Wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return open_; });
    }
    void WaitBlocking() {
        const Blocking outside;
        Wait();
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

TEST(WorkerPool, RunsJobsInOrderOnOneThreadWhenThereIsOnePermit) {
    WorkerPool pool({.permits = 1});
    std::vector<int> order;
    std::latch done(100);
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(pool.Submit([&, i] {
            order.push_back(i);
            done.count_down();
        }));
    done.wait();
    for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
    EXPECT_EQ(pool.Stats().threads, 1u);
}

TEST(WorkerPool, NeverComputesOnMoreThreadsThanThereArePermits) {
    WorkerPool pool({.permits = 2});
    std::atomic<int> inside{0}, most{0}, ran{0};
    for (int i = 0; i < 300; ++i)
        ASSERT_TRUE(pool.Submit([&, i] {
            const auto enter = [&] {
                const int now = ++inside;
                for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
                }
            };
            enter();
            if (i % 3 == 0) {
                --inside;
                {
                    const Blocking outside;
                    std::this_thread::yield();
                }
                enter();
            }
            --inside;
            ++ran;
        }));
    pool.Stop();
    EXPECT_EQ(ran, 300);
    EXPECT_LE(most, 2);
}

TEST(WorkerPool, StartsAnotherThreadWhenOneBlocks) {
    WorkerPool pool({.permits = 1});
    Gate gate;
    std::atomic<int> waiting{0};
    std::atomic<bool> overtook{false};
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(pool.Submit([&] {
            ++waiting;
            gate.WaitBlocking();
        }));
    ASSERT_TRUE(pool.Submit([&] { overtook = true; }));
    EXPECT_TRUE(Eventually([&] { return waiting == 20 && overtook; }));
    EXPECT_EQ(pool.Stats().blocked, 20u);
    gate.Open();
    pool.Stop();
}

TEST(WorkerPool, FindsAThreadForTheQueueWhenTheOnlyOneBlocksLater) {
    // Nothing is submitted after the block: the block itself must call the next thread.
    WorkerPool pool({.permits = 1});
    Gate computing, outside;
    std::atomic<bool> second{false};
    ASSERT_TRUE(pool.Submit([&] {
        computing.Wait();
        outside.WaitBlocking();
    }));
    ASSERT_TRUE(pool.Submit([&] {
        second = true;
        outside.Open();
    }));
    EXPECT_FALSE(second);
    computing.Open();
    EXPECT_TRUE(Eventually([&] { return second.load(); }));
    pool.Stop();
}

TEST(WorkerPool, RefusesMoreThanItsQueueHolds) {
    WorkerPool pool({.threads_max = 1, .queue_max = 3, .permits = 1});
    Gate gate;
    std::latch started(1);
    ASSERT_TRUE(pool.Submit([&] {
        started.count_down();
        gate.Wait();
    }));
    started.wait();
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.Submit([] {}));
    EXPECT_FALSE(pool.Submit([] {}));
    EXPECT_EQ(pool.Stats().queued, 3u);
    gate.Open();
    pool.Stop();
}

TEST(WorkerPool, NeverHasMoreThreadsThanItMay) {
    WorkerPool pool({.threads_max = 3, .permits = 1});
    Gate gate;
    std::atomic<int> waiting{0}, ran{0};
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(pool.Submit([&] {
            ++waiting;
            gate.WaitBlocking();
            ++ran;
        }));
    EXPECT_TRUE(Eventually([&] { return waiting == 3; }));
    EXPECT_EQ(pool.Stats().threads, 3u);
    EXPECT_EQ(pool.Stats().queued, 7u);
    gate.Open();
    pool.Stop();
    EXPECT_EQ(ran, 10);
}

TEST(WorkerPool, LetsIdleThreadsGoAndStartsThemAgain) {
    WorkerPool pool({.permits = 2, .idle_after = milliseconds(5)});
    for (int round = 0; round < 3; ++round) {
        std::atomic<int> ran{0};
        for (int i = 0; i < 8; ++i) ASSERT_TRUE(pool.Submit([&] { ++ran; }));
        EXPECT_TRUE(Eventually([&] { return ran == 8; }));
        EXPECT_TRUE(Eventually([&] { return pool.Stats().threads == 0; }));
    }
}

TEST(WorkerPool, RunsWhatItTookBeforeItStopsAndNothingAfter) {
    std::atomic<int> ran{0};
    WorkerPool pool({.permits = 1});
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(pool.Submit([&] { ++ran; }));
    pool.Stop();
    EXPECT_EQ(ran, 50);
    EXPECT_FALSE(pool.Submit([&] { ++ran; }));
    EXPECT_EQ(ran, 50);
}

TEST(WorkerPool, LosesNoJobWhenManyThreadsSubmitAndBlock) {
    WorkerPool pool({.threads_max = 16, .queue_max = 100'000, .permits = 2, .idle_after = milliseconds(1)});
    std::atomic<int> ran{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i)
                EXPECT_TRUE(pool.Submit([&, t, i] {
                    if ((t + i) % 5 == 0) {
                        const Blocking outside;
                        std::this_thread::yield();
                    }
                    ++ran;
                }));
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_TRUE(Eventually([&] { return ran == 4000; }));
}

}  // namespace
}  // namespace cardea
