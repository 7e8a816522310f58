#include "delivery/sms.h"

#include <gtest/gtest.h>

#include "codec/hex.h"
#include "codec/json.h"
#include "crypto/hash.h"
#include "net/http_server.h"

namespace cardea {
namespace {

constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

Message TextTo(std::string to) {
    Message message;
    message.medium = DeliveryMedium::kSms;
    message.to = std::move(to);
    message.body = Secret("Your code is 123456. & more é");
    message.pool_id = "us-east-1_aB3dE5fG7";
    return message;
}

std::string HeaderOf(const HttpHeaders& headers, std::string_view name) {
    return std::string(FindHeader(headers, name));
}

TEST(Sms, TheWebhookSignatureIsThatOfStandardWebhooks) {
    const auto key = ParseWebhookSecret(kSecret);
    ASSERT_TRUE(key);
    EXPECT_EQ(SignWebhook(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Sms, AWebhookSecretIsPrefixedBase64OfEnoughBytes) {
    EXPECT_FALSE(ParseWebhookSecret(""));
    EXPECT_FALSE(ParseWebhookSecret("whsec_"));
    EXPECT_FALSE(ParseWebhookSecret("whsec_AAAA"));
    EXPECT_FALSE(ParseWebhookSecret(kSecret.substr(6)));
    EXPECT_FALSE(ParseWebhookSecret("whsec_not base64 at all, is it now, really"));
}

TEST(Sms, TheWebhookCallSaysWhatIsToBeSent) {
    const Instant now = FromSeconds(1767225600);
    const SmsWebhookSettings settings{.url = "https://sms.example.com/hook", .key = *ParseWebhookSecret(kSecret)};
    const HttpCall call = MakeWebhookCall(settings, TextTo("+15555550100"), "msg_1", now);
    EXPECT_EQ(call.method, "POST");
    EXPECT_EQ(call.url, "https://sms.example.com/hook");
    EXPECT_FALSE(call.allow_private_addresses);
    EXPECT_EQ(HeaderOf(call.headers, "webhook-id"), "msg_1");
    EXPECT_EQ(HeaderOf(call.headers, "webhook-timestamp"), "1767225600");
    EXPECT_EQ(HeaderOf(call.headers, "webhook-signature"), SignWebhook(settings.key, "msg_1", "1767225600", call.body));
    const auto body = JsonDocument::Parse(call.body);
    ASSERT_TRUE(body);
    EXPECT_EQ(body->Root().Find("type")->Text(), "sms");
    EXPECT_EQ(body->Root().Find("to")->Text(), "+15555550100");
    EXPECT_EQ(body->Root().Find("body")->Text(), "Your code is 123456. & more é");
    EXPECT_EQ(body->Root().Find("pool_id")->Text(), "us-east-1_aB3dE5fG7");
    EXPECT_EQ(body->Root().Find("timestamp")->Text(), "2026-01-01T00:00:00.000Z");
}

TEST(Sms, NumbersAreE164) {
    EXPECT_TRUE(IsE164Number("+15555550100"));
    EXPECT_TRUE(IsE164Number("+12"));
    EXPECT_TRUE(IsE164Number("+123456789012345"));
    for (const char* wrong :
         {"", "+", "+1", "15555550100", "+05555550100", "+1555555010a", "+1234567890123456", "+1 5"})
        EXPECT_FALSE(IsE164Number(wrong)) << wrong;
}

// A server that keeps the last request and answers as it is told.
struct SmsServer : testing::Test {
    SmsServer()
        : server({.listen = {{}}, .loops = 1},
                 {.handler =
                      [this](const HttpRequest& request) {
                          got = request;
                          return HttpResponse{.status = status};
                      }},
                 clock) {
        server.Start();
        origin = "http://127.0.0.1:" + std::to_string(server.BoundAddresses()[0].port);
    }
    Delivered Send(std::variant<SnsSettings, SmsWebhookSettings> way, const Message& message) {
        return SmsDelivery({.name = "test", .way = std::move(way)}, clock, random).Send(message);
    }
    SnsSettings Sns() const {
        return {.endpoint = origin + "/",
                .region = "eu-west-1",
                .credentials = {.access_key_id = "AKIDEXAMPLE", .secret_access_key = Secret("wJalrXUtnFEMI")},
                .sender_id = "Shop"};
    }

    ManualClock clock{FromSeconds(1767225600)};
    SeededRandom random{1};
    int status = 200;
    HttpRequest got;
    HttpServer server;
    std::string origin;
};

TEST_F(SmsServer, SnsGetsASignedPublish) {
    EXPECT_EQ(Send(Sns(), TextTo("+15555550100")), Delivered::kYes);
    EXPECT_EQ(got.method, "POST");
    EXPECT_EQ(got.target, "/");
    EXPECT_EQ(got.body,
              "Action=Publish&Version=2010-03-31&PhoneNumber=%2B15555550100"
              "&Message=Your%20code%20is%20123456.%20%26%20more%20%C3%A9"
              "&MessageAttributes.entry.1.Name=AWS.SNS.SMS.SMSType&MessageAttributes.entry.1.Value.DataType=String"
              "&MessageAttributes.entry.1.Value.StringValue=Transactional"
              "&MessageAttributes.entry.2.Name=AWS.SNS.SMS.SenderID&MessageAttributes.entry.2.Value.DataType=String"
              "&MessageAttributes.entry.2.Value.StringValue=Shop");
    // The signature is over what has arrived.
    std::vector<HeaderView> headers;
    for (const auto& [name, value] : got.headers) headers.push_back({name, value});
    const auto canonical = CanonicalRequest({got.method, got.path, got.query, headers, got.body},
                                            "content-type;host;x-amz-date", HexEncode(Sha256(got.body)));
    ASSERT_TRUE(canonical);
    const SigV4Scope scope{"20260101", "eu-west-1", "sns"};
    const std::string signature = SigV4Signature(DeriveSigV4Key(Secret("wJalrXUtnFEMI"), scope),
                                                 StringToSign("20260101T000000Z", scope, *canonical));
    EXPECT_EQ(got.Header("authorization"),
              "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-west-1/sns/aws4_request, "
              "SignedHeaders=content-type;host;x-amz-date, Signature=" +
                  signature);
}

TEST_F(SmsServer, AnythingBut2xxIsNotDelivered) {
    for (const int answer : {301, 400, 403, 500}) {
        status = answer;
        EXPECT_EQ(Send(Sns(), TextTo("+15555550100")), Delivered::kNo) << answer;
    }
    status = 204;
    EXPECT_EQ(Send(Sns(), TextTo("+15555550100")), Delivered::kYes);
}

TEST_F(SmsServer, WhatIsNoNumberIsNotSent) {
    EXPECT_EQ(Send(Sns(), TextTo("ada@example.com")), Delivered::kNo);
    EXPECT_EQ(got.method, "");
}

TEST_F(SmsServer, AWebhookInThePrivateNetworkIsReachedOnlyWhereAllowed) {
    SmsWebhookSettings settings{.url = origin + "/hook", .key = *ParseWebhookSecret(kSecret)};
    EXPECT_EQ(Send(settings, TextTo("+15555550100")), Delivered::kNo);
    EXPECT_EQ(got.method, "");
    settings.allow_private_addresses = true;
    EXPECT_EQ(Send(settings, TextTo("+15555550100")), Delivered::kYes);
    EXPECT_EQ(got.path, "/hook");
    EXPECT_EQ(got.Header("webhook-signature"),
              SignWebhook(settings.key, got.Header("webhook-id"), got.Header("webhook-timestamp"), got.body));
}

}  // namespace
}  // namespace cardea
