#pragma once
// A mail, and how it is written (RFC 5322, RFC 2045, RFC 2047).
//
//   const auto text = PrintMail({.from = "Shop <no-reply@example.com>", .to = "ada@example.com",
//                                .subject = "Your code", .text = "123456", .date = now});

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"

namespace cardea {

struct Mail {
    std::string from;  // "a@b" or "Name <a@b>"
    std::string to;    // "a@b"
    std::optional<std::string> reply_to;
    std::string subject;
    std::string text;                 // UTF-8
    std::optional<std::string> html;  // with text: alternatives; without: alone
    std::string message_id;           // "<id@host>"; empty: the mail server gives one
    Instant date;
};

struct Mailbox {
    std::string name;  // UTF-8, may be empty
    std::string address;
};

// ASCII addresses of the common form: no quoted local parts, no comments, no domain literals, and nothing that could
// end a line or a command. Names may have any character but controls.
std::optional<Mailbox> ParseMailbox(std::string_view text);

struct MailText {
    std::string envelope_from, envelope_to;
    std::string content;  // headers and body, lines end in CRLF, ASCII only
};
struct MailMistake {
    std::string field;  // the one that cannot be sent
};

// Refuses controls (CR, LF and NUL among them) in every field but the bodies: a header entry with a line's end would
// become a header of the sender's choice.
std::variant<MailText, MailMistake> PrintMail(const Mail& mail);

}  // namespace cardea
