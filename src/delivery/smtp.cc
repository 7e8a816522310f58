#include "delivery/smtp.h"

#include "base/log.h"

namespace cardea {

namespace {

// Servers like to quote the recipient in their refusals.
std::string WithoutAddress(std::string text, const std::string& address) {
    if (address.empty()) return text;
    for (std::size_t at = text.find(address); at != std::string::npos; at = text.find(address, at))
        text.replace(at, address.size(), "***");
    return text;
}

std::string_view NameOf(SendOutcome::Kind kind) {
    return kind == SendOutcome::Kind::kRefused ? "refused" : "unreachable";
}

}  // namespace

std::string SenderOf(const Message& message, const EmailTransport& transport) {
    if (message.from && !message.from->empty()) return *message.from;
    if (message.source_arn) {
        const std::size_t slash = message.source_arn->find(":identity/");
        std::string identity = slash == std::string::npos ? "" : message.source_arn->substr(slash + 10);
        if (ParseMailbox(identity)) return identity;  // a domain's identity names no address
    }
    return transport.from;
}

Mail MakeMail(const Message& message, const EmailTransport& transport, Instant now, Random& random) {
    Mail mail;
    mail.from = SenderOf(message, transport);
    mail.to = message.to;
    mail.reply_to = message.reply_to;
    mail.subject = message.subject;
    const std::string body(message.body.Reveal());
    if (body.find_first_of("<&") == std::string::npos) mail.text = body;
    mail.html = body;
    mail.date = now;
    if (const auto sender = ParseMailbox(mail.from))
        mail.message_id = "<" + RandomUuid(random) + sender->address.substr(sender->address.rfind('@')) + ">";
    return mail;
}

SmtpDelivery::SmtpDelivery(EmailTransport transport, const Clock& clock, Random& random)
    : transport_(std::move(transport)), clock_(clock), random_(random) {}

Delivered SmtpDelivery::Send(const Message& message) {
    Mail mail = MakeMail(message, transport_, clock_.Now(), random_);
    const SendOutcome outcome = SendMail(transport_.smtp, mail);
    WipeMemory(mail.text.data(), mail.text.size());
    WipeMemory(mail.html->data(), mail.html->size());
    if (outcome.kind == SendOutcome::Kind::kSent) return Delivered::kYes;
    Log(LogLevel::kWarning, "message_not_sent",
        {{"transport", transport_.name},
         {"channel", "EMAIL"},
         {"pool", message.pool_id},
         {"reason", NameOf(outcome.kind)},
         {"code", outcome.code},
         {"text", WithoutAddress(outcome.text, message.to)}});
    return Delivered::kNo;
}

}  // namespace cardea
