#pragma once
// E-mail by an SMTP server.
//
//   SmtpDelivery delivery({.name = "default", .smtp = {.host = "smtp.example.com"}, .from = "no-reply@example.com"},
//                         clock, random);

#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "delivery/delivery.h"
#include "net/smtp.h"

namespace cardea {

struct EmailTransport {
    std::string name;                       // for the log
    std::optional<std::string> source_arn;  // pools whose EmailConfiguration names it use this transport
    SmtpSettings smtp;
    std::string from;  // "a@b" or "Name <a@b>", for pools that name no sender
    std::size_t concurrent_max = 32;
};

// The sender of a message: the pool's From, else the address that its SourceArn names
// ("arn:aws:ses:…:identity/no-reply@example.com"), else the transport's own.
std::string SenderOf(const Message& message, const EmailTransport& transport);

// The mail for an e-mail message. Templates are HTML, as Cognito's are; one without markup goes out as text as well.
// The message id is random, at the sender's domain.
Mail MakeMail(const Message& message, const EmailTransport& transport, Instant now, Random& random);

class SmtpDelivery final : public Delivery {
 public:
    // `clock` and `random` outlive it.
    SmtpDelivery(EmailTransport transport, const Clock& clock, Random& random);
    Delivered Send(const Message& message) override;

 private:
    const EmailTransport transport_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace cardea
