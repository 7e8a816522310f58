#include "delivery/timed.h"

#include <condition_variable>

#include "base/clock.h"
#include "base/permits.h"

namespace cardea {

namespace {

constexpr std::size_t kRemembered = 8;

void Wait(std::chrono::steady_clock::duration time) {
    const Blocking outside;
    const auto until = Monotonic() + time;
    Guarded<bool> over{false};  // never
    std::condition_variable changed;
    auto locked = over.Lock();
    while (!*locked && locked.WaitUntil(changed, until) == std::cv_status::no_timeout) continue;
}

}  // namespace

TimedDelivery::TimedDelivery(std::unique_ptr<Delivery> next, std::size_t simulated_max, Random& random)
    : TimedDelivery(std::move(next), simulated_max, random, {.now = Monotonic, .wait = Wait}) {}

TimedDelivery::TimedDelivery(std::unique_ptr<Delivery> next, std::size_t simulated_max, Random& random,
                             Stopwatch stopwatch)
    : next_(std::move(next)), simulated_max_(simulated_max), random_(random), stopwatch_(std::move(stopwatch)) {}

Delivered TimedDelivery::Send(const Message& message) {
    const Time began = stopwatch_.now();
    const Delivered delivered = next_->Send(message);
    if (delivered == Delivered::kNo) return delivered;  // the sender is told, so that there is nothing to hide
    auto took = took_.Lock();
    took->push_back(stopwatch_.now() - began);
    if (took->size() > kRemembered) took->pop_front();
    return delivered;
}

void TimedDelivery::Simulate(const Message&) {
    std::chrono::steady_clock::duration time{};
    {
        auto took = took_.Lock();
        if (took->empty()) return;
        time = took->at(RandomBelow(random_, static_cast<std::uint32_t>(took->size())));
    }
    if (under_way_.fetch_add(1) < simulated_max_) stopwatch_.wait(time);
    under_way_.fetch_sub(1);
}

}  // namespace cardea
