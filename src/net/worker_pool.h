#pragma once
// The threads that run requests.
//
//   WorkerPool pool({.threads_max = 256, .queue_max = 1024});
//   if (!pool.Submit([=] { … })) …      // the queue is full: refuse
//
// Jobs start in the order in which they came. As many compute at once as there are permits (one a core); a job that
// waits for something outside says so with Blocking (base/permits.h), and another takes its place, on a new thread if
// none is idle. So a burst of signatures is served in order, one a core, and a slow mail server holds up nobody.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace cardea {

// The cores that this process may run on (sched_getaffinity), at least 1.
std::size_t UsableCores();

struct WorkerPoolOptions {
    std::size_t threads_max = 256;
    std::size_t queue_max = 1024;
    std::size_t permits = UsableCores();
    std::chrono::milliseconds idle_after{10'000};  // an idle thread ends after that time
};

struct WorkerPoolStats {
    std::size_t threads = 0;
    std::size_t idle = 0;
    std::size_t blocked = 0;  // inside Blocking
    std::size_t queued = 0;
};

// Thread-safe.
class WorkerPool {
 public:
    // Jobs do not throw.
    using Job = std::function<void()>;

    explicit WorkerPool(WorkerPoolOptions options);
    // Stops.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    // False when the queue is full or the pool has stopped; the job is dropped then.
    bool Submit(Job job);
    // Takes no more jobs, runs those that were taken, and waits for all threads to end.
    void Stop();
    WorkerPoolStats Stats() const;

 private:
    class Crew;
    std::unique_ptr<Crew> crew_;
};

}  // namespace cardea
