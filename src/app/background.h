#pragma once
// Work that no request waits for: following other processes' changes; and, in one process of those that share the
// database, making signing keys ahead and sweeping.

#include <chrono>
#include <condition_variable>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/function_ref.h"
#include "base/guarded.h"
#include "flows/context.h"
#include "store/store.h"

namespace cardea {

// Two threads, from construction to destruction.
class Background {
 public:
    // `reserve` is how many signing keys are kept ready (two a pool).
    Background(Services& services, int reserve);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

 private:
    void Follow();
    void Work();
    void EachSecond(int nice, FunctionRef<void()> tick);
    void DoWork();
    bool HoldsLease();
    void Sweep(std::chrono::steady_clock::time_point until, FunctionRef<std::int64_t(sql::Connection&)> sweep);

    Services& services_;
    int reserve_;
    Guarded<bool> stopping_{false};
    std::condition_variable stop_;
    const std::string holder_;  // of the lease: this object
    Instant lease_until_;       // what the worker knows of it
    std::thread follower_;      // a second later at most, whatever the work takes
    std::thread worker_;
};

}  // namespace cardea
