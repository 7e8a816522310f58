#include "app/dev_door.h"

#include <gtest/gtest.h>

#include "app/pages/outbox_page.h"
#include "codec/json.h"
#include "store/pools.h"
#include "support/world.h"

namespace cardea {
namespace {

HttpRequest Request(std::string method, std::string path, std::string host = "127.0.0.1:9229") {
    HttpRequest out;
    out.method = std::move(method);
    const std::size_t question = path.find('?');
    out.target = path;
    out.path = path.substr(0, question);
    if (question != std::string::npos) out.query = path.substr(question + 1);
    out.host = std::move(host);
    return out;
}

struct DevDoorTest : testing::Test {
    ManualClock clock{FromSeconds(1767225600)};
    Outbox outbox{clock};
    int resets = 0;
    DevDoor door{.outbox = outbox,
                 .clock = clock,
                 .advance = [this](Duration by) { clock.Advance(by); },
                 .reset = [this] { ++resets; },
                 .hosts = {"box.example"}};

    void Send(std::string to, std::string code = "123456", std::string body = "Your code is 123456. ") {
        Message message;
        message.to = std::move(to);
        message.subject = "Your verification code";
        message.body = Secret(std::move(body));
        message.code = Secret(std::move(code));
        outbox.Send(message);
    }
    HttpResponse Answer(const HttpRequest& request) {
        auto out = AnswerDevDoor(request, door);
        EXPECT_TRUE(out.has_value());
        return out.value_or(HttpResponse{.status = 599});
    }
    int StatusFor(std::string host, std::string origin = "") {
        HttpRequest request = Request("GET", "/_dev/outbox", std::move(host));
        if (!origin.empty()) request.headers.emplace_back("origin", std::move(origin));
        return Answer(request).status;
    }
};

TEST_F(DevDoorTest, OtherPathsAreNotItsBusiness) {
    EXPECT_FALSE(AnswerDevDoor(Request("GET", "/"), door));
    EXPECT_FALSE(AnswerDevDoor(Request("POST", "/_devil"), door));
    EXPECT_EQ(Answer(Request("GET", "/_dev/nothing")).status, 404);
    EXPECT_EQ(Answer(Request("GET", "/_dev")).status, 308);
}

TEST_F(DevDoorTest, ListsMessagesNewestFirst) {
    Send("ada@example.com", "111111");
    clock.Advance(std::chrono::seconds(5));
    Send("bob+x@example.com", "222222");
    const HttpResponse all = Answer(Request("GET", "/_dev/outbox"));
    EXPECT_EQ(all.status, 200);
    EXPECT_EQ(all.body,
              R"({"messages":[{"channel":"EMAIL","to":"bob+x@example.com","subject":"Your verification code",)"
              R"("body":"Your code is 123456. ","code":"222222","at":"2026-01-01T00:00:05.000Z"},)"
              R"({"channel":"EMAIL","to":"ada@example.com","subject":"Your verification code",)"
              R"("body":"Your code is 123456. ","code":"111111","at":"2026-01-01T00:00:00.000Z"}]})");
    const auto count = [&](std::string query) {
        const HttpResponse some = Answer(Request("GET", "/_dev/outbox?" + query));
        EXPECT_EQ(some.status, 200) << query;
        return JsonDocument::Parse(some.body)->Root().Find("messages")->ItemCount();
    };
    EXPECT_EQ(count("limit=1"), 1u);
    EXPECT_EQ(count("to=ada@example.com&limit=5"), 1u);
    EXPECT_EQ(count("to=bob+x%40example.com"), 1u);
    EXPECT_EQ(count("to=bob%2Bx%40example.com"), 1u);
    EXPECT_EQ(count("to=eve@example.com"), 0u);
    for (const char* wrong : {"limit=0", "limit=-1", "limit=1001", "limit=x", "limit=99999999999999999999"})
        EXPECT_EQ(Answer(Request("GET", "/_dev/outbox?" + std::string(wrong))).status, 400) << wrong;
}

TEST_F(DevDoorTest, AnswersThisMachinesNamesOnly) {
    for (const char* host : {"localhost", "localhost:9229", "pool.auth.localhost:9229", "127.0.0.1", "127.9.9.9:80",
                             "[::1]:9229", "box.example", "box.example:1"})
        EXPECT_EQ(StatusFor(host), 200) << host;
    for (const char* host :
         {"", "evil.example", "evil.example:9229", "localhost.evil.example", "notlocalhost", "192.168.0.1", "0.0.0.0",
          "[::]", "box.example.evil", "localhost@evil.example", "127.1", "localhost/evil", "[::1"})
        EXPECT_EQ(StatusFor(host), 403) << host;
}

TEST_F(DevDoorTest, AnswersThisMachinesPagesOnly) {
    for (const char* origin : {"http://localhost:3000", "https://localhost", "http://127.0.0.1:9229", "http://[::1]",
                               "http://box.example:5173"})
        EXPECT_EQ(StatusFor("localhost", origin), 200) << origin;
    for (const char* origin : {"null", "https://evil.example", "http://localhost.evil.example", "file://", "localhost"})
        EXPECT_EQ(StatusFor("localhost", origin), 403) << origin;
    HttpRequest request = Request("POST", "/_dev/reset");
    request.headers.emplace_back("origin", "https://evil.example");
    EXPECT_EQ(Answer(request).status, 403);
    EXPECT_EQ(resets, 0);
}

TEST_F(DevDoorTest, GivesNoOtherOriginItsAnswers) {
    Send("ada@example.com");
    for (const char* path : {"/_dev/", "/_dev/outbox", "/_dev/outbox.js", "/_dev/outbox.css", "/_dev/nothing"}) {
        const HttpResponse answer = Answer(Request("GET", path));
        EXPECT_EQ(FindHeader(answer.headers, "access-control-allow-origin"), "") << path;
        EXPECT_EQ(FindHeader(answer.headers, "cross-origin-resource-policy"), "same-origin") << path;
        EXPECT_EQ(FindHeader(answer.headers, "x-content-type-options"), "nosniff") << path;
        EXPECT_EQ(FindHeader(answer.headers, "content-security-policy").find("unsafe"), std::string::npos) << path;
    }
}

TEST_F(DevDoorTest, ResetEmptiesTheOutboxAndTheAccount) {
    Send("ada@example.com");
    EXPECT_EQ(Answer(Request("GET", "/_dev/reset")).status, 405);
    EXPECT_EQ(resets, 0);
    EXPECT_EQ(Answer(Request("POST", "/_dev/reset")).status, 200);
    EXPECT_EQ(resets, 1);
    EXPECT_TRUE(outbox.List("", 10).empty());
}

TEST_F(DevDoorTest, TheClockOnlyMovesOn) {
    HttpRequest request = Request("POST", "/_dev/clock");
    request.body = R"({"advance_seconds": 3600})";
    const HttpResponse answer = Answer(request);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"now":"2026-01-01T01:00:00.000Z"})");
    for (const char* wrong :
         {"", "{}", "[]", "7", R"({"advance_seconds":-1})", R"({"advance_seconds":"1"})", R"({"advance_seconds":1.5})",
          R"({"advance_seconds":1e99})", R"({"advance_seconds":9223372036854775807})"}) {
        request.body = wrong;
        EXPECT_EQ(Answer(request).status, 400) << wrong;
    }
    EXPECT_EQ(clock.Now(), FromSeconds(1767225600 + 3600));
    EXPECT_EQ(Answer(Request("GET", "/_dev/clock")).status, 405);
}

