// Requests that two parsers could read in two ways, and other malformed ones.

#include "net/server/chunked.h"
#include "net/server/request_parser.h"
#include "raw_client.h"

namespace cardea {
namespace {

struct Case {
    const char* what;
    std::string request;
    int status;
};

const std::string kHost = "Host: x\r\n";

std::vector<Case> Cases() {
    const std::string post = "POST / HTTP/1.1\r\n" + kHost;
    const std::string get = "GET / HTTP/1.1\r\n" + kHost;
    const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    return {
        {"both lengths", post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"both lengths, swapped", post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400},
        {"differing lengths", post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", 400},
        {"repeated length", post + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd", 400},
        {"length list", post + "Content-Length: 4, 4\r\n\r\nabcd", 400},
        {"signed length", post + "Content-Length: +4\r\n\r\nabcd", 400},
        {"negative length", post + "Content-Length: -1\r\n\r\n", 400},
        {"hexadecimal length", post + "Content-Length: 0x4\r\n\r\nabcd", 400},
        {"overflowing length", post + "Content-Length: 18446744073709551617\r\n\r\na", 400},
        {"empty length", post + "Content-Length: \r\n\r\n", 400},
        {"huge length", post + "Content-Length: 999999999999999999\r\n\r\n", 413},
        {"folded header", get + "A: b\r\n c\r\n\r\n", 400},
        {"folded encoding", post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400},
        {"space before colon", post + "Content-Length : 4\r\n\r\nabcd", 400},
        {"tab before colon", post + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", 400},
        {"space before the first header", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400},
        {"no colon", get + "Nonsense\r\n\r\n", 400},
        {"empty name", get + ": x\r\n\r\n", 400},
        {"control in a name", get + "a\x01z: x\r\n\r\n", 400},
        {"control in a value", get + "a: \x01\r\n\r\n", 400},
        {"nul in a value", get + std::string("a: b\0c\r\n\r\n", 10), 400},
        {"bare carriage return", get + "a: b\rContent-Length: 5\r\n\r\n", 400},
        {"bare line feeds", "GET / HTTP/1.1\nHost: x\n\n", 400},
        {"a bare line feed", get + "a: b\nc: d\r\n\r\n", 400},
        {"line feed as the last end", get + "a: b\r\n\n", 400},
        {"unknown encoding", post + "Transfer-Encoding: gzip\r\n\r\n", 501},
        {"encoding list", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
        {"disguised encoding", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
        {"chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"chunked and identity", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
         400},
        {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
        {"two hosts", get + "Host: y\r\n\r\n", 400},
        {"host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400},
        {"host with a user", "GET / HTTP/1.1\r\nHost: a@x\r\n\r\n", 400},
        {"HTTP/2.0", "GET / HTTP/2.0\r\n" + kHost + "\r\n", 505},
        {"HTTP/1.2", "GET / HTTP/1.2\r\n" + kHost + "\r\n", 505},
        {"no version", "GET /\r\n\r\n", 400},
        {"space in the target", "GET /a b HTTP/1.1\r\n" + kHost + "\r\n", 505},
        {"two spaces", "GET  / HTTP/1.1\r\n" + kHost + "\r\n", 400},
        {"leading space", " GET / HTTP/1.1\r\n" + kHost + "\r\n", 400},
        {"control in the target", "GET /\x01 HTTP/1.1\r\n" + kHost + "\r\n", 400},
        {"fragment in the target", "GET /#x HTTP/1.1\r\n" + kHost + "\r\n", 400},
        {"authority form", "CONNECT x:443 HTTP/1.1\r\n" + kHost + "\r\n", 400},
        {"relative target", "GET a HTTP/1.1\r\n" + kHost + "\r\n", 400},
        {"odd scheme", "GET ftp://x/ HTTP/1.1\r\n" + kHost + "\r\n", 400},
        {"bad method", "G@T / HTTP/1.1\r\n" + kHost + "\r\n", 400},
        {"TLS on the plain port", "\x16\x03\x01\x02\x01\x01\xfc\r\n\r\n", 400},
        {"bad chunk size", chunked + "x\r\n", 400},
        {"empty chunk size", chunked + "\r\n", 400},
        {"prefixed chunk size", chunked + "0x1\r\na\r\n0\r\n\r\n", 400},
        {"signed chunk size", chunked + "+1\r\na\r\n0\r\n\r\n", 400},
        {"space after the chunk size", chunked + "1 \r\na\r\n0\r\n\r\n", 400},
        {"overflowing chunk size", chunked + "10000000000000001\r\na\r\n0\r\n\r\n", 400},
        {"chunk larger than it said", chunked + "1\r\nab\r\n0\r\n\r\n", 400},
        {"line feed after the chunk size", chunked + "1\na\r\n0\r\n\r\n", 400},
        {"line feed in an extension", chunked + "1;a\nb\r\na\r\n0\r\n\r\n", 400},
        {"line feed after the chunk", chunked + "1\r\na\n0\r\n\r\n", 400},
        {"huge chunk", chunked + "7fffffff\r\n", 413},
        {"long extension", chunked + "1;" + std::string(20'000, 'x'), 400},
        {"long trailer", chunked + "0\r\nA: " + std::string(20'000, 'x'), 400},
    };
}

// The network may cut between any two bytes: what is refused in one piece is refused in two.
TEST(HttpSmuggling, ForgivesOneEmptyLineHoweverItIsCut) {
    const auto feed = [](std::string_view bytes, std::size_t piece) {
        const RequestLimits limits;
        RequestParser parser(limits);
        std::size_t begin = 0;
        for (std::size_t end = piece;; end += piece) {
            std::size_t consumed = 0;
            const ParseStep step = parser.Feed(bytes.substr(begin, end - begin), consumed);
            begin += consumed;
            if (step != ParseStep::kNeedMore || end >= bytes.size()) return step;
        }
    };
    const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const std::size_t piece : {1u, 2u, 3u, 4u, 100u}) {
        EXPECT_EQ(feed("\r\n" + get, piece), ParseStep::kDone) << piece;
        EXPECT_EQ(feed("\r\n\r\n" + get, piece), ParseStep::kRefused) << piece;
    }
}

TEST(HttpSmuggling, RefusesWhatIsAmbiguousAndClosesTheConnection) {
    TestServer server;
    for (const Case& each : Cases()) {
        SCOPED_TRACE(each.what);
        RawClient client(server.Port());
        // Were the refused request's bytes taken for a second request, a second answer would follow.
        client.Send(each.request + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        client.EndSending();
        const std::string all = client.Rest();
        EXPECT_EQ(StatusOf(all), each.status) << all;
        EXPECT_NE(all.find("Connection: close"), std::string::npos);
        EXPECT_EQ(all.find("smuggled"), std::string::npos);
        EXPECT_EQ(all.find("HTTP/1.1", 8), std::string::npos);
    }
    EXPECT_EQ(server.server.Stats().requests, 0u);
}

TEST(HttpSmuggling, RefusesTheSameBytesHoweverTheyAreCut) {
    const RequestLimits limits;
    for (const Case& each : Cases()) {
        SCOPED_TRACE(each.what);
        RequestParser parser(limits);
        std::string unread;
        ParseStep step = ParseStep::kNeedMore;
        for (const char c : each.request) {
            unread += c;
            do {
                std::size_t consumed = 0;
                step = parser.Feed(unread, consumed);
                unread.erase(0, consumed);
            } while (step == ParseStep::kHeader);
            if (step != ParseStep::kNeedMore) break;
        }
        EXPECT_EQ(step, ParseStep::kRefused);
        EXPECT_EQ(parser.RefusalStatus(), each.status);
    }
}

TEST(HttpSmuggling, ReadsChunksHoweverTheyAreCut) {
    const std::string wire = "5\r\nhello\r\nA;name=\"v\"\r\n, world 10\r\n000\r\nTrailer: x\r\nB: y\r\n\r\nnext";
    for (std::size_t first = 0; first <= wire.size(); ++first)
        for (std::size_t second = first; second <= wire.size(); ++second) {
            ChunkedDecoder decoder(15);
            std::string body, rest;
            ChunkedDecoder::Step step = ChunkedDecoder::Step::kNeedMore;
            for (std::string_view part :
                 {std::string_view(wire).substr(0, first), std::string_view(wire).substr(first, second - first),
                  std::string_view(wire).substr(second)}) {
                if (step == ChunkedDecoder::Step::kNeedMore) step = decoder.Feed(part, body);
                rest += part;
            }
            ASSERT_EQ(step, ChunkedDecoder::Step::kDone);
            ASSERT_EQ(body, "hello, world 10");
            ASSERT_EQ(rest, "next");
        }
}

TEST(HttpParser, UnderstandsTheFormsOfTargets) {
    TestServer server({.handler = [](const HttpRequest& request) {
        return HttpResponse{.body = request.host + " " + request.path + " " + request.query};
    }});
    EXPECT_EQ(BodyOf(server.Ask("GET http://Y.Example:8080/p?q HTTP/1.1\r\nHost: x\r\n\r\n")), "y.example:8080 /p q");
    EXPECT_EQ(BodyOf(server.Ask("GET http://y?q HTTP/1.1\r\nHost: x\r\n\r\n")), "y / q");
    EXPECT_EQ(BodyOf(server.Ask("OPTIONS * HTTP/1.1\r\nHost: X\r\n\r\n")), "x * ");
    EXPECT_EQ(BodyOf(server.Ask("GET /?a?b HTTP/1.1\r\nHost: [::1]:80\r\n\r\n")), "[::1]:80 / a?b");
    EXPECT_EQ(BodyOf(server.Ask("\r\nGET / HTTP/1.1\r\nHost: \r\n\r\n")), " / ");
}

TEST(HttpParser, KeepsHeadersInOrderWithLowerCaseNames) {
    TestServer server({.handler = [](const HttpRequest& request) {
        std::string out;
        for (const auto& [name, value] : request.headers) out += name + "=" + value + ";";
        return HttpResponse{.body = out + std::string(request.Header("b")) + std::string(request.Header("none"))};
    }});
    EXPECT_EQ(BodyOf(server.Ask("GET / HTTP/1.1\r\nHost: X\r\nB:  one \t\r\na:\r\nb: two\r\nC: caf\xc3\xa9\r\n\r\n")),
              "host=X;b=one;a=;b=two;c=caf\xc3\xa9;one");
}

TEST(HttpParser, DropsTrailers) {
    TestServer server({.handler = [](const HttpRequest& request) {
        return HttpResponse{.body = std::string(request.Header("x-forwarded-for")) + "/" + request.body};
    }});
    EXPECT_EQ(BodyOf(server.Ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "1\r\na\r\n0\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n")),
              "/a");
}

TEST(HttpParser, ClosesQuietlyOnATruncatedRequest) {
    TestServer server;
    EXPECT_EQ(server.Ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc"), "");
    EXPECT_EQ(server.Ask("GET / HTTP/1.1\r\nHo"), "");
    EXPECT_EQ(server.Ask(""), "");
    EXPECT_EQ(server.server.Stats().requests, 0u);
}

}  // namespace
}  // namespace cardea
