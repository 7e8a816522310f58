#include "crypto/sigv4.h"

#include <gtest/gtest.h>

#include "codec/hex.h"
#include "crypto/hash.h"
#include "crypto/sigv4_claim.h"

namespace cardea {
namespace {

// The context of AWS's published test suite (fact sheet identity pools e.7).
const Instant kNow = ParseIso8601Basic("20150830T123600Z").value();
constexpr HeaderView kHost{"host", "example.amazonaws.com"};
constexpr char kToken[] = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
constexpr char kForm[] = "Param1=value1";

AwsCredentials Credentials() {
    return {"AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), std::nullopt};
}

struct Case {
    const char* name;
    const char* method;
    std::string path;
    std::string query;
    std::vector<HeaderView> headers;  // besides host
    const char* body;
    PathForm form;
    const char* signature;
};

const std::string kUnreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr char kVanilla[] = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
constexpr PathForm kNormalised = PathForm::kNormalised, kAsSent = PathForm::kAsSent;

std::vector<Case> PathCases() {
    return {
        {"get-vanilla", "GET", "/", "", {}, "", kNormalised, kVanilla},
        {"empty path", "GET", "", "", {}, "", kNormalised, kVanilla},
        {"get-relative", "GET", "/example/..", "", {}, "", kNormalised, kVanilla},
        {"get-relative-relative", "GET", "/example1/example2/../..", "", {}, "", kNormalised, kVanilla},
        {"get-slash-dot-slash", "GET", "/./", "", {}, "", kNormalised, kVanilla},
        {"get-slash", "GET", "//", "", {}, "", kNormalised, kVanilla},
        {"above the root", "GET", "/../..", "", {}, "", kNormalised, kVanilla},
        {"get-slash-pointless-dot",
         "GET",
         "/./example",
         "",
         {},
         "",
         kNormalised,
         "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
        {"get-slashes",
         "GET",
         "//example//",
         "",
         {},
         "",
         kNormalised,
         "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
        {"get-relative as sent",
         "GET",
         "/example/..",
         "",
         {},
         "",
         kAsSent,
         "eca7ead57bb5aa5c8e28007acd4ff04e1ff9a0ff3b237ec1554a184887ff9282"},
        {"get-relative-relative as sent",
         "GET",
         "/example1/example2/../..",
         "",
         {},
         "",
         kAsSent,
         "dc33e0856fd4baca4d7aa2146c38958283844764f38c74252a333df5e613003b"},
        {"get-slash-dot-slash as sent",
         "GET",
         "/./",
         "",
         {},
         "",
         kAsSent,
         "68714168e6557f8f2de0ef956fc24dc2593a4bd2961f8df51898d8a134695145"},
        {"get-slash-pointless-dot as sent",
         "GET",
         "/./example",
         "",
         {},
         "",
         kAsSent,
         "beb03f223f7deae4146464f06e29eebbee9c8afbe15c290cf07aa8b119e14cff"},
        {"get-slash as sent",
         "GET",
         "//",
         "",
         {},
         "",
         kAsSent,
         "c88bcd3d312d75078c0cd961d6deae3f4c754924b01669efcfcb439fd5e5b76e"},
        {"get-slashes as sent",
         "GET",
         "//example//",
         "",
         {},
         "",
         kAsSent,
         "87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5"},
        {"get-space",
         "GET",
         "/example space/",
         "",
         {},
         "",
         kNormalised,
         "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
        {"get-unreserved",
         "GET",
         "/" + kUnreserved,
         "",
         {},
         "",
         kNormalised,
         "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
        {"get-utf8",
         "GET",
         "/\xe1\x88\xb4",
         "",
         {},
         "",
         kNormalised,
         "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    };
}

std::vector<Case> OtherCases() {
    static const std::string body_hash = HexEncode(Sha256(kForm));
    const HeaderView length{"content-length", "13"}, hash{"x-amz-content-sha256", body_hash};
    return {
        {"get-vanilla-empty-query-key",
         "GET",
         "/",
         "Param1=value1",
         {},
         "",
         kNormalised,
         "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
        {"get-vanilla-query-order-encoded",
         "GET",
         "/",
         "Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
         {},
         "",
         kNormalised,
         "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
        {"get-vanilla-query-order-key-case",
         "GET",
         "/",
         "Param2=value2&Param1=value1",
         {},
         "",
         kNormalised,
         "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
        {"get-vanilla-query-unreserved",
         "GET",
         "/",
         kUnreserved + "=" + kUnreserved,
         {},
         "",
         kNormalised,
         "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
        {"get-vanilla-utf8-query",
         "GET",
         "/",
         "\xe1\x88\xb4=bar",
         {},
         "",
         kNormalised,
         "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
        {"get-header-key-duplicate",
         "GET",
         "/",
         "",
         {{"my-header1", "value2"}, {"my-header1", "value2"}, {"my-header1", "value1"}},
         "",
         kNormalised,
         "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
        {"get-header-value-multiline",
         "GET",
         "/",
         "",
         {{"my-header1", "value1\n  value2\n     value3"}},
         "",
         kNormalised,
         "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd"},
        {"get-header-value-order",
         "GET",
         "/",
         "",
         {{"my-header1", "value4"}, {"my-header1", "value1"}, {"my-header1", "value3"}, {"my-header1", "value2"}},
         "",
         kNormalised,
         "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
        {"get-header-value-trim",
         "GET",
         "/",
         "",
         {{"my-header1", " value1"}, {"my-header2", " \"a   b   c\""}},
         "",
         kNormalised,
         "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
        {"post-vanilla",
         "POST",
         "/",
         "",
         {},
         "",
         kNormalised,
         "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
        {"post-header-key-sort",
         "POST",
         "/",
         "",
         {{"my-header1", "value1"}},
         "",
         kNormalised,
         "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
        {"post-header-value-case",
         "POST",
         "/",
         "",
         {{"my-header1", "VALUE1"}},
         "",
         kNormalised,
         "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
        {"post-vanilla-query",
         "POST",
         "/",
         "Param1=value1",
         {},
         "",
         kNormalised,
         "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
        {"post-x-www-form-urlencoded",
         "POST",
         "/",
         "",
         {{"content-type", "application/x-www-form-urlencoded"}, length, hash},
         kForm,
         kNormalised,
         "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"},
        {"post-x-www-form-urlencoded-parameters",
         "POST",
         "/",
         "",
         {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}, length, hash},
         kForm,
         kNormalised,
         "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422"},
    };
}

std::string SignatureOf(const Case& one, const AwsCredentials& credentials) {
    std::vector<HeaderView> headers = one.headers;
    headers.push_back(kHost);
    const auto added = SignRequest({one.method, one.path, one.query, headers, one.body}, credentials,
                                   {"us-east-1", "service", kNow, one.form});
    const std::string& value = added.back().value;
    return value.substr(value.rfind('=') + 1);
}

TEST(SigV4, SignsThePathsOfAwssSuite) {
    for (const Case& one : PathCases()) EXPECT_EQ(SignatureOf(one, Credentials()), one.signature) << one.name;
}

TEST(SigV4, SignsTheRestOfAwssSuite) {
    for (const Case& one : OtherCases()) EXPECT_EQ(SignatureOf(one, Credentials()), one.signature) << one.name;
}

TEST(SigV4, SignsTheSessionToken) {
    AwsCredentials credentials = Credentials();
    credentials.session_token = Secret(kToken);
    EXPECT_EQ(SignatureOf({"", "GET", "/", "", {}, "", kNormalised, ""}, credentials),
              "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8");
}

TEST(SigV4, WritesTheHeadersInFull) {
    const HeaderView headers[] = {kHost};
    const auto added = SignRequest({"GET", "/", "", headers, ""}, Credentials(), {"us-east-1", "service", kNow});
    ASSERT_EQ(added.size(), 2u);
    EXPECT_EQ(added[0].name, "x-amz-date");
    EXPECT_EQ(added[0].value, "20150830T123600Z");
    EXPECT_EQ(added[1].name, "authorization");
    EXPECT_EQ(added[1].value,
              std::string("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                          "SignedHeaders=host;x-amz-date, Signature=") +
                  kVanilla);
}

TEST(SigV4, TheCanonicalRequestIsAwss) {
    const HeaderView headers[] = {kHost, {"x-amz-date", "20150830T123600Z"}};
    const auto canonical = CanonicalRequest({"GET", "/", "", headers, ""}, "host;x-amz-date", HexEncode(Sha256("")));
    ASSERT_TRUE(canonical);
    EXPECT_EQ(HexEncode(Sha256(*canonical)), "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63");
    EXPECT_FALSE(CanonicalRequest({"GET", "/", "", headers, ""}, "host;x-amz-target", ""));
    EXPECT_FALSE(CanonicalRequest({"GET", "/", "", headers, ""}, "", ""));
}

TEST(SigV4, PresignsTheUrlsOfAwssSuite) {
    const struct {
        const char *method, *path, *query, *signature;
    } cases[] = {
        {"GET", "/", "", "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"},
        {"GET", "/", "Param2=value2&Param1=value1", "86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5"},
        {"GET", "/\xe1\x88\xb4", "", "10eae3f14a260bd3911cc6d008d3c576d143b05b62f09782a7a4b37f52178e44"},
        {"GET", "/example space/", "", "7a1f416954786484c9824d93c1f26ef64acb9b1b6c9154d08c9f07d0e394abf6"},
        {"POST", "/", "", "2ce6e6d2e0cf2f9d1b55fafec88cd20574c31dc2e7631979f71ba2310083e95b"},
    };
    const HeaderView headers[] = {kHost};
    for (const auto& one : cases) {
        const std::string query = PresignQuery({one.method, one.path, one.query, headers, ""}, Credentials(),
                                               {"us-east-1", "service", kNow}, std::chrono::hours(1));
        EXPECT_TRUE(query.ends_with(std::string("&X-Amz-Signature=") + one.signature)) << one.path << one.query;
    }
    AwsCredentials credentials = Credentials();
    credentials.session_token = Secret(kToken);
    const std::string query =
        PresignQuery({"GET", "/", "", headers, ""}, credentials, {"us-east-1", "service", kNow}, std::chrono::hours(1));
    EXPECT_TRUE(query.ends_with("7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c"));
}

TEST(SigV4, CanonicalQueriesKeepThePlusAndTheBrokenEscape) {
    EXPECT_EQ(CanonicalQuery(""), "");
    EXPECT_EQ(CanonicalQuery("a"), "a=");
    EXPECT_EQ(CanonicalQuery("a=b=c"), "a=b%3Dc");
    EXPECT_EQ(CanonicalQuery("b=2&&a=1&"), "a=1&b=2");
    EXPECT_EQ(CanonicalQuery("a=+"), "a=%2B");
    EXPECT_EQ(CanonicalQuery("a=%zz"), "a=%25zz");
    EXPECT_EQ(CanonicalQuery("a=%7e%2f"), "a=~%2F");
    EXPECT_EQ(CanonicalQuery("a=2&a=10&a=1"), "a=1&a=10&a=2");
    EXPECT_EQ(CanonicalQuery("X-Amz-Signature=1&X%2DAmz-Signature=2&x=1"), "x=1");
}

TEST(SigV4, EncodesAnEncodedPathOnceMore) {
    EXPECT_EQ(CanonicalPath("/functions/arn%3Aaws"), "/functions/arn%253Aaws");
    EXPECT_EQ(CanonicalPath("/a/b/.."), "/a");
    EXPECT_EQ(CanonicalPath("relative"), "/relative");
}

TEST(SigV4, SigningWithoutAHostIsAProgrammersMistake) {
    EXPECT_DEATH(SignRequest({"GET", "/", "", {}, ""}, Credentials(), {"r", "s", kNow}), "CHECK failed");
    const HeaderView headers[] = {kHost, {"x-amz-date", "1"}};
    EXPECT_DEATH(SignRequest({"GET", "/", "", headers, ""}, Credentials(), {"r", "s", kNow}), "CHECK failed");
}

}  // namespace
}  // namespace cardea
