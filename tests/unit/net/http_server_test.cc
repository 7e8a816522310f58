#include "net/http_server.h"

#include <atomic>
#include <thread>

#include "base/permits.h"
#include "raw_client.h"

namespace cardea {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

TEST(HttpServer, AnswersARequest) {
    TestServer server;
    RawClient client(server.Port());
    client.Send("POST /sign-in?x=%201 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(client.Response(),
              "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Content-Length: 26\r\nConnection: keep-alive\r\n\r\nPOST /sign-in?x=%201 hello");
}

TEST(HttpServer, KeepsAConnectionForManyRequests) {
    TestServer server;
    RawClient client(server.Port());
    for (int i = 0; i < 200; ++i) {
        client.Send("POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
        EXPECT_EQ(BodyOf(client.Response()), "POST /" + std::to_string(i) + " hi");
    }
    EXPECT_EQ(server.server.Stats().connections, 1u);
    EXPECT_EQ(server.server.Stats().requests, 200u);
}

TEST(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
    TestServer server;
    std::string all;
    for (int i = 0; i < 100; ++i)
        all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx";
    RawClient client(server.Port());
    client.Send(all);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(BodyOf(client.Response()), "POST /" + std::to_string(i) + " x");
}

TEST(HttpServer, AnswersPipelinedRequestsInlineAndOnWorkersInTheirOrder) {
    TestServer server(
        {.handler = Echo, .inline_handler = [](const HttpRequest& request) -> std::optional<HttpResponse> {
             if (request.path.size() % 2) return std::nullopt;
             return HttpResponse{.body = "inline " + request.path};
         }});
    std::string all;
    for (int i = 0; i < 120; ++i) all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    RawClient client(server.Port());
    client.Send(all);
    for (int i = 0; i < 120; ++i) {
        const std::string path = "/" + std::to_string(i);
        EXPECT_EQ(BodyOf(client.Response()), path.size() % 2 ? "GET " + path + " " : "inline " + path);
    }
}

TEST(HttpServer, ReadsARequestThatComesByteByByte) {
    TestServer server;
    RawClient client(server.Port());
    for (const char c : std::string_view("POST /slow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                         "3\r\nabc\r\n1;ext=1\r\nd\r\n0\r\nTrailer: ignored\r\n\r\n"))
        client.Send({&c, 1});
    EXPECT_EQ(BodyOf(client.Response()), "POST /slow abcd");
    client.Send(kGet);
    EXPECT_EQ(BodyOf(client.Response()), "GET /a ");
}

TEST(HttpServer, ClosesWhenTheClientAsksForIt) {
    TestServer server;
    RawClient client(server.Port());
    client.Send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_NE(client.Rest().find("Connection: close\r\n"), std::string::npos);
}

TEST(HttpServer, ClosesAfterHttp10UnlessAskedToKeep) {
    TestServer server;
    RawClient closing(server.Port());
    closing.Send("GET /a HTTP/1.0\r\n\r\n");
    EXPECT_EQ(StatusOf(closing.Rest()), 200);
    RawClient keeping(server.Port());
    keeping.Send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_NE(keeping.Response().find("Connection: keep-alive"), std::string::npos);
    keeping.Send("GET /b HTTP/1.0\r\n\r\n");
    EXPECT_EQ(BodyOf(keeping.Rest()), "GET /b ");
}

TEST(HttpServer, AnswersHeadWithoutABody) {
    TestServer server;
    const std::string all = server.Ask("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_NE(all.find("Content-Length: 8\r\n"), std::string::npos);
    EXPECT_EQ(BodyOf(all), "");
}

TEST(HttpServer, AnswersAClientThatHalfCloses) {
    TestServer server({.handler = [](const HttpRequest& request) {
        std::this_thread::sleep_for(milliseconds(20));  // so that the end arrives while the handler runs
        return Echo(request);
    }});
    EXPECT_EQ(BodyOf(server.Ask(kGet)), "GET /a ");
}

TEST(HttpServer, SurvivesAClientThatLeavesWhileItsHandlerRuns) {
    std::atomic<int> answered{0};
    TestServer server({.handler = [&](const HttpRequest& request) {
        std::this_thread::sleep_for(milliseconds(5));
        ++answered;
        return Echo(request);
    }});
    for (int i = 0; i < 20; ++i) {
        RawClient client(server.Port());
        client.Send(kGet);
        client.Close();
    }
    EXPECT_TRUE(Eventually([&] { return answered == 20 && server.server.Stats().connections_open == 0; }));
}

TEST(HttpServer, WritesAnAnswerThatExceedsTheSocketsBuffers) {
    const std::string large(8 * 1024 * 1024, 'x');
    TestServer server({.handler = [&](const HttpRequest&) { return HttpResponse{.body = large}; }});
    RawClient client(server.Port());
    client.Send(std::string(kGet) + std::string(kGet));
    EXPECT_EQ(BodyOf(client.Response()), large);
    EXPECT_EQ(BodyOf(client.Response()), large);
}

TEST(HttpServer, TurnsExceptionsInto500) {
    TestServer server({.handler = [](const HttpRequest& request) -> HttpResponse {
        if (request.path == "/a") throw std::runtime_error("broken");
        return {};
    }});
    RawClient client(server.Port());
    client.Send(kGet);
    EXPECT_EQ(StatusOf(client.Response()), 500);
    client.Send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(StatusOf(client.Response()), 200);
    EXPECT_EQ(server.server.Stats().failed, 1u);
}

TEST(HttpServer, RefusesToSendAHeaderThatWouldSplitTheResponse) {
    for (const std::string& value : {std::string("a\r\nSet-Cookie: x"), std::string("a\nb"), std::string("a\0b", 3)}) {
        TestServer server({.handler = [&](const HttpRequest&) {
            return HttpResponse{.headers = {{"location", value}}};
        }});
        const std::string answer = server.Ask(kGet);
        EXPECT_EQ(StatusOf(answer), 500);
        EXPECT_EQ(answer.find("Set-Cookie"), std::string::npos);
    }
}

TEST(HttpServer, RefusesALargeBodyWithoutReadingIt) {
    HttpServerOptions options = TestOptions();
    options.max_body = 1000;
    TestServer server({.handler = Echo}, options);
    RawClient client(server.Port());
    client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
    EXPECT_EQ(StatusOf(client.Response()), 413);  // although not a byte of it was sent
    EXPECT_EQ(client.Rest(), "");
    EXPECT_EQ(server.server.Stats().refused_body, 1u);
    EXPECT_EQ(BodyOf(server.Ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x'))),
              "POST / " + std::string(1000, 'x'));
}

TEST(HttpServer, DeliversTheRefusalToAClientThatKeepsSending) {
    TestServer server;
    RawClient client(server.Port());
    client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
    client.Send(std::string(200'000, 'x'));
    EXPECT_EQ(StatusOf(client.Response()), 413);
}

TEST(HttpServer, RefusesAChunkedBodyThatGrowsTooLarge) {
    HttpServerOptions options = TestOptions();
    options.max_body = 1000;
    TestServer server({.handler = Echo}, options);
    RawClient client(server.Port());
    client.Send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1000, 'x') +
                "\r\n1\r\n");
    EXPECT_EQ(StatusOf(client.Response()), 413);
}

TEST(HttpServer, RefusesLargeHeaders) {
    HttpServerOptions options = TestOptions();
    options.max_header = 2000;
    TestServer server({.handler = Echo}, options);
    EXPECT_EQ(StatusOf(server.Ask("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(3000, 'x') + "\r\n\r\n")), 431);
    EXPECT_EQ(StatusOf(server.Ask("GET /" + std::string(3000, 'x'))), 431);
    EXPECT_EQ(server.server.Stats().refused_header, 2u);
}

TEST(HttpServer, RefusesManyHeaders) {
    TestServer server;
    std::string request = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; i < 127; ++i) request += "a: b\r\n";
    EXPECT_EQ(StatusOf(server.Ask(request + "\r\n")), 200);
    EXPECT_EQ(StatusOf(server.Ask(request + "a: b\r\n\r\n")), 431);
}

TEST(HttpServer, SendsContinueOnlyWhenTheBodyIsWelcome) {
    TestServer server;
    RawClient client(server.Port());
    client.Send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    EXPECT_EQ(client.Response(false), "HTTP/1.1 100 Continue\r\n\r\n");
    client.Send("abc");
    EXPECT_EQ(BodyOf(client.Response()), "POST / abc");
    client.Send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
    EXPECT_EQ(StatusOf(client.Response()), 413);
    EXPECT_EQ(StatusOf(server.Ask("POST / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 1\r\n\r\n")), 417);
}

TEST(HttpServer, CutsOffSlowClients) {
    HttpServerOptions options = TestOptions();
    options.header_deadline = options.body_deadline = options.idle_deadline = milliseconds(60);
    options.write_deadline = milliseconds(100);  // no client closes here: it bounds how long the server lingers
    TestServer server({.handler = Echo}, options);
    RawClient silent(server.Port()), header(server.Port()), body(server.Port()), idle(server.Port());
    header.Send("GET / HTTP/1.1\r\nHost:");
    body.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
    idle.Send(kGet);
    EXPECT_EQ(StatusOf(idle.Response()), 200);
    EXPECT_EQ(silent.Rest(), "");
    EXPECT_EQ(StatusOf(header.Rest()), 408);
    EXPECT_EQ(StatusOf(body.Rest()), 408);
    EXPECT_EQ(idle.Rest(), "");
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().connections_open == 0; }));
    EXPECT_EQ(server.server.Stats().timed_out, 3u);
}

TEST(HttpServer, CutsOffASlowLorisThoughItKeepsSending) {
    HttpServerOptions options = TestOptions();
    options.header_deadline = milliseconds(80);
    options.write_deadline = milliseconds(100);
    TestServer server({.handler = Echo}, options);
    RawClient client(server.Port());
    client.Send("GET / HTTP/1.1\r\n");
    const auto start = Monotonic();
    while (client.Send("a: b\r\n") && Monotonic() - start < std::chrono::seconds(10))
        std::this_thread::sleep_for(milliseconds(5));
    EXPECT_LT(Monotonic() - start, std::chrono::seconds(5));
}

TEST(HttpServer, CutsOffAClientThatDoesNotReadItsAnswer) {
    HttpServerOptions options = TestOptions();
    options.write_deadline = milliseconds(100);
    TestServer server({.handler = [](const HttpRequest&) { return HttpResponse{.body = std::string(16 << 20, 'x')}; }},
                      options);
    RawClient client(server.Port());
    client.Send(kGet);
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().timed_out == 1; }));
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().connections_open == 0; }));
}

