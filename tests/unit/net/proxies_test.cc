// What proxies tell: the PROXY protocol and the forwarded headers.

#include "net/server/forwarded.h"
#include "net/server/proxy_protocol.h"
#include "raw_client.h"

namespace cardea {
namespace {

using Outcome = ProxyHeader::Outcome;

std::string Version2(unsigned char command, unsigned char family, std::string_view addresses) {
    std::string out("\r\n\r\n\0\r\nQUIT\n", 12);
    out += static_cast<char>(0x20 | command);
    out += static_cast<char>(family);
    out += static_cast<char>(addresses.size() >> 8);
    out += static_cast<char>(addresses.size() & 255);
    return out.append(addresses);
}
const std::string kIpv4Addresses("\xc0\x00\x02\x07\x0a\x00\x00\x01\x12\x34\x01\xbb", 12);

TEST(ProxyProtocol, ReadsVersion1) {
    const std::string line = "PROXY TCP4 192.0.2.7 10.0.0.1 56324 443\r\n";
    const ProxyHeader header = ParseProxyHeader(line + "GET /");
    EXPECT_EQ(header.outcome, Outcome::kRead);
    EXPECT_EQ(header.size, line.size());
    EXPECT_EQ(ToText(*header.source), "192.0.2.7");
    EXPECT_EQ(ToText(*ParseProxyHeader("PROXY TCP6 2001:db8::7 ::1 1 2\r\n").source), "2001:db8::7");
    EXPECT_EQ(ParseProxyHeader("PROXY UNKNOWN\r\n").outcome, Outcome::kRead);
    EXPECT_FALSE(ParseProxyHeader("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n").source);
    for (std::size_t size = 0; size < line.size(); ++size)
        EXPECT_EQ(ParseProxyHeader(line.substr(0, size)).outcome, Outcome::kIncomplete) << size;
}

TEST(ProxyProtocol, ReadsVersion2) {
    const std::string ipv4 = Version2(1, 0x11, kIpv4Addresses);
    const ProxyHeader header = ParseProxyHeader(ipv4 + "GET /");
    EXPECT_EQ(header.outcome, Outcome::kRead);
    EXPECT_EQ(header.size, ipv4.size());
    EXPECT_EQ(ToText(*header.source), "192.0.2.7");
    EXPECT_EQ(ToText(*ParseProxyHeader(Version2(1, 0x11, kIpv4Addresses + "\x04\x00\x02xx")).source), "192.0.2.7");
    EXPECT_FALSE(ParseProxyHeader(Version2(0, 0, "")).source);
    EXPECT_EQ(ParseProxyHeader(Version2(0, 0, "")).outcome, Outcome::kRead);
    for (std::size_t size = 0; size < ipv4.size(); ++size)
        EXPECT_EQ(ParseProxyHeader(ipv4.substr(0, size)).outcome, Outcome::kIncomplete) << size;
    std::string v6(36, '\1');
    EXPECT_EQ(ToText(*ParseProxyHeader(Version2(1, 0x21, v6)).source), "101:101:101:101:101:101:101:101");
}

TEST(ProxyProtocol, RefusesWhatItDoesNotKnow) {
    for (const std::string& bytes : std::vector<std::string>{
             "GET / HTTP/1.1\r\n", "PROXY\r\n", "PROXY TCP4 192.0.2.7 10.0.0.1 56324\r\n",
             "PROXY TCP5 192.0.2.7 10.0.0.1 1 2\r\n", "PROXY TCP4 ::1 ::1 1 2\r\n",
             "PROXY TCP6 192.0.2.7 10.0.0.1 1 2\r\n", "PROXY TCP4 192.0.2.7 10.0.0.1 1 65536\r\n",
             "PROXY TCP4 192.0.2.7 10.0.0.1 1 2 3\r\n", "PROXY TCP4  192.0.2.7 10.0.0.1 1\r\n",
             "PROXY " + std::string(120, 'x'), Version2(2, 0x11, kIpv4Addresses), Version2(1, 0x11, "short"),
             Version2(1, 0x21, kIpv4Addresses), Version2(1, 0x11, std::string(2000, 'x'))})
        EXPECT_EQ(ParseProxyHeader(bytes).outcome, Outcome::kInvalid) << bytes;
}

HttpResponse TellClient(const HttpRequest& request) {
    return {.body = request.client_address + (request.secure ? " https " : " http ") + request.host};
}

HttpServerOptions ProxyOptions(bool proxy_protocol) {
    HttpServerOptions options = TestOptions();
    options.trusted_proxies = {*ParseCidr("127.0.0.1"), *ParseCidr("10.0.0.0/8")};
    options.proxy_protocol = proxy_protocol;
    return options;
}

TEST(Forwarded, IsThePeerItselfWithoutProxies) {
    TestServer server({.handler = TellClient});
    RawClient client(server.Port(), "127.0.0.9");
    client.Send("GET / HTTP/1.1\r\nHost: X:80\r\nX-Forwarded-For: 8.8.8.8\r\n\r\n");
    EXPECT_EQ(BodyOf(client.Response()), "127.0.0.9 http x:80");
}

TEST(ProxyProtocol, NamesTheClientOfAConnection) {
    TestServer server({.handler = TellClient}, ProxyOptions(true));
    const std::string get = "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 8.8.8.8\r\n\r\n";
    EXPECT_EQ(BodyOf(server.Ask("PROXY TCP4 192.0.2.7 10.0.0.1 1 2\r\n" + get)), "192.0.2.7 http x");
    EXPECT_EQ(BodyOf(server.Ask(Version2(1, 0x11, kIpv4Addresses) + get)), "192.0.2.7 http x");
    EXPECT_EQ(BodyOf(server.Ask(Version2(0, 0, "") + get)), "8.8.8.8 http x");
    EXPECT_EQ(server.Ask(get), "");
    EXPECT_EQ(server.server.Stats().refused_connections, 1u);
}

TEST(ProxyProtocol, IsTakenInPieces) {
    HttpServerOptions options = ProxyOptions(true);
    options.idle_deadline = std::chrono::milliseconds(20);  // makes the ticks short
    TestServer server({.handler = TellClient}, options);
    RawClient client(server.Port());
    client.Send("PROXY TCP4 192.0.2.7 ");
    EXPECT_TRUE(Eventually([&] { return server.server.Stats().connections == 1; }));
    client.Send("10.0.0.1 1 2\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(BodyOf(client.Response()), "192.0.2.7 http x");
}

TEST(ProxyProtocol, IsNotBelievedFromStrangers) {
    TestServer server({.handler = TellClient}, ProxyOptions(true));
    RawClient stranger(server.Port(), "127.0.0.2");
    stranger.Send("PROXY TCP4 192.0.2.7 10.0.0.1 1 2\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(stranger.Rest(), "");
}

std::string Client(const std::string& peer, HttpHeaders headers, ForwardedStyle style = ForwardedStyle::kXForwarded) {
    const std::vector<Cidr> trusted = {*ParseCidr("10.0.0.0/8"), *ParseCidr("fd00::/8")};
    HttpRequest request;
    request.host = "inner";
    request.headers = std::move(headers);
    ApplyForwarded(request, *ParseIpAddress(peer), false, trusted, style);
    return TellClient(request).body;
}

TEST(Forwarded, NamesTheRightMostAddressThatIsNoProxy) {
    EXPECT_EQ(Client("10.0.0.1", {{"x-forwarded-for", "192.0.2.7"}}), "192.0.2.7 http inner");
    EXPECT_EQ(Client("10.0.0.1", {{"x-forwarded-for", "6.6.6.6, 192.0.2.7, 10.0.0.2"}}), "192.0.2.7 http inner");
    EXPECT_EQ(Client("10.0.0.1", {{"x-forwarded-for", "6.6.6.6"}, {"x-forwarded-for", "192.0.2.7"}}),
              "192.0.2.7 http inner");
    EXPECT_EQ(Client("10.0.0.1", {{"x-forwarded-for", "10.0.0.3,10.0.0.2"}}), "10.0.0.3 http inner");
    EXPECT_EQ(Client("10.0.0.1", {{"x-forwarded-for", "192.0.2.7:4711"}}), "192.0.2.7 http inner");
    EXPECT_EQ(Client("fd00::1", {{"x-forwarded-for", "[2001:db8::7]:4711"}}), "2001:db8::7 http inner");
    EXPECT_EQ(Client("fd00::1", {{"x-forwarded-for", "2001:db8::7"}}), "2001:db8::7 http inner");
}

TEST(Forwarded, StopsAtWhatIsNoAddress) {
    EXPECT_EQ(Client("10.0.0.1", {{"x-forwarded-for", "6.6.6.6, unknown"}}), "10.0.0.1 http inner");
    EXPECT_EQ(Client("10.0.0.1", {{"x-forwarded-for", "6.6.6.6, unknown, 10.0.0.2"}}), "10.0.0.2 http inner");
    EXPECT_EQ(Client("10.0.0.1", {{"x-forwarded-for", ""}}), "10.0.0.1 http inner");
    EXPECT_EQ(Client("10.0.0.1", {{"x-forwarded-for", std::string(20'000, ',')}}), "10.0.0.1 http inner");
}

TEST(Forwarded, IsNotBelievedFromStrangers) {
    EXPECT_EQ(Client("192.0.2.99", {{"x-forwarded-for", "6.6.6.6"},
                                    {"x-forwarded-proto", "https"},
                                    {"x-forwarded-host", "outer"},
                                    {"forwarded", "for=6.6.6.6;proto=https;host=outer"}}),
              "192.0.2.99 http inner");
}

TEST(Forwarded, TellsProtocolAndHost) {
    EXPECT_EQ(Client("10.0.0.1", {{"x-forwarded-proto", "https"}, {"x-forwarded-host", "Outer:8443"}}),
              "10.0.0.1 https outer:8443");
    EXPECT_EQ(Client("10.0.0.1", {{"x-forwarded-proto", "https, http"}, {"x-forwarded-host", "a, b"}}),
              "10.0.0.1 http b");
    EXPECT_EQ(Client("10.0.0.1", {{"x-forwarded-host", "evil/path"}}), "10.0.0.1 http inner");
}

TEST(Forwarded, ReadsTheStandardHeaderOnlyWhereItIsConfigured) {
    const HttpHeaders both = {{"forwarded", "for=6.6.6.6, For=\"[2001:db8::7]:4711\" ; PROTO=https;host=\"outer\""},
                              {"x-forwarded-for", "7.7.7.7"}};
    EXPECT_EQ(Client("10.0.0.1", both, ForwardedStyle::kForwarded), "2001:db8::7 https outer");
    EXPECT_EQ(Client("10.0.0.1", both, ForwardedStyle::kXForwarded), "7.7.7.7 http inner");
    EXPECT_EQ(Client("10.0.0.1", {{"forwarded", "for=_hidden;proto=https"}}, ForwardedStyle::kForwarded),
              "10.0.0.1 https inner");
}

}  // namespace
}  // namespace cardea
