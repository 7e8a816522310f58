#include "delivery/transports.h"

#include "base/log.h"
#include "delivery/timed.h"

namespace cardea {

CappedDelivery::CappedDelivery(std::string name, std::size_t concurrent_max, std::unique_ptr<Delivery> next)
    : name_(std::move(name)), concurrent_max_(concurrent_max), next_(std::move(next)) {}

Delivered CappedDelivery::Send(const Message& message) {
    return InPlace(message, [&] { return next_->Send(message); });
}

Delivered CappedDelivery::Simulate(const Message& message) {
    return InPlace(message, [&] { return next_->Simulate(message); });
}

Delivered CappedDelivery::InPlace(const Message& message, FunctionRef<Delivered()> send) {
    struct Place {
        std::atomic<std::size_t>& count;
        const std::size_t before = count.fetch_add(1);
        ~Place() { count.fetch_sub(1); }
    } const place{under_way_};
    if (place.before < concurrent_max_) return send();
    Log(LogLevel::kWarning, "message_not_sent",
        {{"transport", name_},
         {"channel", NameOf(message.medium)},
         {"pool", message.pool_id},
         {"reason", "too many sends under way"}});
    return Delivered::kNo;
}

Transports::Transports(const TransportSettings& settings, const Clock& clock, Random& random) {
    const auto add = [&random](std::vector<Route>& routes, const auto& transport, std::unique_ptr<Delivery> way) {
        auto timed = std::make_unique<TimedDelivery>(std::move(way), random);
        routes.push_back({transport.source_arn, std::make_unique<CappedDelivery>(
                                                    transport.name, transport.concurrent_max, std::move(timed))});
    };
    for (const EmailTransport& each : settings.email)
        add(email_, each, std::make_unique<SmtpDelivery>(each, clock, random));
    for (const SmsTransport& each : settings.sms) add(sms_, each, std::make_unique<SmsDelivery>(each, clock, random));
}

Delivery* Transports::WayOf(const Message& message) const {
    Delivery* other = nullptr;
    for (const Route& route : message.medium == DeliveryMedium::kEmail ? email_ : sms_) {
        if (route.source_arn && route.source_arn == message.source_arn) return route.way.get();
        if (!route.source_arn && !other) other = route.way.get();
    }
    return other;
}

Delivered Transports::Simulate(const Message& message) {
    Delivery* way = WayOf(message);
    return way ? way->Simulate(message) : Delivered::kNo;
}

Delivered Transports::Send(const Message& message) {
    if (Delivery* way = WayOf(message)) return way->Send(message);
    Log(LogLevel::kWarning, "message_not_sent",
        {{"channel", NameOf(message.medium)}, {"pool", message.pool_id}, {"reason", "no transport is configured"}});
    return Delivered::kNo;
}

}  // namespace cardea
