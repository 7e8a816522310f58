#pragma once
// The operator's transports, and which one a message takes.
//
//   Transports transports({.email = {…}, .sms = {…}}, clock, random);
//   transports.Send(message);
//
// A message whose pool names an ARN (EmailConfiguration's SourceArn, SmsConfiguration's role) takes the transport of
// that ARN. Others, and those whose ARN no transport has, take the first transport without an ARN. Without one, the
// message is not delivered.

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/function_ref.h"
#include "delivery/delivery.h"
#include "delivery/sms.h"
#include "delivery/smtp.h"

namespace cardea {

struct TransportSettings {
    std::vector<EmailTransport> email;
    std::vector<SmsTransport> sms;
};

// As many sends at once as a transport's concurrent_max: one more is refused at once, so that a server that is silent
// keeps a bounded number of workers waiting. Thread-safe.
class CappedDelivery final : public Delivery {
 public:
    CappedDelivery(std::string name, std::size_t concurrent_max, std::unique_ptr<Delivery> next);
    Delivered Send(const Message& message) override;
    Delivered Simulate(const Message& message) override;  // takes a place as a send does

 private:
    Delivered InPlace(const Message& message, FunctionRef<Delivered()> send);

    const std::string name_;
    const std::size_t concurrent_max_;
    const std::unique_ptr<Delivery> next_;
    std::atomic<std::size_t> under_way_{0};
};

// Thread-safe.
class Transports final : public Delivery {
 public:
    // `clock` and `random` outlive it.
    Transports(const TransportSettings& settings, const Clock& clock, Random& random);
    Delivered Send(const Message& message) override;
    Delivered Simulate(const Message& message) override;  // as the transport that it would take (delivery/timed.h)

 private:
    struct Route {
        std::optional<std::string> source_arn;
        std::unique_ptr<Delivery> way;
    };
    Delivery* WayOf(const Message& message) const;

    std::vector<Route> email_, sms_;
};

}  // namespace cardea
