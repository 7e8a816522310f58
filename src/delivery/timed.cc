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

TimedDelivery::TimedDelivery(std::unique_ptr<Delivery> next, Random& random)
    : TimedDelivery(std::move(next), random, {.now = Monotonic, .wait = Wait}) {}

TimedDelivery::TimedDelivery(std::unique_ptr<Delivery> next, Random& random, Stopwatch stopwatch)
    : next_(std::move(next)), random_(random), stopwatch_(std::move(stopwatch)) {}

Delivered TimedDelivery::Send(const Message& message) {
    const Time began = stopwatch_.now();
    const Delivered delivered = next_->Send(message);
    auto sent = sent_.Lock();
    sent->push_back({stopwatch_.now() - began, delivered});
    if (sent->size() > kRemembered) sent->pop_front();
    return delivered;
}

Delivered TimedDelivery::Simulate(const Message&) {
    Sent alike;
    {
        auto sent = sent_.Lock();
        if (sent->empty()) return Delivered::kYes;
        alike = sent->at(RandomBelow(random_, static_cast<std::uint32_t>(sent->size())));
    }
    stopwatch_.wait(alike.took);
    return alike.delivered;
}

}  // namespace cardea
