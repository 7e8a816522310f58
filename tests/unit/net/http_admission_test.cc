// Who may connect, and how much may be held in memory: the server under attack.

#include <fstream>
#include <sys/stat.h>
#include <sys/un.h>

#include "net/http_client.h"
#include "net/server/client_counts.h"
#include "net/server/memory_budget.h"
#include "raw_client.h"

namespace cardea {
namespace {

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::size_t kMebibyte = 1024 * 1024;

TEST(MemoryBudget, LeavesEachConnectionItsOwn) {
    MemoryBudget budget(1000);
    MemoryShare large(budget), other(budget);
    EXPECT_TRUE(large.Hold(MemoryShare::kOwnBytes + 1000));
    EXPECT_EQ(budget.Used(), 1000u);
    EXPECT_FALSE(other.CouldHold(MemoryShare::kOwnBytes + 1));
    EXPECT_FALSE(other.Hold(MemoryShare::kOwnBytes + 1));
    EXPECT_TRUE(other.Hold(MemoryShare::kOwnBytes));
    EXPECT_FALSE(large.Hold(MemoryShare::kOwnBytes + 1001));
    EXPECT_EQ(budget.Used(), 1000u);  // what was refused has changed nothing
    EXPECT_TRUE(large.Hold(MemoryShare::kOwnBytes + 400));
    EXPECT_TRUE(other.CouldHold(MemoryShare::kOwnBytes + 600));
    EXPECT_TRUE(other.Hold(MemoryShare::kOwnBytes + 600));
    EXPECT_TRUE(large.Hold(0));
    EXPECT_EQ(budget.Used(), 600u);
}

TEST(MemoryBudget, IsGivenBackAtTheEnd) {
    MemoryBudget budget(1000);
    {
        MemoryShare share(budget);
        EXPECT_TRUE(share.Hold(MemoryShare::kOwnBytes + 700));
    }
    EXPECT_EQ(budget.Used(), 0u);
}

TEST(ClientCounts, CountAnIpv6NetworkAsOneClient) {
    ClientCounts counts(2);
    const auto take = [&](const char* address) { return counts.Take(*ParseIpAddress(address)); };
    ClientPlace first = take("2001:db8::1");
    const ClientPlace second = take("2001:db8::ffff:2");
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(take("2001:db8:0:0:8000::"));
    EXPECT_TRUE(take("2001:db8:0:1::1"));
    const ClientPlace v4 = take("192.0.2.1"), mapped = take("::ffff:192.0.2.1");
    EXPECT_TRUE(v4 && mapped);
    EXPECT_FALSE(take("192.0.2.1"));
    EXPECT_TRUE(take("192.0.2.2"));
    ClientPlace moved = std::move(first);
    EXPECT_FALSE(take("2001:db8::1"));
    moved.Leave();
    moved.Leave();
    EXPECT_TRUE(take("2001:db8::1"));
}

TEST(HttpAdmission, RefusesAClientsConnectionsOverItsLimit) {
    HttpServerOptions options = TestOptions();
    options.max_connections_per_client = 2;
    TestServer server({.handler = Echo}, options);
    RawClient first(server.Port()), second(server.Port());
    first.Send(kGet);
    second.Send(kGet);
    EXPECT_EQ(StatusOf(first.Response()), 200);
    EXPECT_EQ(StatusOf(second.Response()), 200);
    RawClient third(server.Port()), neighbour(server.Port(), "127.0.0.2");
    EXPECT_EQ(third.Rest(), "");
    neighbour.Send(kGet);
    EXPECT_EQ(StatusOf(neighbour.Response()), 200);
    EXPECT_EQ(server.server.Stats().refused_clients, 1u);
    first.Close();
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().connections_open == 2; }));
    EXPECT_EQ(StatusOf(server.Ask(kGet)), 200);
}

