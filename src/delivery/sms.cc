#include "delivery/sms.h"

#include <algorithm>

#include "base/check.h"
#include "base/log.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "codec/percent.h"
#include "crypto/hash.h"
#include "net/url.h"

namespace cardea {

namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded; charset=utf-8";
constexpr std::size_t kMaxAnswer = 64 * 1024;

void AddParameter(std::string& form, std::string_view name, std::string_view value) {
    if (!form.empty()) form += '&';
    form.append(name).append("=").append(PercentEncode(value));
}

void AddAttribute(std::string& form, int number, std::string_view name, std::string_view value) {
    const std::string entry = "MessageAttributes.entry." + std::to_string(number) + ".";
    AddParameter(form, entry + "Name", name);
    AddParameter(form, entry + "Value.DataType", "String");
    AddParameter(form, entry + "Value.StringValue", value);
}

std::string_view NameOf(HttpFailure::Kind kind) {
    switch (kind) {
        case HttpFailure::Kind::kInvalid:
            return "invalid";
        case HttpFailure::Kind::kForbidden:
            return "forbidden";
        case HttpFailure::Kind::kTimeout:
            return "timeout";
        case HttpFailure::Kind::kTooLarge:
            return "too large";
        case HttpFailure::Kind::kUnreachable:
            break;
    }
    return "unreachable";
}

}  // namespace

std::optional<Secret> ParseWebhookSecret(std::string_view text) {
    constexpr std::string_view kPrefix = "whsec_";
    if (!text.starts_with(kPrefix)) return std::nullopt;
    auto bytes = Base64Decode(text.substr(kPrefix.size()));
    if (!bytes || bytes->size() < 24 || bytes->size() > 64) return std::nullopt;
    return Secret(std::move(*bytes));
}

std::string SignWebhook(const Secret& key, std::string_view id, std::string_view timestamp, std::string_view body) {
    std::string text;
    text.reserve(id.size() + timestamp.size() + body.size() + 2);
    text.append(id).append(".").append(timestamp).append(".").append(body);
    const std::string mac = HmacSha256(key.Reveal(), text);
    WipeMemory(text.data(), text.size());
    return "v1," + Base64Encode(mac);
}

bool IsE164Number(std::string_view text) {
    return text.size() >= 3 && text.size() <= 16 && text[0] == '+' && text[1] != '0' &&
           std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

HttpCall MakeSnsCall(const SnsSettings& settings, const Message& message, Instant now) {
    const auto url = ParseUrl(settings.endpoint);
    CHECK(url.has_value());
    HttpCall call{.method = "POST", .url = settings.endpoint};
    call.allow_private_addresses = true;  // the operator's own choice, a VPC's endpoint perhaps
    call.max_response = kMaxAnswer;
    AddParameter(call.body, "Action", "Publish");
    AddParameter(call.body, "Version", "2010-03-31");
    AddParameter(call.body, "PhoneNumber", message.to);
    AddParameter(call.body, "Message", message.body.Reveal());
    AddAttribute(call.body, 1, "AWS.SNS.SMS.SMSType", "Transactional");
    if (!settings.sender_id.empty()) AddAttribute(call.body, 2, "AWS.SNS.SMS.SenderID", settings.sender_id);

    const std::string origin = ToOrigin(*url);
    const std::string host = origin.substr(origin.find("://") + 3);
    const HeaderView headers[] = {{"content-type", kForm}, {"host", host}};
    const SignableRequest request{
        .method = call.method, .path = url->path, .query = url->query, .headers = headers, .body = call.body};
    call.headers = {{"content-type", std::string(kForm)}, {"host", host}};
    for (Header& header : SignRequest(request, settings.credentials, {settings.region, "sns", now}))
        call.headers.emplace_back(std::move(header.name), std::move(header.value));
    return call;
}

HttpCall MakeWebhookCall(const SmsWebhookSettings& settings, const Message& message, std::string_view id, Instant now) {
    JsonWriter body;
    body.BeginObject().Key("type").Text("sms").Key("timestamp").Text(ToIso8601(now));
    body.Key("pool_id").Text(message.pool_id).Key("to").Text(message.to);
    body.Key("body").Text(message.body.Reveal()).EndObject();

    HttpCall call{.method = "POST", .url = settings.url};
    call.allow_private_addresses = settings.allow_private_addresses;
    call.max_response = kMaxAnswer;
    call.body = body.Take();
    const std::string timestamp = std::to_string(ToSeconds(now));
    call.headers = {{"content-type", "application/json"},
                    {"webhook-id", std::string(id)},
                    {"webhook-timestamp", timestamp},
                    {"webhook-signature", SignWebhook(settings.key, id, timestamp, call.body)}};
    return call;
}

SmsDelivery::SmsDelivery(SmsTransport transport, const Clock& clock, Random& random)
    : transport_(std::move(transport)), client_({.ca_file = transport_.ca_file}), clock_(clock), random_(random) {}

Delivered SmsDelivery::Send(const Message& message) {
    const auto refuse = [&](std::string_view reason, int code, std::string_view text) {
        Log(LogLevel::kWarning, "message_not_sent",
            {{"transport", transport_.name},
             {"channel", "SMS"},
             {"pool", message.pool_id},
             {"reason", reason},
             {"code", code},
             {"text", text}});
        return Delivered::kNo;
    };
    if (!IsE164Number(message.to)) return refuse("invalid", 0, "not a telephone number in E.164 form");
    const Instant now = clock_.Now();
    HttpCall call;
    if (const auto* sns = std::get_if<SnsSettings>(&transport_.way))
        call = MakeSnsCall(*sns, message, now);
    else
        call =
            MakeWebhookCall(std::get<SmsWebhookSettings>(transport_.way), message, "msg_" + RandomUuid(random_), now);
    call.timeout = transport_.timeout;
    const auto result = client_.Send(call);
    WipeMemory(call.body.data(), call.body.size());
    if (const auto* failure = std::get_if<HttpFailure>(&result)) return refuse(NameOf(failure->kind), 0, failure->text);
    const int status = std::get<HttpResponse>(result).status;
    if (status < 200 || status > 299) return refuse("refused", status, "");
    return Delivered::kYes;
}

}  // namespace cardea