TEST(HttpServer, RefusesConnectionsOverTheLimit) {
    HttpServerOptions options = TestOptions();
    options.max_connections = 2;
    TestServer server({.handler = Echo}, options);
    RawClient first(server.Port()), second(server.Port());
    first.Send(kGet);
    second.Send(kGet);
    EXPECT_EQ(StatusOf(first.Response()), 200);
    EXPECT_EQ(StatusOf(second.Response()), 200);
    RawClient third(server.Port());
    EXPECT_EQ(third.Rest(), "");
    first.Close();
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().connections_open == 1; }));
    EXPECT_EQ(StatusOf(server.Ask(kGet)), 200);
    EXPECT_EQ(server.server.Stats().refused_connections, 1u);
}

TEST(HttpServer, AnswersOverloadedWhenTheQueueIsFull) {
    HttpServerOptions options = TestOptions();
    options.workers.threads_max = 1;
    options.workers.permits = 1;
    options.workers.queue_max = 1;
    std::atomic<bool> go{false};
    TestServer server({.handler =
                           [&](const HttpRequest& request) {
                               while (!go) std::this_thread::sleep_for(milliseconds(1));
                               return Echo(request);
                           },
                       .overloaded = [](const HttpRequest&) { return HttpResponse{.status = 400, .body = "later"}; }},
                      options);
    RawClient running(server.Port()), queued(server.Port()), refused(server.Port());
    running.Send(kGet);
    EXPECT_TRUE(Eventually([&] {
        const auto stats = server.server.Stats();
        return stats.requests == 1 && stats.workers.threads == 1 && stats.workers.queued == 0;
    }));
    queued.Send(kGet);
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().workers.queued == 1; }));
    refused.Send(kGet);
    EXPECT_EQ(BodyOf(refused.Response()), "later");
    go = true;
    EXPECT_EQ(StatusOf(running.Response()), 200);
    EXPECT_EQ(StatusOf(queued.Response()), 200);
    refused.Send(kGet);
    EXPECT_EQ(StatusOf(refused.Response()), 200);
    EXPECT_EQ(server.server.Stats().refused_overload, 1u);
}

