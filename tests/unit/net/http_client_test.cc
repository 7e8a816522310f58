// The client, against our own server, over TCP and TLS.

#include "net/http_client.h"

#include <cstdio>

#include "certificate.h"
#include "raw_client.h"

namespace cardea {
namespace {

using Kind = HttpFailure::Kind;
using std::chrono::milliseconds;

std::string Base(const TestServer& server) { return "http://127.0.0.1:" + std::to_string(server.Port()); }

HttpResponse Expect(const std::variant<HttpResponse, HttpFailure>& result) {
    if (const auto* failure = std::get_if<HttpFailure>(&result)) {
        ADD_FAILURE() << failure->text;
        return {.status = 0};
    }
    return std::get<HttpResponse>(result);
}
HttpFailure ExpectFailure(const std::variant<HttpResponse, HttpFailure>& result) {
    EXPECT_TRUE(std::holds_alternative<HttpFailure>(result));
    return std::get<HttpFailure>(result);
}

HttpResponse Mirror(const HttpRequest& request) {
    std::string text = request.method + " " + request.target + " [" + request.body + "]";
    for (const auto& [name, value] : request.headers)
        if (name != "host") text += " " + name + "=" + value;
    return {.status = 201, .headers = {{"X-Reply", "  a b "}, {"X-Empty", ""}}, .body = text};
}

TEST(HttpClient, SendsWhatItIsTold) {
    TestServer server({.handler = Mirror});
    const HttpClient client({.user_agent = "test"});
    const HttpResponse response =
        Expect(client.Send({.method = "POST",
                            .url = Base(server) + "/hook?x=1",
                            .headers = {{"content-type", "application/json"}, {"x-empty", ""}},
                            .body = "{}",
                            .allow_private_addresses = true}));
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.body,
              "POST /hook?x=1 [{}] user-agent=test content-type=application/json x-empty= content-length=2");
    EXPECT_EQ(FindHeader(response.headers, "x-reply"), "a b");
    EXPECT_EQ(response.headers.front().first, "x-reply");
}

TEST(HttpClient, SpeaksEveryMethod) {
    TestServer server({.handler = Mirror});
    const HttpClient client({.user_agent = "t"});
    const auto send = [&](const char* method, const char* body) {
        return Expect(
            client.Send({.method = method, .url = Base(server) + "/", .body = body, .allow_private_addresses = true}));
    };
    EXPECT_EQ(send("GET", "").body, "GET / [] user-agent=t");
    EXPECT_EQ(send("DELETE", "").body.substr(0, 11), "DELETE / []");
    EXPECT_EQ(send("PUT", "x").body.substr(0, 9), "PUT / [x]");
    EXPECT_EQ(send("POST", "").body.substr(0, 9), "POST / []");
    EXPECT_EQ(send("HEAD", "").status, 201);
    EXPECT_EQ(send("HEAD", "").body, "");
}

TEST(HttpClient, KeepsItsConnection) {
    TestServer server({.handler = Mirror});
    const HttpClient client;
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(Expect(client.Send({.url = Base(server) + "/", .allow_private_addresses = true})).status, 201);
    EXPECT_EQ(server.server.Stats().connections, 1u);
}

TEST(HttpClient, RefusesPrivateAddressesWhateverTheirName) {
    TestServer server({.handler = Mirror});
    const HttpClient client;
    const std::string port = ":" + std::to_string(server.Port()) + "/";
    // An open connection of a call that may must not serve one that may not.
    Expect(client.Send({.url = "http://127.0.0.1" + port, .allow_private_addresses = true}));
    const auto before = server.server.Stats().connections;
    for (const char* host : {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254"})
        EXPECT_EQ(ExpectFailure(client.Send({.url = std::string("http://") + host + port})).kind, Kind::kForbidden)
            << host;
    EXPECT_EQ(server.server.Stats().connections, before);
}

TEST(HttpClient, RefusesACallThatWouldSplitTheRequest) {
    TestServer server({.handler = Mirror});
    const HttpClient client;
    const auto kind = [&](HttpCall call) {
        call.allow_private_addresses = true;
        return ExpectFailure(client.Send(call)).kind;
    };
    const std::string url = Base(server) + "/";
    EXPECT_EQ(kind({.method = "GET\r\nX: y", .url = url}), Kind::kInvalid);
    EXPECT_EQ(kind({.method = "", .url = url}), Kind::kInvalid);
    EXPECT_EQ(kind({.url = url + "\r\nX: y"}), Kind::kInvalid);
    EXPECT_EQ(kind({.url = url + std::string("\0", 1)}), Kind::kInvalid);
    EXPECT_EQ(kind({.url = "file:///etc/passwd"}), Kind::kInvalid);
    EXPECT_EQ(kind({.url = "gopher://127.0.0.1/"}), Kind::kInvalid);
    for (const std::string& value : {std::string("a\rb"), std::string("a\nb"), std::string("a\0b", 3)})
        EXPECT_EQ(kind({.url = url, .headers = {{"x", value}}}), Kind::kInvalid);
    for (const std::string& name : {std::string("x\r\ny"), std::string("x:y"), std::string("x y"), std::string()})
        EXPECT_EQ(kind({.url = url, .headers = {{name, "v"}}}), Kind::kInvalid);
    EXPECT_EQ(server.server.Stats().requests, 0u);
}

TEST(HttpClient, StopsReadingALargeResponse) {
    TestServer server({.handler = [](const HttpRequest&) { return HttpResponse{.body = std::string(5000, 'x')}; }});
    const HttpClient client;
    const auto send = [&](std::size_t most) {
        return client.Send({.url = Base(server) + "/", .max_response = most, .allow_private_addresses = true});
    };
    EXPECT_EQ(ExpectFailure(send(4999)).kind, Kind::kTooLarge);
    EXPECT_EQ(Expect(send(5000)).body.size(), 5000u);
    TestServer headers({.handler = [](const HttpRequest&) {
        return HttpResponse{.headers = {{"a", std::string(60'000, 'x')}, {"b", std::string(60'000, 'x')}}};
    }});
    EXPECT_EQ(ExpectFailure(client.Send({.url = Base(headers) + "/", .allow_private_addresses = true})).kind,
              Kind::kTooLarge);
}

TEST(HttpClient, GivesUpInTime) {
    TestServer server({.handler = [](const HttpRequest& request) {
        std::this_thread::sleep_for(milliseconds(200));
        return Echo(request);
    }});
    const HttpClient client;
    const auto failure = ExpectFailure(
        client.Send({.url = Base(server) + "/", .timeout = milliseconds(50), .allow_private_addresses = true}));
    EXPECT_EQ(failure.kind, Kind::kTimeout);
}

TEST(HttpClient, SaysThatNobodyIsThere) {
    std::uint16_t port;
    {
        TestServer gone;
        port = gone.Port();
    }
    const HttpClient client;
    const auto failure = ExpectFailure(
        client.Send({.url = "http://127.0.0.1:" + std::to_string(port) + "/", .allow_private_addresses = true}));
    EXPECT_EQ(failure.kind, Kind::kUnreachable);
    EXPECT_FALSE(failure.text.empty());
}

TEST(HttpClient, DoesNotFollowRedirects) {
    TestServer server({.handler = [](const HttpRequest&) {
        return HttpResponse{.status = 302, .headers = {{"location", "http://127.0.0.1:1/"}}};
    }});
    const HttpClient client;
    EXPECT_EQ(Expect(client.Send({.url = Base(server) + "/", .allow_private_addresses = true})).status, 302);
}

// ---- TLS ---------------------------------------------------------------------------------------------------------

HttpServerOptions TlsOptions() {
    HttpServerOptions options = TestOptions();
    options.listen = {{"127.0.0.1", 0, true}, {"127.0.0.1", 0, false}};
    options.tls = SharedCertificate().Identity();
    return options;
}

std::string Shell(const std::string& command) {
    std::string out;
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    char bytes[4096];
    while (const std::size_t got = fread(bytes, 1, sizeof bytes, pipe)) out.append(bytes, got);
    pclose(pipe);
    return out;
}
std::string OpensslClient(const TestServer& server, const std::string& arguments) {
    return Shell("timeout 10 openssl s_client -connect 127.0.0.1:" + std::to_string(server.Port()) + " " + arguments +
                 " </dev/null");
}

TEST(Tls, ServesRequestsAndTellsThatTheyAreSecure) {
    TestServer server({.handler =
                           [](const HttpRequest& request) {
                               return HttpResponse{.body = (request.secure ? "secure " : "open ") + request.body};
                           },
                       .inline_handler = [](const HttpRequest& request) -> std::optional<HttpResponse> {
                           if (request.path != "/inline") return std::nullopt;
                           return HttpResponse{.body = std::string(3 << 20, 'i')};
                       }},
                      TlsOptions());
    const HttpClient client({.ca_file = SharedCertificate().File()});
    const std::string base = "https://localhost:" + std::to_string(server.Port());
    const std::string large(900'000, 'x');
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(
            Expect(client.Send({.method = "POST", .url = base + "/", .body = large, .allow_private_addresses = true}))
                .body,
            "secure " + large);
    EXPECT_EQ(Expect(client.Send({.url = base + "/inline", .max_response = 4 << 20, .allow_private_addresses = true}))
                  .body.size(),
              std::size_t{3 << 20});
    EXPECT_EQ(server.server.Stats().connections, 1u);
    const std::string open = "http://127.0.0.1:" + std::to_string(server.server.BoundAddresses()[1].port) + "/";
    EXPECT_EQ(Expect(client.Send({.url = open, .allow_private_addresses = true})).body, "open ");
}

TEST(Tls, IsRefusedByAClientThatDoesNotKnowTheIssuer) {
    TestServer server({.handler = Echo}, TlsOptions());
    const HttpClient client;
    const auto failure = ExpectFailure(client.Send(
        {.url = "https://localhost:" + std::to_string(server.Port()) + "/", .allow_private_addresses = true}));
    EXPECT_EQ(failure.kind, Kind::kUnreachable);
}

TEST(Tls, SpeaksModernVersionsOnly) {
    TestServer server({.handler = Echo}, TlsOptions());
    EXPECT_NE(OpensslClient(server, "-tls1_3").find("TLSv1.3"), std::string::npos);
    EXPECT_NE(OpensslClient(server, "-tls1_2").find("Cipher is ECDHE-ECDSA-"), std::string::npos);
    EXPECT_EQ(OpensslClient(server, "-tls1_1 -cipher ALL:@SECLEVEL=0").find("Cipher is ECDHE"), std::string::npos);
    EXPECT_EQ(OpensslClient(server, "-tls1_2 -cipher AES128-SHA:ECDHE-ECDSA-AES128-SHA").find("Cipher is ECDHE"),
              std::string::npos);
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().refused_handshakes == 2; }));
}

TEST(Tls, NegotiatesHttp11) {
    TestServer server({.handler = Echo}, TlsOptions());
    EXPECT_NE(OpensslClient(server, "-alpn h2,http/1.1").find("ALPN protocol: http/1.1"), std::string::npos);
    EXPECT_NE(OpensslClient(server, "-alpn h2").find("no application protocol"), std::string::npos);
}

TEST(Tls, ResumesSessions) {
    TestServer server({.handler = Echo}, TlsOptions());
    const std::string file = SharedCertificate().Folder() + "/session";
    OpensslClient(server, "-tls1_2 -sess_out " + file);
    EXPECT_NE(OpensslClient(server, "-tls1_2 -sess_in " + file).find("Reused, TLSv1.2"), std::string::npos);
}

TEST(Tls, CutsOffASlowHandshake) {
    HttpServerOptions options = TlsOptions();
    options.handshake_deadline = milliseconds(50);
    TestServer server({.handler = Echo}, options);
    RawClient silent(server.Port()), slow(server.Port());
    slow.Send("\x16\x03\x01");
    EXPECT_EQ(silent.Rest(), "");
    EXPECT_EQ(slow.Rest(), "");
    EXPECT_EQ(server.server.Stats().timed_out, 2u);
}

TEST(Tls, RefusesPlainHttp) {
    TestServer server({.handler = Echo}, TlsOptions());
    EXPECT_EQ(StatusOf(server.Ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n")), 0);
    EXPECT_EQ(server.server.Stats().requests, 0u);
}

TEST(Tls, AnswersARefusalAndClosesProperly) {
    HttpServerOptions options = TlsOptions();
    options.max_body = 10;
    TestServer server({.handler = Echo}, options);
    const std::string answer = Shell(
        "printf 'POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 11\\r\\n\\r\\nabc' | timeout 10 openssl s_client "
        "-quiet -connect 127.0.0.1:" +
        std::to_string(server.Port()));
    EXPECT_NE(answer.find("HTTP/1.1 413"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("unexpected eof"), std::string::npos) << answer;
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().connections_open == 0; }));
}

TEST(Tls, StopsGracefullyWithOpenConnections) {
    TestServer server({.handler = Echo}, TlsOptions());
    const HttpClient client({.ca_file = SharedCertificate().File()});
    Expect(client.Send(
        {.url = "https://localhost:" + std::to_string(server.Port()) + "/", .allow_private_addresses = true}));
    EXPECT_EQ(server.server.Stats().connections_open, 1u);
    EXPECT_TRUE(server.server.Stop(std::chrono::seconds(10)));
}

TEST(Tls, ServesManyClientsAtOnce) {
    TestServer server({.handler = Echo}, TlsOptions());
    const HttpClient client({.ca_file = SharedCertificate().File()});
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 16; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 20; ++i) {
                const std::string body = std::to_string(t * 100 + i);
                const auto result = client.Send({.method = "POST",
                                                 .url = "https://localhost:" + std::to_string(server.Port()) + "/",
                                                 .body = body,
                                                 .allow_private_addresses = true});
                const auto* response = std::get_if<HttpResponse>(&result);
                if (!response || response->body != "POST / " + body) ++wrong;
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
}

TEST(Tls, RefusesToStartWithAForeignKey) {
    HttpServerOptions options = TlsOptions();
    const TestCertificate other;
    options.tls->private_key_pem = other.Identity().private_key_pem;
    ManualClock clock{FromSeconds(0)};
    HttpServer server(options, {.handler = Echo}, clock);
    EXPECT_THROW(server.Start(), std::runtime_error);
    options.tls->certificate_pem = "nonsense";
    HttpServer another(options, {.handler = Echo}, clock);
    EXPECT_THROW(another.Start(), std::runtime_error);
}

}  // namespace
}  // namespace cardea
