#include "app/readiness.h"

#include <atomic>
#include <gtest/gtest.h>
#include <mutex>

#include "base/clock.h"

namespace cardea {
namespace {

// A store that answers as it is told, and hangs while `disk` is held.
class ToldStore final : public Store {
 public:
    bool IsReady() override {
        const std::lock_guard turn(disk);
        return answer;
    }
    std::mutex disk;
    std::atomic<bool> answer{true};

 protected:
    void RunRead(FunctionRef<void(sql::Connection&)>) override {}
    void RunTransact(FunctionRef<void(sql::Connection&)>) override {}
};

bool Becomes(Readiness& readiness, bool wanted) {
    const auto until = Monotonic() + std::chrono::seconds(10);
    while (readiness.Read() != wanted)
        if (Monotonic() > until) return false;
    return true;
}

TEST(Readiness, IsTheStoresAnswer) {
    ToldStore store;
    Readiness readiness(store);
    EXPECT_TRUE(readiness.Read());
    store.answer = false;
    EXPECT_TRUE(Becomes(readiness, false));
    store.answer = true;
    EXPECT_TRUE(Becomes(readiness, true));
}

TEST(Readiness, DoesNotWaitForAStoreThatHangs) {
    ToldStore store;
    Readiness readiness(store);
    std::unique_lock hung(store.disk);
    const auto began = Monotonic();
    EXPECT_TRUE(readiness.Read());
    EXPECT_LT(Monotonic() - began, std::chrono::seconds(1));
    EXPECT_TRUE(Becomes(readiness, false));
    EXPECT_GE(Monotonic() - began, std::chrono::milliseconds(1900));
    EXPECT_LT(Monotonic() - began, std::chrono::seconds(5));
    hung.unlock();
    EXPECT_TRUE(Becomes(readiness, true));
}

}  // namespace
}  // namespace cardea
