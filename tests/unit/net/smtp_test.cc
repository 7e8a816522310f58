// Mails as they are written, and the client against a scripted server.

#include "net/smtp.h"

#include <algorithm>
#include <arpa/inet.h>
#include <functional>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace cardea {
namespace {

using Kind = SendOutcome::Kind;
using std::chrono::milliseconds;

Mail SampleMail() {
    return {.from = "no-reply@example.com",
            .to = "ada@example.com",
            .reply_to = std::nullopt,
            .subject = "Your verification code",
            .text = "Your confirmation code is 123456",
            .html = std::nullopt,
            .message_id = "<1@example.com>",
            .date = FromSeconds(784111777)};
}
std::string Print(const Mail& mail) {
    const auto printed = PrintMail(mail);
    if (const auto* mistake = std::get_if<MailMistake>(&printed)) return "mistake in " + mistake->field;
    return std::get<MailText>(printed).content;
}

TEST(Mail, IsWritten) {
    EXPECT_EQ(Print(SampleMail()),
              "Date: Sun, 06 Nov 1994 08:49:37 +0000\r\n"
              "From: no-reply@example.com\r\n"
              "To: ada@example.com\r\n"
              "Subject: Your verification code\r\n"
              "Message-ID: <1@example.com>\r\n"
              "Auto-Submitted: auto-generated\r\n"
              "MIME-Version: 1.0\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n"
              "\r\n"
              "Your confirmation code is 123456\r\n");
}

TEST(Mail, EncodesNamesSubjectsAndBodies) {
    Mail mail = SampleMail();
    mail.from = "Caf\xc3\xa9 <a@example.com>";
    mail.reply_to = "The \"Shop\" <b@example.com>";
    mail.subject = "Best\xc3\xa4tigung = ja?";
    mail.text = "K\xc3\xa4se=1\n.dot\r\nend \n";
    const std::string text = Print(mail);
    EXPECT_NE(text.find("From: =?UTF-8?Q?Caf=C3=A9?=\r\n <a@example.com>\r\n"), std::string::npos);
    EXPECT_NE(text.find("Reply-To: \"The \\\"Shop\\\"\"\r\n <b@example.com>\r\n"), std::string::npos);
    EXPECT_NE(text.find("Subject: =?UTF-8?Q?Best=C3=A4tigung_=3D_ja=3F?=\r\n"), std::string::npos);
    EXPECT_NE(text.find("\r\n\r\nK=C3=A4se=3D1\r\n=2Edot\r\nend=20\r\n\r\n"), std::string::npos) << text;
}

TEST(Mail, KeepsEveryLineShort) {
    Mail mail = SampleMail();
    for (int i = 0; i < 140; ++i) mail.subject += "\xe2\x82\xac";
    for (int i = 0; i < 300; ++i) mail.text += i % 3 ? "\xe2\x82\xac" : ". ";
    const std::string text = Print(mail);
    std::size_t start = 0;
    for (std::size_t end; (end = text.find("\r\n", start)) != std::string::npos; start = end + 2)
        EXPECT_LE(end - start, 76u) << text.substr(start, end - start);
    EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
    // Encoded words are cut between characters: each decodes by itself.
    EXPECT_EQ(text.find("=E2?="), std::string::npos);
    EXPECT_EQ(text.find("=82?="), std::string::npos);
}

TEST(Mail, OffersTextAndHtml) {
    Mail mail = SampleMail();
    mail.html = "<b>123456</b>";
    const std::string both = Print(mail);
    EXPECT_NE(both.find("Content-Type: multipart/alternative; boundary=\"=_cardea_part\"\r\n\r\n--=_cardea_part\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\n"),
              std::string::npos);
    EXPECT_NE(both.find("<b>123456</b>\r\n--=_cardea_part--\r\n"), std::string::npos);
    mail.text.clear();
    EXPECT_EQ(Print(mail).find("multipart"), std::string::npos);
    EXPECT_NE(Print(mail).find("Content-Type: text/html; charset=utf-8\r\n"), std::string::npos);
    mail.html = "--=_cardea_part--";  // cannot end the mail's parts: '=' never stands for itself
    EXPECT_EQ(Print(mail).find("--=_cardea"), std::string::npos);
}

TEST(Mail, RefusesLineEndsInEveryField) {
    for (const std::string& tail :
         {std::string("\r\nBcc: evil@example.com"), std::string("\rx"), std::string("\nx"), std::string("\0x", 2)}) {
        const auto with = [&](const std::function<void(Mail&)>& change) {
            Mail mail = SampleMail();
            change(mail);
            return Print(mail);
        };
        EXPECT_EQ(with([&](Mail& mail) { mail.from = "a@example.com" + tail; }), "mistake in from");
        EXPECT_EQ(with([&](Mail& mail) { mail.from = "Name" + tail + " <a@example.com>"; }), "mistake in from");
        EXPECT_EQ(with([&](Mail& mail) { mail.to += tail; }), "mistake in to");
        EXPECT_EQ(with([&](Mail& mail) { mail.to = "a" + tail + "@example.com"; }), "mistake in to");
        EXPECT_EQ(with([&](Mail& mail) { mail.reply_to = "a@example.com" + tail; }), "mistake in reply_to");
        EXPECT_EQ(with([&](Mail& mail) { mail.subject += tail; }), "mistake in subject");
        EXPECT_EQ(with([&](Mail& mail) { mail.message_id = "<a@b" + tail + ">"; }), "mistake in message_id");
    }
}

TEST(Mail, RefusesWhatIsNoAddress) {
    for (const char* text :
         {"", "a", "@example.com", "a@", "a b@example.com", "a@exa mple.com", "a@b@c d", "<a@example.com",
          "a@example.com>", "a@example.com, b@example.com", "a>@example.com", "a@[127.0.0.1]", "\"a b\"@example.com",
          "a@.com", "a@b..c", "caf\xc3\xa9@example.com", "a@caf\xc3\xa9.com", "N <a@example.com> x", "a@b@example.com"})
        EXPECT_FALSE(ParseMailbox(text)) << text;
    EXPECT_EQ(ParseMailbox("a+b@example.com")->address, "a+b@example.com");
    EXPECT_EQ(ParseMailbox("a@localhost")->address, "a@localhost");
    EXPECT_EQ(ParseMailbox("\"Q\" <a@example.com>")->name, "Q");
    EXPECT_EQ(ParseMailbox("A B <a@example.com>")->name, "A B");
}

// One connection: says each reply, then waits for the client's line that begins as expected.
class ScriptedServer {
 public:
    struct Step {
        std::string reply;   // sent first; empty: nothing
        std::string expect;  // the beginning of the line that is read then; empty: none
    };

