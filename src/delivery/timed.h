#pragma once
// How long sends take, so that one which is left out takes as long: a sign-in name that nobody has must not be told
// from somebody's by the time that a mail server takes.
//
//   TimedDelivery timed(std::make_unique<SmtpDelivery>(…), 50, random);
//   timed.Send(message);
//   timed.Simulate(message);     // about as long as a recent Send took

#include <atomic>
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
    // At most `simulated_max` sends are simulated at once, each of which holds a worker; one more takes no time.
    // `random` outlives it. The second is for tests.
    TimedDelivery(std::unique_ptr<Delivery> next, std::size_t simulated_max, Random& random);
    TimedDelivery(std::unique_ptr<Delivery> next, std::size_t simulated_max, Random& random, Stopwatch stopwatch);

    Delivered Send(const Message& message) override;
    // Takes as long as one of the last eight sends that were delivered, drawn among them; before the first no time.
    void Simulate(const Message& message) override;

 private:
    const std::unique_ptr<Delivery> next_;
    const std::size_t simulated_max_;
    std::atomic<std::size_t> under_way_{0};
    Random& random_;
    const Stopwatch stopwatch_;
    Guarded<std::deque<std::chrono::steady_clock::duration>> took_;
};

}  // namespace cardea