TEST(HttpAdmission, DoesNotCountATrustedProxysConnections) {
    HttpServerOptions options = TestOptions();
    options.max_connections_per_client = 1;
    options.trusted_proxies = {*ParseCidr("127.0.0.1")};
    TestServer server({.handler = Echo}, options);
    const std::string get = "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n";
    RawClient first(server.Port()), second(server.Port());
    for (RawClient* client : {&first, &second}) {
        client->Send(get);
        EXPECT_EQ(StatusOf(client->Response()), 200);
    }
    EXPECT_EQ(server.server.Stats().refused_clients, 0u);
}

TEST(HttpAdmission, CountsTheClientThatAProxyHeaderNames) {
    HttpServerOptions options = TestOptions();
    options.max_connections_per_client = 1;
    options.trusted_proxies = {*ParseCidr("127.0.0.1")};
    options.proxy_protocol = true;
    TestServer server({.handler = Echo}, options);
    const auto header = [](const char* client) {
        return "PROXY TCP4 " + std::string(client) + " 10.0.0.1 1 2\r\n" + std::string(kGet);
    };
    RawClient first(server.Port()), second(server.Port()), other(server.Port());
    first.Send(header("192.0.2.7"));
    EXPECT_EQ(StatusOf(first.Response()), 200);
    second.Send(header("192.0.2.7"));
    EXPECT_EQ(second.Rest(), "");
    other.Send(header("192.0.2.8"));
    EXPECT_EQ(StatusOf(other.Response()), 200);
    EXPECT_EQ(server.server.Stats().refused_clients, 1u);
}

HttpServerOptions SmallMemory() {
    HttpServerOptions options = TestOptions();
    options.max_buffered = 2 * kMebibyte;
    options.body_deadline = std::chrono::milliseconds(60'000);
    return options;
}

std::string PostHead(std::size_t size) {
    return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
}

TEST(HttpAdmission, RefusesLargeBodiesUnreadWhenMemoryIsSpent) {
    TestServer server({.handler = Echo}, SmallMemory());
    std::vector<std::unique_ptr<RawClient>> hoarders;
    // Each holds nearly a mebibyte and does not end.
    for (int i = 0; i < 2; ++i) {
        hoarders.push_back(std::make_unique<RawClient>(server.Port()));
        hoarders.back()->Send(PostHead(kMebibyte) + std::string(kMebibyte - 1, 'x'));
    }
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().buffered > 2 * kMebibyte - 100'000; }));
    RawClient large(server.Port());
    large.Send(PostHead(200'000));  // not a byte of the body is sent
    const std::string answer = large.Response();
    EXPECT_EQ(StatusOf(answer), 503);
    EXPECT_NE(answer.find("Retry-After: "), std::string::npos);
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    // Small requests go on.
    EXPECT_EQ(StatusOf(server.Ask(PostHead(2000) + std::string(2000, 'y'))), 200);
    EXPECT_EQ(server.server.Stats().refused_memory, 1u);
    hoarders[0]->Send("x");
    EXPECT_EQ(StatusOf(hoarders[0]->Response()), 200);
    hoarders.clear();
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().buffered == 0; }));
    EXPECT_EQ(StatusOf(server.Ask(PostHead(kMebibyte) + std::string(kMebibyte, 'x'))), 200);
}

TEST(HttpAdmission, RefusesAChunkedBodyThatFindsNoMemory) {
    TestServer server({.handler = Echo}, SmallMemory());
    std::vector<std::unique_ptr<RawClient>> hoarders;
    int refused = 0;
    for (int i = 0; i < 6; ++i) {
        hoarders.push_back(std::make_unique<RawClient>(server.Port()));
        hoarders.back()->Send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int chunk = 0; chunk < 9; ++chunk) hoarders.back()->Send("10000\r\n" + std::string(65536, 'x') + "\r\n");
    }
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().refused_memory >= 3; }));
    EXPECT_LE(server.server.Stats().buffered, 2 * kMebibyte);
    for (const auto& hoarder : hoarders) {
        hoarder->Send("0\r\n\r\n");
        const int status = StatusOf(hoarder->Response());
        refused += status == 503;
        EXPECT_TRUE(status == 503 || status == 200) << status;
    }
    EXPECT_EQ(refused, static_cast<int>(server.server.Stats().refused_memory));
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().buffered == 0; }));
}

