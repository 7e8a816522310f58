// The envelope of every call: preflights, headers, errors (fact sheet user pools A.1 to A.3).

#include "api/dispatch.h"

#include <gtest/gtest.h>

#include "codec/json.h"
#include "support/world.h"

namespace cardea::test {
namespace {

std::string HeaderOf(const HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return {};
}

class Envelope : public testing::Test {
 protected:
    HttpResponse Send(std::vector<std::pair<std::string, std::string>> headers, std::string body,
                      std::string method = "POST") {
        HttpRequest request;
        request.method = std::move(method);
        request.target = request.path = "/";
        request.headers = std::move(headers);
        request.body = std::move(body);
        return AnswerApiCall(world_.door, request);
    }
    HttpResponse SignIn(std::string content_type, std::string body) {
        return Send({{"content-type", std::move(content_type)},
                     {"x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth"}},
                    std::move(body));
    }

    World world_;
};

TEST_F(Envelope, AnswersABrowsersPreflight) {
    const HttpResponse answer = Send({{"access-control-request-headers", "x-amz-target,cache-control"}}, "", "OPTIONS");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(HeaderOf(answer, "Access-Control-Allow-Origin"), "*");
    EXPECT_NE(HeaderOf(answer, "Access-Control-Allow-Methods").find("POST"), std::string::npos);
    EXPECT_EQ(HeaderOf(answer, "Access-Control-Allow-Headers"), "x-amz-target,cache-control");
    EXPECT_EQ(HeaderOf(answer, "Access-Control-Max-Age"), "172800");
}

TEST_F(Envelope, OfASuccessIsJsonThatBrowsersMayRead) {
    const HttpResponse answer = world_.Call("ListUserPools", R"({"MaxResults": 1})");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(HeaderOf(answer, "Content-Type"), "application/x-amz-json-1.1");
    EXPECT_EQ(HeaderOf(answer, "Access-Control-Allow-Origin"), "*");
    EXPECT_NE(HeaderOf(answer, "Access-Control-Expose-Headers").find("x-amzn-ErrorType"), std::string::npos);
    const std::string id = HeaderOf(answer, "x-amzn-RequestId");
    ASSERT_EQ(id.size(), 36u);
    EXPECT_EQ(id[14], '4');
    EXPECT_NE(HeaderOf(world_.Call("ListUserPools", R"({"MaxResults": 1})"), "x-amzn-RequestId"), id);
}

TEST_F(Envelope, OfAnErrorHasItsTypeAndMessageInHeadersToo) {
    const HttpResponse answer = world_.Call("DescribeUserPool", R"({"UserPoolId": "us-east-1_000000000"})");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body,
              R"({"__type":"ResourceNotFoundException","message":"User pool us-east-1_000000000 does not exist."})");
    EXPECT_EQ(HeaderOf(answer, "Content-Type"), "application/x-amz-json-1.1");
    EXPECT_EQ(HeaderOf(answer, "x-amzn-ErrorType"), "ResourceNotFoundException:");
    EXPECT_EQ(HeaderOf(answer, "x-amzn-ErrorMessage"), "User pool us-east-1_000000000 does not exist.");
    EXPECT_EQ(HeaderOf(answer, "x-amzn-RequestId").size(), 36u);
}

// What a caller sent may come back in a message, and must not become another header.
TEST_F(Envelope, OfAnErrorIsOneLineOfVisibleCharacters) {
    const HttpResponse answer = world_.Call("DescribeUserPool", R"({"UserPoolId": "a\r\nSet-Cookie: b=ü"})");
    EXPECT_EQ(answer.status, 400);
    for (const char c : HeaderOf(answer, "x-amzn-ErrorMessage"))
        EXPECT_TRUE(c >= ' ' && c < '\x7f') << static_cast<int>(c);
    const auto body = JsonDocument::Parse(answer.body);
    ASSERT_TRUE(body);
    EXPECT_NE(body->Root().Find("message")->Text().find("\r\nSet-Cookie: b=ü"), std::string_view::npos);
}

TEST_F(Envelope, WantsATargetThatItKnows) {
    for (const std::string_view target :
         {"", "InitiateAuth", "AWSCognitoIdentityProviderService", "AWSCognitoIdentityProviderService.",
          "AWSCognitoIdentityProviderService.initiateauth", "AWSCognitoIdentityService.GetId"}) {
        const HttpResponse answer =
            Send({{"content-type", "application/x-amz-json-1.1"}, {"x-amz-target", std::string(target)}}, "{}");
        EXPECT_EQ(answer.status, 400) << target;
        EXPECT_EQ(HeaderOf(answer, "x-amzn-ErrorType"), "UnknownOperationException:") << target;
    }
}

TEST_F(Envelope, WantsTheProtocolsContentType) {
    const std::string missing = R"({"__type":"InvalidParameterException","message":"2 validation errors detected: )";
    EXPECT_EQ(SignIn("application/x-amz-json-1.1", "{}").body.find(missing), 0u);
    EXPECT_EQ(SignIn("application/x-amz-json-1.1; charset=utf-8", "{}").body.find(missing), 0u);
    EXPECT_EQ(SignIn("application/x-amz-json-1.1", "").body.find(missing), 0u);
    for (const std::string_view other : {"", "application/json", "application/x-amz-json-1.0", "text/plain"})
        EXPECT_EQ(HeaderOf(SignIn(std::string(other), "{}"), "x-amzn-ErrorType"), "SerializationException:") << other;
}

}  // namespace
}  // namespace cardea::test
