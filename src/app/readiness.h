#pragma once
// Whether the store answers, told without waiting for it: a thread of its own asks, and only while somebody wants to
// know.
//
//   Readiness readiness(store);
//   readiness.Read();               // what is known, at most a second old while somebody reads

#include <chrono>
#include <condition_variable>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "base/guarded.h"
#include "store/store.h"

namespace cardea {

// Thread-safe. The destructor waits for a question that is under way.
class Readiness {
 public:
    // The store was opened, and so has answered; it outlives this object.
    explicit Readiness(Store& store);
    ~Readiness();
    Readiness(const Readiness&) = delete;
    Readiness& operator=(const Readiness&) = delete;

    // False where the last answer was no, and where one has not come for two seconds. The store is asked each second
    // from the first call on until nobody has called for a minute. Never waits: for the event loop.
    bool Read();

 private:
    using TimePoint = std::chrono::steady_clock::time_point;
    struct State {
        bool ready = true;
        bool stopping = false;
        TimePoint wanted_until = {};
        std::optional<TimePoint> asked;  // the question that is under way

        bool WaitsFor(TimePoint next) const {
            const TimePoint now = Monotonic();
            return now < next || wanted_until < now;
        }
    };
    void Loop();

    Store& store_;
    Guarded<State> state_;
    std::condition_variable changed_;
    std::thread thread_;
};

}  // namespace cardea
