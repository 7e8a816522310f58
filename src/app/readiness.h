#pragma once
// Whether the store answers, told without waiting for it: a thread of its own asks, and only while somebody wants to
// know.
//
//   Readiness readiness(store);
//   readiness.Read();               // what is known now; the next call knows more

#include <chrono>
#include <condition_variable>
#include <optional>
#include <thread>

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

    // False where the last answer was no, and where one has not come for two seconds. Has the store asked again where
    // the last answer is a second old. Never waits: for the event loop.
    bool Read();

 private:
    using TimePoint = std::chrono::steady_clock::time_point;
    struct State {
        bool ready = true;
        bool wanted = false;  // a question
        bool stopping = false;
        TimePoint answered = {};
        std::optional<TimePoint> asked;  // the question that is wanted or under way
    };
    void Loop();

    Store& store_;
    Guarded<State> state_;
    std::condition_variable changed_;
    std::thread thread_;
};

}  // namespace cardea
