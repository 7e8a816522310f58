#pragma once
// Sends one mail to an SMTP server (RFC 5321): one short attempt, no queue.
//
//   const SendOutcome outcome = SendMail({.host = "smtp.example.com", .port = 587}, mail);
//   if (outcome.kind != SendOutcome::Kind::kSent) …

#include <chrono>
#include <cstdint>
#include <string>

#include "base/secret.h"
#include "net/mail.h"

namespace cardea {

enum class SmtpSecurity : std::uint8_t {
    kNone,
    kStartTls,  // required: a server that does not offer it is refused, never talked to in the clear
    kTls,       // from the first byte (RFC 8314 §3.3)
};

struct SmtpSettings {
    std::string host;
    std::uint16_t port = 587;
    SmtpSecurity security = SmtpSecurity::kStartTls;
    std::string username;  // empty: no authentication
    Secret password;
    std::chrono::milliseconds timeout{5'000};  // for all of it
    std::string ca_file;                       // PEM; empty: the system's
    std::string helo = "localhost";            // what this side calls itself
};

struct SendOutcome {
    enum class Kind : std::uint8_t {
        kSent,         // the server has taken the mail
        kRefused,      // the server, or this side for a field that cannot be sent: another try would fail alike
        kUnreachable,  // nobody there, too slow, or not who it should be
    } kind = Kind::kUnreachable;
    int code = 0;      // the server's reply code, where it gave one
    std::string text;  // for the log
};

// Blocks, inside Blocking. Does not throw. Thread-safe.
SendOutcome SendMail(const SmtpSettings& settings, const Mail& mail);

}  // namespace cardea