TEST_F(DevDoorTest, ThePageEscapesWhatComesFromOutside) {
    Send("<script>alert(1)</script>@example.com", "<b>", "{{code}} & <img src=x onerror=alert(1)>");
    const HttpResponse page = Answer(Request("GET", "/_dev/?to="));
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.body.find("<script>alert"), std::string::npos) << page.body;
    EXPECT_EQ(page.body.find("<img"), std::string::npos);
    EXPECT_EQ(page.body.find("<b>"), std::string::npos);
    EXPECT_NE(page.body.find("{{code}} &amp; &lt;img"), std::string::npos) << page.body;
    const HttpResponse narrowed = Answer(Request("GET", "/_dev/?to=%22%3E%3Cscript%3E"));
    EXPECT_EQ(narrowed.body.find("\"><script>"), std::string::npos);
    EXPECT_NE(narrowed.body.find("Nothing was sent to"), std::string::npos);
}

TEST_F(DevDoorTest, ThePageHasNothingInline) {
    Send("ada@example.com");
    const std::string body = Answer(Request("GET", "/_dev/")).body;
    EXPECT_EQ(body.find("<style"), std::string::npos);
    EXPECT_EQ(body.find(" style="), std::string::npos);
    EXPECT_EQ(body.find("<script>"), std::string::npos);
    EXPECT_EQ(body.find("javascript:"), std::string::npos);
    EXPECT_NE(body.find("123456"), std::string::npos);
}

TEST(ResetAccount, DeletesEveryPool) {
    test::World world;
    ASSERT_EQ(world.Call("CreateUserPool", R"({"PoolName":"people"})").status, 200);
    // More than one page of them, without the keys that take long to make.
    world.store->Transact([&](sql::Connection& db) {
        for (int i = 0; i < 45; ++i) {
            Pool pool;
            pool.id = PoolId("us-east-1_pool" + std::to_string(i));
            pool.name = "more";
            AddPool(db, pool);
        }
    });
    ResetAccount(world.services);
    EXPECT_EQ(world.store->Read([](sql::Connection& db) { return CountPools(db); }), 0);
    EXPECT_EQ(world.Call("ListUserPools", R"({"MaxResults":10})").body, R"({"UserPools":[]})");
}

}  // namespace
}  // namespace cardea
