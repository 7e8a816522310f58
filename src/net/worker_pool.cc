#include "net/worker_pool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <optional>
#include <sched.h>
#include <system_error>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "base/log.h"
#include "base/permits.h"

namespace cardea {

std::size_t UsableCores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
    return std::max(1u, std::thread::hardware_concurrency());
}

namespace {

// A place for a thread. Places are never freed while the pool lives: one may be notified after its thread has left.
struct Seat {
    std::condition_variable wake;
    std::thread thread;
    bool called = false;  // somebody wants this idle thread to look at the queue
    bool taken = false;   // a thread runs on it
};

struct Roster {
    std::deque<WorkerPool::Job> queue;
    std::vector<std::unique_ptr<Seat>> seats;
    std::vector<Seat*> idle;  // the last one that became idle is called first: its caches are warm
    std::size_t threads = 0;
    std::size_t computing = 0;  // threads that are neither idle nor inside Blocking; may exceed the permits for a while
    std::size_t blocked = 0;
    bool stopped = false;
};

}  // namespace

// What makes a job never wait beside a free permit: whenever the queue is not empty, either `permits` threads compute
// (each looks at the queue when it is done, and OnBlock when it waits), or as many threads as there may be exist.
class WorkerPool::Crew final : private BlockingWatcher {
 public:
    explicit Crew(const WorkerPoolOptions& options)
        : options_(options), permits_(std::max<std::size_t>(1, options.permits), this) {
        CHECK(options.threads_max > 0);
    }

    bool Submit(Job job) {
        Seat* called = nullptr;
        {
            auto roster = roster_.Lock();
            if (roster->stopped || roster->queue.size() >= options_.queue_max) return false;
            roster->queue.push_back(std::move(job));
            called = CallOne(*roster);
        }
        if (called) called->wake.notify_one();
        return true;
    }

    void Stop() {
        std::vector<std::thread> threads;
        {
            auto roster = roster_.Lock();
            roster->stopped = true;
            for (const auto& seat : roster->seats) {
                seat->wake.notify_one();
                if (seat->thread.joinable()) threads.push_back(std::move(seat->thread));
            }
        }
        for (std::thread& thread : threads) thread.join();
    }

    WorkerPoolStats Stats() {
        auto roster = roster_.Lock();
        return {.threads = roster->threads,
                .idle = roster->idle.size(),
                .blocked = roster->blocked,
                .queued = roster->queue.size()};
    }

 private:
    // Counts an idle or a new thread as computing, if there is work and a permit for it. The caller notifies the seat
    // that is returned, after it has given the lock back.
    Seat* CallOne(Roster& roster) {
        if (roster.queue.empty() || roster.computing >= options_.permits) return nullptr;
        if (!roster.idle.empty()) {
            Seat* seat = roster.idle.back();
            roster.idle.pop_back();
            seat->called = true;
            ++roster.computing;
            return seat;
        }
        if (roster.threads < options_.threads_max && !roster.stopped) StartThread(roster);
        return nullptr;
    }

    void StartThread(Roster& roster) {
        Seat* seat = nullptr;
        for (const auto& each : roster.seats)
            if (!each->taken) seat = each.get();
        if (!seat) seat = roster.seats.emplace_back(std::make_unique<Seat>()).get();
        if (seat->thread.joinable()) seat->thread.join();  // has left the roster: ends at once
        try {
            seat->thread = std::thread([this, seat] { Work(*seat); });
        } catch (const std::system_error& failure) {
            // Served later by the threads that there are. With none at all nothing could ever be served.
            Log(LogLevel::kError, "thread_refused", {{"reason", failure.what()}});
            CHECK(roster.threads > 0);
            return;
        }
        seat->taken = true;
        ++roster.threads;
        ++roster.computing;
    }

    void Work(Seat& seat) {
        while (const auto job = Next(seat)) {
            const HoldPermit permit(permits_);
            (*job)();
        }
    }

    // Waits for a job; nothing when the thread should end. The thread counts as computing when it calls and returns.
    std::optional<Job> Next(Seat& seat) {
        auto roster = roster_.Lock();
        while (roster->queue.empty() || roster->computing > options_.permits) {
            --roster->computing;
            if (roster->stopped && roster->queue.empty()) {
                for (Seat* other : roster->idle) other->wake.notify_one();
                return Leave(*roster, seat);
            }
            roster->idle.push_back(&seat);
            const auto until = Monotonic() + options_.idle_after;
            bool late = false;
            while (!seat.called && !late && !(roster->stopped && roster->queue.empty()))
                late = roster.WaitUntil(seat.wake, until) == std::cv_status::timeout;
            if (!seat.called) {
                std::erase(roster->idle, &seat);
                return Leave(*roster, seat);
            }
            seat.called = false;
        }
        Job job = std::move(roster->queue.front());
        roster->queue.pop_front();
        return job;
    }

    static std::optional<Job> Leave(Roster& roster, Seat& seat) {
        seat.taken = false;
        --roster.threads;
        return std::nullopt;
    }

    void OnBlock() override {
        Seat* called = nullptr;
        {
            auto roster = roster_.Lock();
            --roster->computing;
            ++roster->blocked;
            called = CallOne(*roster);
        }
        if (called) called->wake.notify_one();
    }

    void OnUnblock() override {
        auto roster = roster_.Lock();
        ++roster->computing;
        --roster->blocked;
    }

    const WorkerPoolOptions options_;
    Permits permits_;
    Guarded<Roster> roster_;
};

WorkerPool::WorkerPool(WorkerPoolOptions options) : crew_(std::make_unique<Crew>(options)) {}
WorkerPool::~WorkerPool() { Stop(); }
bool WorkerPool::Submit(Job job) { return crew_->Submit(std::move(job)); }
void WorkerPool::Stop() { crew_->Stop(); }
WorkerPoolStats WorkerPool::Stats() const { return crew_->Stats(); }

}  // namespace cardea
