#include "model/client_rules.h"

#include <gtest/gtest.h>

#include "model/schema.h"

namespace cardea {
namespace {

Pool PlainPool() {
    Pool pool;
    pool.id = PoolId("us-east-1_aB3dE5fG7");
    pool.schema = StandardSchema();
    pool.user_pool_tier = PoolTier::kEssentials;
    return pool;
}

std::string FaultOf(std::string_view json, bool has_secret = false, const Pool& pool = PlainPool()) {
    auto settings = LoadShape<ClientSettings>(json);
    CompleteClientSettings(settings);
    const auto fault = CheckClientSettings(settings, pool, has_secret);
    return fault ? std::string(NameOf(fault->error)) + " " + fault->message : "";
}

TEST(ClientSettings, AreCompletedWithTheDefaultsOfTheFactSheet) {
    ClientSettings settings;
    CompleteClientSettings(settings);
    EXPECT_EQ(PrintShape(settings),
              R"({"RefreshTokenValidity":30,"AllowedOAuthFlowsUserPoolClient":false,"EnableTokenRevocation":true,)"
              R"("EnablePropagateAdditionalUserContextData":false,"AuthSessionValidity":3})");
    EXPECT_EQ(FaultOf("{}"), "");
}

TEST(ClientSettings, DefaultToThirtyDaysInTheirOwnUnit) {
    auto settings =
        LoadShape<ClientSettings>(R"({"RefreshTokenValidity":0,"TokenValidityUnits":{"RefreshToken":"minutes"}})");
    CompleteClientSettings(settings);
    EXPECT_EQ(settings.refresh_token_validity, 43200);
}

TEST(ClientSettings, KeepLifetimesInTheirRanges) {
    constexpr std::string_view kRange = "InvalidParameterException Invalid range for token validity.";
    for (const char* json :
         {R"({"AccessTokenValidity":25})", R"({"IdTokenValidity":25})",
          R"({"AccessTokenValidity":4,"TokenValidityUnits":{"AccessToken":"minutes"}})",
          R"({"IdTokenValidity":299,"TokenValidityUnits":{"IdToken":"seconds"}})", R"({"RefreshTokenValidity":3651})",
          R"({"RefreshTokenValidity":59,"TokenValidityUnits":{"RefreshToken":"minutes"}})",
          R"({"RefreshTokenValidity":2,"AccessTokenValidity":3,"TokenValidityUnits":{"RefreshToken":"hours"}})",
          R"({"RefreshTokenValidity":315360000,"TokenValidityUnits":{"RefreshToken":"days"}})"})
        EXPECT_EQ(FaultOf(json), kRange) << json;
    for (const char* json : {R"({"AccessTokenValidity":24,"IdTokenValidity":24})",
                             R"({"AccessTokenValidity":5,"TokenValidityUnits":{"AccessToken":"minutes"}})",
                             R"({"RefreshTokenValidity":3650})",
                             R"({"RefreshTokenValidity":60,"TokenValidityUnits":{"RefreshToken":"minutes"}})"})
        EXPECT_EQ(FaultOf(json), "") << json;
}

TEST(ClientSettings, DoNotMixOldAndNewNamesOfFlows) {
    EXPECT_EQ(FaultOf(R"({"ExplicitAuthFlows":["ADMIN_NO_SRP_AUTH","ALLOW_USER_SRP_AUTH"]})"),
              "InvalidParameterException Both old ExplicitAuthFlows and new ExplicitAuthFlows cannot be used together");
    EXPECT_EQ(FaultOf(R"({"ExplicitAuthFlows":["ADMIN_NO_SRP_AUTH","USER_PASSWORD_AUTH"]})"), "");
    EXPECT_EQ(FaultOf(R"({"ExplicitAuthFlows":[]})"), "");
    Pool lite = PlainPool();
    lite.user_pool_tier = PoolTier::kLite;
    EXPECT_EQ(FaultOf(R"({"ExplicitAuthFlows":["ALLOW_USER_AUTH"]})", false, lite),
              "FeatureUnavailableInTierException ALLOW_USER_AUTH is not available in the LITE tier.");
}

TEST(ClientSettings, RotateOnlyWithoutTheRefreshFlow) {
    EXPECT_NE(
        FaultOf(R"({"ExplicitAuthFlows":["ALLOW_REFRESH_TOKEN_AUTH"],"RefreshTokenRotation":{"Feature":"ENABLED"}})"),
        "");
    EXPECT_EQ(FaultOf(R"({"ExplicitAuthFlows":["ALLOW_USER_SRP_AUTH"],"RefreshTokenRotation":{"Feature":"ENABLED"}})"),
              "");
    EXPECT_EQ(
        FaultOf(R"({"ExplicitAuthFlows":["ALLOW_REFRESH_TOKEN_AUTH"],"RefreshTokenRotation":{"Feature":"DISABLED"}})"),
        "");
}

TEST(ClientSettings, ListAttributesThatThePoolHas) {
    constexpr std::string_view kRead =
        "InvalidParameterException Invalid read attributes specified while creating a client";
    constexpr std::string_view kWrite =
        "InvalidParameterException Invalid write attributes specified while creating a client";
    EXPECT_EQ(FaultOf(R"({"ReadAttributes":["email","custom:none"]})"), kRead);
    EXPECT_EQ(FaultOf(R"({"WriteAttributes":["custom:none"]})"), kWrite);
    for (const char* own : {"sub", "email_verified", "phone_number_verified", "identities"})
        EXPECT_EQ(FaultOf(R"({"WriteAttributes":[")" + std::string(own) + R"("]})"), kWrite) << own;
    EXPECT_EQ(FaultOf(R"({"ReadAttributes":["email","email_verified"],"WriteAttributes":["email"]})"), "");
    Pool pool = PlainPool();
    pool.schema[10].is_required = true;  // email
    EXPECT_EQ(FaultOf(R"({"WriteAttributes":["name"]})", false, pool), kWrite);
    EXPECT_EQ(FaultOf(R"({"WriteAttributes":["name","email"]})", false, pool), "");
    EXPECT_EQ(FaultOf(R"({"WriteAttributes":[]})", false, pool), "");
}

TEST(ClientSettings, TakeAddressesThatAreSafeToRedirectTo) {
    const auto url = [](std::string_view text) {
        return FaultOf(R"({"CallbackURLs":[")" + std::string(text) + R"("]})");
    };
    for (const char* good :
         {"https://example.com/cb", "https://example.com", "http://localhost:3000/cb", "http://localhost",
          "http://127.0.0.1:8080", "http://[::1]:9/cb", "myapp://cb", "com.example.app:/cb", "https://example.com?x=1"})
        EXPECT_EQ(url(good), "") << good;
    EXPECT_EQ(url("http://example.com"), "InvalidParameterException http://example.com cannot use the HTTP protocol.");
    for (const char* bad : {"example.com", "/cb", "https://example.com/#x", "http://localhost.evil.example", "https:",
                            "https:example.com", "https:///cb", "http://localhost@evil.example", "javascript:alert(1)",
                            "JavaScript:alert(1)", "data:text/html,x", "HTTP://example.com", "://x", "my app://x"})
        EXPECT_NE(url(bad), "") << bad;
    EXPECT_NE(FaultOf(R"({"LogoutURLs":["http://example.com"]})"), "");
    EXPECT_NE(FaultOf(R"({"CallbackURLs":["https://a.example"],"DefaultRedirectURI":"https://b.example"})"), "");
    EXPECT_EQ(FaultOf(R"({"CallbackURLs":["https://a.example"],"DefaultRedirectURI":"https://a.example"})"), "");
}

TEST(ClientSettings, CombineOAuthFlowsAsCognitoDoes) {
    const std::string on = R"("AllowedOAuthFlowsUserPoolClient":true,"AllowedOAuthScopes":["openid"],)";
    EXPECT_EQ(FaultOf("{" + on + R"("AllowedOAuthFlows":["code"],"CallbackURLs":["https://a.example"]})"), "");
    EXPECT_EQ(FaultOf(R"({"AllowedOAuthFlowsUserPoolClient":true})"),
              "InvalidOAuthFlowException AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is "
              "allowed to use OAuth flows.");
    EXPECT_TRUE(FaultOf(R"({"AllowedOAuthFlows":["code"]})").starts_with("InvalidOAuthFlowException"));
    EXPECT_TRUE(FaultOf("{" + on + R"("AllowedOAuthFlows":["code"]})").starts_with("InvalidOAuthFlowException"));
    EXPECT_EQ(FaultOf("{" + on + R"("AllowedOAuthFlows":["code","client_credentials"]})", true),
              "InvalidOAuthFlowException client_credentials flow can not be selected along with code flow or implicit "
              "flow.");
    EXPECT_EQ(FaultOf("{" + on + R"("AllowedOAuthFlows":["client_credentials"]})"),
              "InvalidOAuthFlowException client_credentials flow can not be selected if client does not have a client "
              "secret.");
    EXPECT_NE(FaultOf("{" + on + R"("AllowedOAuthFlows":["client_credentials"]})", true), "");
    EXPECT_EQ(FaultOf(R"({"AllowedOAuthScopes":["shop/read"]})"),
              "ScopeDoesNotExistException Invalid scope requested: shop/read");
}

TEST(ClientSettings, RefuseWhatIsNotThere) {
    EXPECT_EQ(FaultOf(R"({"SupportedIdentityProviders":["COGNITO","Google"]})"),
              "InvalidParameterException The provider Google does not exist for User Pool us-east-1_aB3dE5fG7.");
    EXPECT_EQ(FaultOf(R"({"SupportedIdentityProviders":["COGNITO"]})"), "");
    EXPECT_EQ(FaultOf(R"({"AnalyticsConfiguration":{}})"),
              "InvalidParameterException AnalyticsConfiguration is not possible: this build of Cardea does not have it "
              "yet.");
    EXPECT_NE(FaultOf(R"({"EnablePropagateAdditionalUserContextData":true})"), "");
    EXPECT_EQ(FaultOf(R"({"EnablePropagateAdditionalUserContextData":true})", true), "");
}

}  // namespace
}  // namespace cardea
