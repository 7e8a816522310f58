#include "delivery/transports.h"

#include <condition_variable>
#include <gtest/gtest.h>
#include <mutex>
#include <thread>

#include "unit/delivery/scripted_server.h"

namespace cardea {
namespace {

const ScriptedServer::Script kPolite = {{"EHLO", "250 x\r\n"},     {"MAIL", "250 ok\r\n"}, {"RCPT", "250 ok\r\n"},
                                        {"DATA", "354 go on\r\n"}, {".", "250 ok\r\n"},    {"QUIT", "221 bye\r\n"}};

EmailTransport To(const ScriptedServer& server, std::string name, std::optional<std::string> arn) {
    EmailTransport out{.name = std::move(name), .source_arn = std::move(arn), .from = "no-reply@example.com"};
    out.smtp = {.host = "127.0.0.1", .port = server.Port(), .security = SmtpSecurity::kNone};
    return out;
}

Message Email(std::optional<std::string> arn) {
    Message message;
    message.to = "ada@example.com";
    message.subject = "Hello";
    message.body = Secret("Hello");
    message.source_arn = std::move(arn);
    return message;
}

TEST(Transports, TheArnChoosesElseTheFirstWithoutOne) {
    ScriptedServer plain("220 x\r\n", kPolite), named("220 x\r\n", kPolite);
    ManualClock clock(FromSeconds(0));
    SeededRandom random(1);
    Transports transports({.email = {To(named, "named", "arn:1"), To(plain, "plain", std::nullopt)}}, clock, random);
    EXPECT_EQ(transports.Send(Email("arn:1")), Delivered::kYes);
    EXPECT_NE(named.Heard(), "");
    EXPECT_EQ(plain.Heard(), "");
    EXPECT_EQ(transports.Send(Email("arn:2")), Delivered::kYes);
    EXPECT_EQ(transports.Send(Email(std::nullopt)), Delivered::kYes);
    EXPECT_EQ(std::string(named.Heard()).find("MAIL"), named.Heard().rfind("MAIL"));
    EXPECT_NE(plain.Heard().find("MAIL"), plain.Heard().rfind("MAIL"));
}

TEST(Transports, WithoutATransportNothingIsDelivered) {
    ManualClock clock(FromSeconds(0));
    SeededRandom random(1);
    Transports transports({}, clock, random);
    EXPECT_EQ(transports.Send(Email(std::nullopt)), Delivered::kNo);
    Message sms;
    sms.medium = DeliveryMedium::kSms;
    sms.to = "+15555550100";
    EXPECT_EQ(transports.Send(sms), Delivered::kNo);
}

// Holds every send until it is let go.
class Stuck final : public Delivery {
 public:
    Delivered Send(const Message&) override {
        std::unique_lock lock(mutex);
        ++inside;
        changed.notify_all();
        changed.wait(lock, [&] { return open; });
        return Delivered::kYes;
    }
    void AwaitInside(int count) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return inside == count; });
    }
    void Open() {
        const std::lock_guard lock(mutex);
        open = true;
        changed.notify_all();
    }
    std::mutex mutex;
    std::condition_variable changed;
    int inside = 0;
    bool open = false;
};

TEST(Transports, OneMoreThanTheCapIsRefusedAtOnce) {
    auto owned = std::make_unique<Stuck>();
    Stuck& stuck = *owned;
    CappedDelivery capped("test", 2, std::move(owned));
    std::vector<std::thread> senders;
    for (int i = 0; i < 2; ++i)
        senders.emplace_back([&] { EXPECT_EQ(capped.Send(Email(std::nullopt)), Delivered::kYes); });
    stuck.AwaitInside(2);
    EXPECT_EQ(capped.Send(Email(std::nullopt)), Delivered::kNo);
    stuck.Open();
    for (std::thread& sender : senders) sender.join();
    EXPECT_EQ(capped.Send(Email(std::nullopt)), Delivered::kYes);
}

}  // namespace
}  // namespace cardea
