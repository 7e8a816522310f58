#pragma once
// Work that no request waits for: following other processes' changes, making signing keys ahead, sweeping.

#include <condition_variable>
#include <thread>

#include "base/guarded.h"
#include "flows/context.h"

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
    void Tick(int count);

    Services& services_;
    int reserve_;
    Guarded<bool> stopping_{false};
    std::condition_variable stop_;
    std::thread thread_;
};

}  // namespace cardea
