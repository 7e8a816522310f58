#include "delivery/smtp.h"

#include <gtest/gtest.h>

#include "unit/delivery/scripted_server.h"

namespace cardea {
namespace {

using Script = ScriptedServer::Script;

const Script kPolite = {{"EHLO", "250 mail.example.com\r\n"},
                        {"MAIL", "250 ok\r\n"},
                        {"RCPT", "250 ok\r\n"},
                        {"DATA", "354 go on\r\n"},
                        {".", "250 taken\r\n"},
                        {"QUIT", "221 bye\r\n"}};

Script With(std::string first, std::string answer) {
    Script out = kPolite;
    out.insert(out.begin(), {std::move(first), std::move(answer)});
    return out;
}

EmailTransport TransportTo(const ScriptedServer& server) {
    EmailTransport out{.name = "test", .from = "Cardea <no-reply@example.com>"};
    out.smtp = {.host = "127.0.0.1", .port = server.Port(), .security = SmtpSecurity::kNone};
    out.smtp.timeout = std::chrono::milliseconds(5000);
    return out;
}

Message CodeFor(std::string to) {
    Message message;
    message.to = std::move(to);
    message.subject = "Your verification code";
    message.body = Secret("Your verification code is 123456. ");
    return message;
}

struct Smtp : testing::Test {
    ManualClock clock{FromSeconds(1767225600)};
    SeededRandom random{1};
    Delivered Send(const EmailTransport& transport, const Message& message) {
        return SmtpDelivery(transport, clock, random).Send(message);
    }
};

TEST_F(Smtp, AServerThatTakesTheMailGetsAllOfIt) {
    ScriptedServer server("220 hello\r\n", kPolite);
    Message message = CodeFor("ada@example.com");
    message.reply_to = "help@example.com";
    EXPECT_EQ(Send(TransportTo(server), message), Delivered::kYes);
    const std::string heard = server.Heard();
    EXPECT_NE(heard.find("MAIL FROM:<no-reply@example.com>"), std::string::npos) << heard;
    EXPECT_NE(heard.find("RCPT TO:<ada@example.com>"), std::string::npos);
    EXPECT_NE(heard.find("Subject: Your verification code\r\n"), std::string::npos);
    EXPECT_NE(heard.find("Reply-To: help@example.com\r\n"), std::string::npos);
    EXPECT_NE(heard.find("Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n"), std::string::npos) << heard;
    EXPECT_NE(heard.find("@example.com>\r\n", heard.find("Message-ID: <")), std::string::npos);
    EXPECT_NE(heard.find("123456"), std::string::npos);
}

TEST_F(Smtp, ARefusedRecipientIsNotDelivered) {
    ScriptedServer server("220 hello\r\n", With("RCPT", "550 no such user <ada@example.com>\r\n"));
    testing::internal::CaptureStderr();
    EXPECT_EQ(Send(TransportTo(server), CodeFor("ada@example.com")), Delivered::kNo);
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_NE(log.find("\"reason\":\"refused\",\"code\":550"), std::string::npos) << log;
    EXPECT_EQ(log.find("ada@example.com"), std::string::npos) << log;
    EXPECT_EQ(log.find("123456"), std::string::npos) << log;
}

TEST_F(Smtp, ARefusedMailIsNotDelivered) {
    ScriptedServer server("220 hello\r\n", With(".", "554 looks like spam\r\n"));
    EXPECT_EQ(Send(TransportTo(server), CodeFor("ada@example.com")), Delivered::kNo);
}

TEST_F(Smtp, ASilentServerIsGivenUpAtTheDeadline) {
    ScriptedServer server("", {});
    EmailTransport transport = TransportTo(server);
    transport.smtp.timeout = std::chrono::milliseconds(200);
    const auto before = Monotonic();
    EXPECT_EQ(Send(transport, CodeFor("ada@example.com")), Delivered::kNo);
    EXPECT_LT(Monotonic() - before, std::chrono::seconds(3));
}

TEST_F(Smtp, AServerThatFallsSilentIsGivenUpAtTheDeadline) {
    ScriptedServer server("220 hello\r\n", With(".", ""));
    EmailTransport transport = TransportTo(server);
    transport.smtp.timeout = std::chrono::milliseconds(300);
    const auto before = Monotonic();
    EXPECT_EQ(Send(transport, CodeFor("ada@example.com")), Delivered::kNo);
    EXPECT_LT(Monotonic() - before, std::chrono::seconds(3));
}

TEST_F(Smtp, AServerWithoutStartTlsHearsNoMail) {
    ScriptedServer server("220 hello\r\n", kPolite);
    EmailTransport transport = TransportTo(server);
    transport.smtp.security = SmtpSecurity::kStartTls;
    transport.smtp.username = "cardea";
    transport.smtp.password = Secret("hunter2");
    EXPECT_EQ(Send(transport, CodeFor("ada@example.com")), Delivered::kNo);
    EXPECT_EQ(server.Heard().find("MAIL"), std::string::npos);
    EXPECT_EQ(server.Heard().find("AUTH"), std::string::npos);
}

TEST_F(Smtp, AnAddressThatEndsALineIsNotSent) {
    ScriptedServer server("220 hello\r\n", kPolite);
    EXPECT_EQ(Send(TransportTo(server), CodeFor("ada@example.com>\r\nRCPT TO:<eve@example.com")), Delivered::kNo);
    Message message = CodeFor("ada@example.com");
    message.from = "Shop\r\nBcc: eve@example.com <a@example.com>";
    EXPECT_EQ(Send(TransportTo(server), message), Delivered::kNo);
    EXPECT_EQ(server.Heard().find("eve@example.com"), std::string::npos);
}

TEST_F(Smtp, TheSenderIsThePoolsElseTheIdentitysElseTheTransports) {
    const EmailTransport transport{.name = "test", .from = "no-reply@cardea.example"};
    Message message;
    EXPECT_EQ(SenderOf(message, transport), "no-reply@cardea.example");
    message.source_arn = "arn:aws:ses:us-east-1:000000000000:identity/example.com";
    EXPECT_EQ(SenderOf(message, transport), "no-reply@cardea.example");
    message.source_arn = "arn:aws:ses:us-east-1:000000000000:identity/mail@example.com";
    EXPECT_EQ(SenderOf(message, transport), "mail@example.com");
    message.from = "Shop <shop@example.com>";
    EXPECT_EQ(SenderOf(message, transport), "Shop <shop@example.com>");
}

TEST_F(Smtp, MarkupGoesOutAsHtmlAlone) {
    const EmailTransport transport{.name = "test", .from = "no-reply@example.com"};
    Message message = CodeFor("ada@example.com");
    const Mail plain = MakeMail(message, transport, clock.Now(), random);
    EXPECT_EQ(plain.text, "Your verification code is 123456. ");
    EXPECT_EQ(plain.html, "Your verification code is 123456. ");
    message.body = Secret("<b>123456</b>");
    const Mail marked = MakeMail(message, transport, clock.Now(), random);
    EXPECT_EQ(marked.text, "");
    EXPECT_EQ(marked.html, "<b>123456</b>");
    EXPECT_NE(plain.message_id, marked.message_id);
}

}  // namespace
}  // namespace cardea