TEST(HttpServer, ServesManyConnectionsAtOnce) {
    std::atomic<int> inside{0}, most{0};
    TestServer server({.handler = [&](const HttpRequest& request) {
        const int now = ++inside;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
        }
        if (request.path.ends_with('7')) {
            const Blocking outside;
            std::this_thread::sleep_for(milliseconds(2));
        }
        --inside;
        return Echo(request);
    }});
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 64; ++t)
        threads.emplace_back([&, t] {
            RawClient client(server.Port());
            for (int i = 0; i < 50; ++i) {
                const std::string path = "/" + std::to_string(t * 1000 + i);
                client.Send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
                if (BodyOf(client.Response()) != "POST " + path + " abc") ++wrong;
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(server.server.Stats().requests, 64u * 50);
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().connections_open == 0; }));
}

TEST(HttpServer, StopsGracefullyUnderLoad) {
    TestServer server({.handler = [](const HttpRequest& request) {
        const Blocking outside;
        std::this_thread::sleep_for(milliseconds(10));
        return Echo(request);
    }});
    std::atomic<int> answered{0}, half{0}, closed{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 16; ++t)
        threads.emplace_back([&] {
            RawClient client(server.Port());
            for (;;) {
                const bool sent = client.Send(kGet);
                const std::string answer = client.Response();
                if (answer.empty()) break;
                ++(BodyOf(answer) == "GET /a " ? answered : half);
                if (!sent || answer.find("Connection: close") != std::string::npos) ++closed;
            }
        });
    RawClient idle(server.Port());
    EXPECT_TRUE(Eventually([&] { return answered > 100; }));
    EXPECT_TRUE(server.server.Stop(std::chrono::seconds(10)));
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(idle.Rest(), "");
    EXPECT_EQ(half, 0);
    EXPECT_GT(closed, 0);
    EXPECT_EQ(server.server.Stats().connections_open, 0u);
}

TEST(HttpServer, StopsInTimeThoughAHandlerHangs) {
    std::atomic<bool> inside{false}, go{false};
    {
        TestServer server({.handler = [&](const HttpRequest& request) {
            inside = true;
            while (!go) std::this_thread::sleep_for(milliseconds(1));
            return Echo(request);
        }});
        RawClient client(server.Port());
        client.Send(kGet);
        EXPECT_TRUE(Eventually([&] { return inside.load(); }));
        EXPECT_FALSE(server.server.Stop(milliseconds(30)));
        go = true;
    }
    EXPECT_TRUE(go);  // the destructor waited for the handler, and nothing crashed
}

TEST(HttpServer, SaysWhichAddressItCannotBind) {
    TestServer first;
    HttpServerOptions options = TestOptions();
    options.listen[0].port = first.Port();
    HttpServer second(options, {.handler = Echo}, first.clock);
    try {
        second.Start();
        FAIL() << "bound twice";
    } catch (const std::runtime_error& failure) {
        EXPECT_NE(std::string(failure.what()).find("127.0.0.1 port " + std::to_string(first.Port())),
                  std::string::npos);
    }
}

}  // namespace
}  // namespace cardea