    explicit ScriptedServer(std::vector<Step> script) : script_(std::move(script)) {
        listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(listen(listener_, 4), 0);
        socklen_t size = sizeof address;
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { Run(); });
    }
    ~ScriptedServer() { Finish(); }
    SmtpSettings Settings() const {
        SmtpSettings out;
        out.host = "127.0.0.1";
        out.port = port_;
        out.security = SmtpSecurity::kNone;
        out.timeout = milliseconds(3000);
        return out;
    }
    // All that the client said.
    const std::string& Finish() {
        if (thread_.joinable()) {
            shutdown(listener_, SHUT_RDWR);
            thread_.join();
            close(listener_);
        }
        return heard_;
    }

 private:
    void Run() {
        const int peer = accept(listener_, nullptr, nullptr);
        if (peer < 0) return;
        for (const Step& step : script_) {
            if (!step.reply.empty()) send(peer, step.reply.data(), step.reply.size(), MSG_NOSIGNAL);
            std::string line;
            while (!step.expect.empty() && line.find(step.expect) == std::string::npos) {
                char c;
                pollfd ready{peer, POLLIN, 0};
                if (poll(&ready, 1, 5000) != 1 || recv(peer, &c, 1, 0) != 1) break;
                line += c;
                heard_ += c;
            }
        }
        char rest[4096];
        pollfd ready{peer, POLLIN, 0};
        for (ssize_t got = 1; got > 0 && poll(&ready, 1, 5000) == 1;)
            if ((got = recv(peer, rest, sizeof rest, 0)) > 0) heard_.append(rest, static_cast<std::size_t>(got));
        close(peer);
    }

    std::vector<Step> script_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::string heard_;
    std::thread thread_;
};

const std::vector<ScriptedServer::Step> kAccepting = {{"220 hello\r\n", "\n"},
                                                      {"250-here\r\n250 SIZE 100000\r\n", "\n"},
                                                      {"250 ok\r\n", "\n"},
                                                      {"250 ok\r\n", "\n"},
                                                      {"354 go on\r\n", "\r\n.\r\n"},
                                                      {"250 taken as 42\r\n", "QUIT"},
                                                      {"221 bye\r\n", ""}};

TEST(Smtp, DeliversAMail) {
    ScriptedServer server(kAccepting);
    Mail mail = SampleMail();
    mail.from = "Shop <no-reply@example.com>";
    mail.text = ".\r\n..\r\nQUIT\r\n";
    const SendOutcome outcome = SendMail(server.Settings(), mail);
    EXPECT_EQ(outcome.kind, Kind::kSent) << outcome.text;
    const std::string& heard = server.Finish();
    EXPECT_EQ(heard.find("EHLO localhost\r\nMAIL FROM:<no-reply@example.com>"), 0u) << heard;
    EXPECT_NE(heard.find("RCPT TO:<ada@example.com>\r\nDATA\r\nDate: "), std::string::npos);
    EXPECT_NE(heard.find("\r\n\r\n=2E\r\n=2E.\r\nQUIT\r\n\r\n.\r\n"), std::string::npos) << heard;
}

