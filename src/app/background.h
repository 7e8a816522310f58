#pragma once
// Work that no request waits for: following other processes' changes, making signing keys ahead, sweeping.

#include <chrono>
#include <condition_variable>
#include <thread>

#include "base/function_ref.h"
#include "base/guarded.h"
#include "flows/context.h"
#include "store/store.h"

namespace cardea {

// One thread of low priority, from construction to destruction.
class Background {
 public:
    // `reserve` is how many signing keys are kept ready (two a pool).
    Background(Services& services, int reserve);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

 private:
    void Run();
    void Tick();
    void Sweep(std::chrono::steady_clock::time_point until, FunctionRef<std::int64_t(sql::Connection&)> sweep);

    Services& services_;
    int reserve_;
    Guarded<bool> stopping_{false};
    std::condition_variable stop_;
    std::thread thread_;
};

}  // namespace cardea
