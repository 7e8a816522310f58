#pragma once
// Permits: as many threads compute at once as there are cores, and the others wait in the order in which they came.
//
// A worker holds a permit while it runs an operation and gives it back while it waits for something outside:
//
//   Blocking outside;          // until the end of the scope this thread waits, and another may compute
//   future.wait();
//
// So hundreds of requests may wait for the disk, a trigger or a mail server without slowing the ones that compute, and
// signatures and exponentiations never pile up on the cores.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>

namespace cardea {

// Told when a thread that holds a permit begins and ends to wait for something outside. Called on that thread, without
// any lock; does not throw.
class BlockingWatcher {
 public:
    virtual ~BlockingWatcher() = default;
    virtual void OnBlock() = 0;
    virtual void OnUnblock() = 0;
};

// Thread-safe.
class Permits {
 public:
    // `watcher`, where there is one, outlives this object.
    explicit Permits(std::size_t count, BlockingWatcher* watcher = nullptr) : watcher_(watcher), free_(count) {}
    // Waits for a permit: first come, first served.
    void Acquire();
    void Release();
    // How many stand in line.
    std::size_t Waiting() const;
    BlockingWatcher* Watcher() const { return watcher_; }

 private:
    struct Waiter {
        std::condition_variable ready;
        bool granted = false;
    };
    BlockingWatcher* const watcher_;
    mutable std::mutex mutex_;
    std::size_t free_;
    std::deque<Waiter*> waiting_;
};

// Held by a worker around one operation: makes `permits` the ones that Blocking on this thread gives back.
class HoldPermit {
 public:
    explicit HoldPermit(Permits& permits);
    ~HoldPermit();
    HoldPermit(const HoldPermit&) = delete;
    HoldPermit& operator=(const HoldPermit&) = delete;
};

// Gives this thread's permit back for as long as it lives. Does nothing on a thread that holds none.
class Blocking {
 public:
    Blocking();
    ~Blocking();
    Blocking(const Blocking&) = delete;
    Blocking& operator=(const Blocking&) = delete;

 private:
    Permits* permits_;
};

}  // namespace cardea
