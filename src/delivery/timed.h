#pragma once
// How sends go, so that one which is left out goes alike: a sign-in name that nobody has must not be told from
// somebody's by the time that a mail server takes, nor by its refusing.
//
//   TimedDelivery timed(std::make_unique<SmtpDelivery>(…), random);
//   timed.Send(message);
//   timed.Simulate(message);     // about as long as a recent Send took

#include <chrono>
#include <deque>
#include <functional>
#include <memory>

#include "base/guarded.h"
#include "base/random.h"
#include "delivery/delivery.h"

namespace cardea {

// Thread-safe.
class TimedDelivery final : public Delivery {
 public:
    using Time = std::chrono::steady_clock::time_point;
    struct Stopwatch {
        std::function<Time()> now;
        std::function<void(std::chrono::steady_clock::duration)> wait;
    };
    // `random` outlives it. The second is for tests.
    TimedDelivery(std::unique_ptr<Delivery> next, Random& random);
    TimedDelivery(std::unique_ptr<Delivery> next, Random& random, Stopwatch stopwatch);

    Delivered Send(const Message& message) override;
    // Takes as long as one of the last eight sends, drawn among them, and says what it said; before the first it takes
    // no time.
    Delivered Simulate(const Message& message) override;

 private:
    struct Sent {
        std::chrono::steady_clock::duration took;
        Delivered delivered;
    };
    const std::unique_ptr<Delivery> next_;
    Random& random_;
    const Stopwatch stopwatch_;
    Guarded<std::deque<Sent>> sent_;
};

}  // namespace cardea
