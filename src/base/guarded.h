#pragma once
// Guarded<T>: data that can be reached only through its lock.
//
//   Guarded<std::map<…>> cache;
//   auto locked = cache.Lock();      // the lock is held while `locked` lives
//   locked->emplace(…);
//
// Never held across I/O.

#include <condition_variable>
#include <mutex>
#include <utility>

namespace cardea {

template <class T>
class Guarded {
 public:
    class Access {
     public:
        explicit Access(Guarded& owner) : lock_(owner.mutex_), value_(&owner.value_) {}
        T* operator->() { return value_; }
        T& operator*() { return *value_; }
        // Gives the lock back, waits for a notification, and takes it again; spurious wake-ups happen.
        void Wait(std::condition_variable& changed) { changed.wait(lock_); }
        template <class TimePoint>
        std::cv_status WaitUntil(std::condition_variable& changed, const TimePoint& until) {
            return changed.wait_until(lock_, until);
        }

     private:
        std::unique_lock<std::mutex> lock_;
        T* value_;
    };

    template <class... Args>
    explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}
    Access Lock() { return Access(*this); }

 private:
    std::mutex mutex_;
    T value_;
};

}  // namespace cardea