TEST(HttpAdmission, GivesMemoryBackBeforeASlowClientReads) {
    HttpServerOptions options = SmallMemory();
    TestServer server({.handler = [](const HttpRequest&) { return HttpResponse{.body = std::string(16 << 20, 'x')}; }},
                      options);
    RawClient client(server.Port());
    client.Send(PostHead(kMebibyte) + std::string(kMebibyte, 'x'));
    EXPECT_TRUE(Eventually([&] {
        const auto stats = server.server.Stats();
        return stats.requests == 1 && stats.buffered == 0;
    }));
}

TEST(HttpAdmission, ServesThisHostInTheClear) {
    HttpServerOptions options = TestOptions();
    options.listen = {{"0.0.0.0", 0, false}};
    options.plain_for_proxies_only = true;
    TestServer server({.handler = Echo}, options);
    EXPECT_EQ(StatusOf(server.Ask(kGet)), 200);
}

class UnixSocket : public ::testing::Test {
 protected:
    void SetUp() override {
        std::string name = ::testing::TempDir() + "cardea-socket-XXXXXX";
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
        options_ = TestOptions();
        options_.unix_socket = folder_ + "/admin";
    }
    void TearDown() override {
        unlink(options_.unix_socket.c_str());
        rmdir(folder_.c_str());
    }
    HttpHandlers Handlers() {
        return {.handler = Echo, .local_handler = [](const HttpRequest& request) {
                    return HttpResponse{.body = "local " + request.path + request.client_address};
                }};
    }
    std::string AskLocally() {
        HttpCall call{.method = "POST", .url = "http://localhost/_admin"};
        call.allow_private_addresses = true;
        call.unix_socket = options_.unix_socket;
        const auto answer = HttpClient().Send(call);
        const auto* response = std::get_if<HttpResponse>(&answer);
        return response ? response->body : "";
    }
    std::string folder_;
    HttpServerOptions options_;
};

TEST_F(UnixSocket, HasAHandlerOfItsOwn) {
    TestServer server(Handlers(), options_);
    EXPECT_EQ(AskLocally(), "local /_admin");
    EXPECT_EQ(BodyOf(server.Ask(kGet)), "GET /a ");
    struct stat status {};
    ASSERT_EQ(lstat(options_.unix_socket.c_str(), &status), 0);
    EXPECT_TRUE(S_ISSOCK(status.st_mode));
    EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(UnixSocket, IsRemovedAtTheEnd) {
    { TestServer server(Handlers(), options_); }
    EXPECT_NE(access(options_.unix_socket.c_str(), F_OK), 0);
    EXPECT_EQ(AskLocally(), "");
}

TEST_F(UnixSocket, TakesThePlaceOfAStaleOne) {
    const int stale = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    options_.unix_socket.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(bind(stale, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    close(stale);
    ASSERT_EQ(access(options_.unix_socket.c_str(), F_OK), 0);
    TestServer server(Handlers(), options_);
    EXPECT_EQ(AskLocally(), "local /_admin");
}

TEST_F(UnixSocket, DoesNotTakeThePlaceOfAFile) {
    std::ofstream(options_.unix_socket) << "precious";
    EXPECT_THROW(TestServer(Handlers(), options_), std::runtime_error);
    std::string text;
    std::ifstream(options_.unix_socket) >> text;
    EXPECT_EQ(text, "precious");
}

TEST_F(UnixSocket, WorksWhenNobodyElseMayConnect) {
    options_.max_connections = 1;
    TestServer server(Handlers(), options_);
    RawClient only(server.Port());
    only.Send(kGet);
    EXPECT_EQ(StatusOf(only.Response()), 200);
    EXPECT_EQ(server.Ask(kGet), "");
    EXPECT_EQ(AskLocally(), "local /_admin");
}

TEST_F(UnixSocket, RefusesAPathThatIsTooLong) {
    options_.unix_socket = folder_ + "/" + std::string(kMaxUnixSocketPath, 'x');
    EXPECT_THROW(TestServer(Handlers(), options_), std::runtime_error);
}

}  // namespace
}  // namespace cardea
