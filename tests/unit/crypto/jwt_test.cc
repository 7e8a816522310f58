#include "crypto/jwt.h"

#include <gtest/gtest.h>

#include "codec/base64.h"
#include "unit/crypto/rfc7515_key.h"

namespace cardea {
namespace {

std::unique_ptr<SigningKey> Key(std::string kid) {
    return SigningKey::Load(std::move(kid), Secret(Base64Decode(kRfc7515Pkcs8).value()));
}

constexpr char kKid[] = "abcdefghijklmnopqrstuvwxyz+/ABCDEFGHIJKLMN0=";

TEST(Jwt, SignsAndVerifies) {
    const std::string token = SignJwt(*Key(kKid), R"({"sub":"1"})");
    const auto jwt = ParseJwt(token);
    ASSERT_TRUE(jwt);
    EXPECT_EQ(jwt->header, std::string(R"({"kid":")") + kKid + R"(","alg":"RS256"})");
    EXPECT_EQ(jwt->payload, R"({"sub":"1"})");
    EXPECT_EQ(jwt->signing_input, token.substr(0, token.rfind('.')));
    EXPECT_EQ(JwtKid(jwt->header), kKid);
    const auto published = VerifyKey::Load(kRfc7515Modulus, "AQAB");
    EXPECT_TRUE(VerifyJwt(*jwt, kKid, *published));
    EXPECT_FALSE(VerifyJwt(*jwt, "another", *published));
    EXPECT_FALSE(VerifyJwt(*jwt, "", *published));
}

TEST(Jwt, TakesTheTokenOfRfc7515Apart) {
    const auto jwt = ParseJwt(std::string(kRfc7515Header) + "." + kRfc7515Payload + "." + kRfc7515Signature);
    ASSERT_TRUE(jwt);
    EXPECT_EQ(jwt->header, R"({"alg":"RS256"})");
    EXPECT_EQ(jwt->payload, "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
    const auto published = VerifyKey::Load(kRfc7515Modulus, "AQAB");
    EXPECT_TRUE(published->Verify(jwt->signing_input, jwt->signature));
    EXPECT_EQ(JwtKid(jwt->header), std::nullopt);  // it names no key, so it is none of ours
    EXPECT_FALSE(VerifyJwt(*jwt, "", *published));
}

TEST(Jwt, AChangedPartIsRefused) {
    const auto published = VerifyKey::Load(kRfc7515Modulus, "AQAB");
    const auto jwt = ParseJwt(SignJwt(*Key(kKid), R"({"sub":"1"})")).value();
    const std::string token =
        Base64UrlEncode(jwt.header) + "." + Base64UrlEncode(R"({"sub":"2"})") + "." + Base64UrlEncode(jwt.signature);
    EXPECT_FALSE(VerifyJwt(ParseJwt(token).value(), kKid, *published));
    const std::string none = Base64UrlEncode(R"({"kid":"k","alg":"none"})") + "." + Base64UrlEncode("{}") + ".AA";
    EXPECT_FALSE(VerifyJwt(ParseJwt(none).value(), "k", *published));
}

TEST(Jwt, RefusesWhatIsNoToken) {
    for (const char* text : {"", ".", "..", "...", "a", "YQ", "YQ.YQ", "YQ.YQ.", ".YQ.YQ", "YQ..YQ", "YQ.YQ.YQ.YQ",
                             "YQ.YQ.YQ.", "YQ.YQ.Y Q", "YQ==.YQ.YQ", "YR.YQ.YQ", "YQ.YQ.YQ\n", "Y+.YQ.YQ"})
        EXPECT_FALSE(ParseJwt(text)) << text;
    EXPECT_TRUE(ParseJwt("YQ.YQ.YQ"));
}

TEST(Jwt, ReadsUpToTheLimitAndNoFurther) {
    const std::string rest(kMaxJwtSize - 6, 'A');
    EXPECT_EQ(ParseJwt("YQ." + rest.substr(0, rest.size() - rest.size() % 4) + ".YQ").has_value(), true);
    EXPECT_FALSE(ParseJwt("YQ." + rest + "AAAA.YQ"));
    EXPECT_FALSE(ParseJwt(std::string(1'000'000, '.')));
}

TEST(Jwt, AcceptsItsTwoHeadersOnly) {
    EXPECT_EQ(JwtKid(R"({"kid":"k+/=_-9","alg":"RS256"})"), "k+/=_-9");
    EXPECT_EQ(JwtKid(R"({"alg":"RS256","kid":"k"})"), "k");
    for (const char* header :
         {"", "{}", R"({"kid":"","alg":"RS256"})", R"({"kid":"k","alg":"none"})", R"({"kid":"k","alg":"HS256"})",
          R"({"kid":"k","alg":"rs256"})", R"({"kid":"k", "alg":"RS256"})", R"({"kid":"k","alg":"RS256"} )",
          R"({"kid":"k","alg":"none","alg":"RS256"})", R"({"alg":"RS256","alg":"none","kid":"k"})",
          R"({"kid":"k","crit":["b64"],"alg":"RS256"})", R"({"kid":"k\"","alg":"RS256"})",
          R"({"alg":"RS256","kid":"k"},"alg":"RS256"})", R"({"kid":"k","alg":"RS256","typ":"JWT"})",
          R"({"alg":"RS256","kid":"k","jwk":{}})", R"({"kid":"k)", R"({"kid":","alg":"RS256"})"})
        EXPECT_EQ(JwtKid(header), std::nullopt) << header;
    EXPECT_EQ(JwtKid(R"({"kid":")" + std::string(129, 'k') + R"(","alg":"RS256"})"), std::nullopt);
}

}  // namespace
}  // namespace cardea
