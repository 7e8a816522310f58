#pragma once
// Text messages: through Amazon SNS (or what speaks its Query API), or through a webhook of the operator's.
//
// The webhook gets a POST as Standard Webhooks 1.0 signs it: webhook-id, webhook-timestamp (seconds since 1970) and
// webhook-signature "v1,<base64 of HMAC-SHA256 of id.timestamp.body>", with the body
//   {"type":"sms","timestamp":"2026-11-21T12:00:00.000Z","pool_id":"…","to":"+15555550100","body":"Your …"}
// and answers 2xx when it has taken the message.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/random.h"
#include "base/secret.h"
#include "crypto/sigv4.h"
#include "delivery/delivery.h"
#include "net/http_client.h"

namespace cardea {

struct SnsSettings {
    std::string endpoint;  // "https://sns.eu-west-1.amazonaws.com/"
    std::string region;
    AwsCredentials credentials;
    std::string sender_id;  // empty: SNS chooses
};

struct SmsWebhookSettings {
    std::string url;                       // https
    Secret key;                            // the bytes of the signing secret
    bool allow_private_addresses = false;  // the host may be in the operator's own network
};

struct SmsTransport {
    std::string name;                       // for the log
    std::optional<std::string> source_arn;  // pools whose SmsConfiguration names this role use this transport
    std::variant<SnsSettings, SmsWebhookSettings> way;
    std::chrono::milliseconds timeout{5'000};  // for all of one attempt
    std::size_t concurrent_max = 32;
    std::string ca_file;  // PEM; empty: the system's
};

// "whsec_" and base64 of 24 to 64 bytes (Standard Webhooks 1.0, "Signature scheme").
std::optional<Secret> ParseWebhookSecret(std::string_view text);
// "v1,<base64>"
std::string SignWebhook(const Secret& key, std::string_view id, std::string_view timestamp, std::string_view body);

// Whether it is a number in E.164 form: "+" and 2 to 15 digits, the first not 0.
bool IsE164Number(std::string_view text);

// SNS's Publish (Query API, version 2010-03-31), signed for `now`. The settings' endpoint is a URL.
HttpCall MakeSnsCall(const SnsSettings& settings, const Message& message, Instant now);
HttpCall MakeWebhookCall(const SmsWebhookSettings& settings, const Message& message, std::string_view id, Instant now);

class SmsDelivery final : public Delivery {
 public:
    // `clock` and `random` outlive it.
    SmsDelivery(SmsTransport transport, const Clock& clock, Random& random);
    Delivered Send(const Message& message) override;

 private:
    const SmsTransport transport_;
    const HttpClient client_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace cardea