TEST(Smtp, TellsThatTheRecipientWasRefused) {
    auto script = kAccepting;
    script.resize(5);
    script[4] = {"550 5.1.1 no such user\r\n", "QUIT"};
    script.push_back({"221 bye\r\n", ""});
    ScriptedServer server(script);
    const SendOutcome outcome = SendMail(server.Settings(), SampleMail());
    EXPECT_EQ(outcome.kind, Kind::kRefused);
    EXPECT_EQ(outcome.code, 550);
    EXPECT_EQ(outcome.text, "550 5.1.1 no such user");
}

TEST(Smtp, TellsThatTheContentWasRefused) {
    auto script = kAccepting;
    script[5].reply = "554 spam\r\n";
    ScriptedServer server(script);
    const SendOutcome outcome = SendMail(server.Settings(), SampleMail());
    EXPECT_EQ(outcome.kind, Kind::kRefused);
    EXPECT_EQ(outcome.code, 554);
}

TEST(Smtp, AuthenticatesAndTellsThatItWasRefused) {
    ScriptedServer server({{"220 hello\r\n", "\n"},
                           {"250-here\r\n250 AUTH PLAIN\r\n", "\n"},
                           {"535 wrong\r\n", "\n"},
                           {"221 bye\r\n", ""}});
    SmtpSettings settings = server.Settings();
    settings.username = "user";
    settings.password = Secret("secret");
    const SendOutcome outcome = SendMail(settings, SampleMail());
    EXPECT_EQ(outcome.kind, Kind::kRefused);
    EXPECT_EQ(outcome.code, 535);
    EXPECT_NE(server.Finish().find("AUTH PLAIN"), std::string::npos);
    EXPECT_EQ(server.Finish().find("MAIL FROM"), std::string::npos);
}

TEST(Smtp, NeverSendsInTheClearWhenStartTlsIsConfigured) {
    ScriptedServer server({{"220 hello\r\n", "\n"}, {"250-here\r\n250 AUTH PLAIN\r\n", "\n"}, {"221 bye\r\n", ""}});
    SmtpSettings settings = server.Settings();
    settings.security = SmtpSecurity::kStartTls;
    settings.username = "user";
    settings.password = Secret("secret");
    const SendOutcome outcome = SendMail(settings, SampleMail());
    EXPECT_EQ(outcome.kind, Kind::kRefused);
    const std::string& heard = server.Finish();
    EXPECT_EQ(heard.find("AUTH"), std::string::npos);
    EXPECT_EQ(heard.find("MAIL"), std::string::npos);
}

TEST(Smtp, GivesUpOnASilentServer) {
    ScriptedServer server(std::vector<ScriptedServer::Step>{{"", "never"}});
    SmtpSettings settings = server.Settings();
    settings.timeout = milliseconds(100);
    const SendOutcome outcome = SendMail(settings, SampleMail());
    EXPECT_EQ(outcome.kind, Kind::kUnreachable);
    EXPECT_EQ(outcome.text, "timed out");
}

TEST(Smtp, TellsThatNobodyIsThere) {
    SmtpSettings settings;
    {
        ScriptedServer gone(std::vector<ScriptedServer::Step>{});
        settings = gone.Settings();
    }
    EXPECT_EQ(SendMail(settings, SampleMail()).kind, Kind::kUnreachable);
}

TEST(Smtp, RefusesFieldsAndSettingsThatCannotBeSent) {
    ScriptedServer server(std::vector<ScriptedServer::Step>{{"220 hello\r\n", "\n"}});
    Mail mail = SampleMail();
    mail.to += "\r\nRCPT TO:<evil@example.com>";
    EXPECT_EQ(SendMail(server.Settings(), mail).kind, Kind::kRefused);
    const auto with = [&](const std::function<void(SmtpSettings&)>& change) {
        SmtpSettings settings = server.Settings();
        change(settings);
        return SendMail(settings, SampleMail()).kind;
    };
    EXPECT_EQ(with([](SmtpSettings& settings) { settings.host = "a/b"; }), Kind::kRefused);
    EXPECT_EQ(with([](SmtpSettings& settings) { settings.host = "a@b"; }), Kind::kRefused);
    EXPECT_EQ(with([](SmtpSettings& settings) { settings.host = "a\r\nb"; }), Kind::kRefused);
    EXPECT_EQ(with([](SmtpSettings& settings) { settings.helo = "a\r\nb"; }), Kind::kRefused);
    EXPECT_EQ(with([](SmtpSettings& settings) { settings.username = "a\r\nb"; }), Kind::kRefused);
    EXPECT_EQ(with([](SmtpSettings& settings) { settings.password = Secret("a\r\nb"); }), Kind::kRefused);
    EXPECT_EQ(server.Finish(), "");
}

}  // namespace
}  // namespace cardea
