#include "model/client.h"

#include <gtest/gtest.h>

namespace cardea {
namespace {

using Flow = ExplicitAuthFlow;
using namespace std::chrono_literals;

Client WithFlows(std::vector<Flow> flows) {
    Client client;
    client.explicit_auth_flows = std::move(flows);
    return client;
}

TEST(Client, HasTheDefaultLifetimes) {
    const Client client;
    EXPECT_EQ(AccessTokenLifetime(client), 1h);
    EXPECT_EQ(IdTokenLifetime(client), 1h);
    EXPECT_EQ(RefreshTokenLifetime(client), 30 * 24h);
    EXPECT_EQ(AuthSessionLifetime(client), 3min);
}

TEST(Client, ReadsItsLifetimesInItsUnits) {
    Client client;
    client.access_token_validity = 5;
    client.id_token_validity = 600;
    client.refresh_token_validity = 2;
    EXPECT_EQ(AccessTokenLifetime(client), 5h);
    EXPECT_EQ(RefreshTokenLifetime(client), 48h);
    client.token_validity_units = {TimeUnits::kMinutes, TimeUnits::kSeconds, TimeUnits::kHours};
    EXPECT_EQ(AccessTokenLifetime(client), 5min);
    EXPECT_EQ(IdTokenLifetime(client), 10min);
    EXPECT_EQ(RefreshTokenLifetime(client), 2h);
    // 0 is the default, whatever the unit.
    client.refresh_token_validity = 0;
    EXPECT_EQ(RefreshTokenLifetime(client), 30 * 24h);
    client.refresh_token_validity = 315360000;
    client.token_validity_units->refresh_token = TimeUnits::kSeconds;
    EXPECT_EQ(RefreshTokenLifetime(client), 3650 * 24h);
}

TEST(Client, PermitsByDefaultRefreshSrpAndCustom) {
    for (const Client& client : {Client{}, WithFlows({})}) {
        EXPECT_TRUE(Permits(client, Flow::kAllowRefreshTokenAuth));
        EXPECT_TRUE(Permits(client, Flow::kAllowUserSrpAuth));
        EXPECT_TRUE(Permits(client, Flow::kAllowCustomAuth));
        EXPECT_FALSE(Permits(client, Flow::kAllowUserPasswordAuth));
        EXPECT_FALSE(Permits(client, Flow::kAllowAdminUserPasswordAuth));
        EXPECT_FALSE(Permits(client, Flow::kAllowUserAuth));
    }
}

TEST(Client, PermitsWhatIsListedAndNothingElse) {
    const Client client = WithFlows({Flow::kAllowUserPasswordAuth});
    EXPECT_TRUE(Permits(client, Flow::kAllowUserPasswordAuth));
    EXPECT_TRUE(Permits(client, Flow::kUserPasswordAuth));
    EXPECT_FALSE(Permits(client, Flow::kAllowRefreshTokenAuth));
    EXPECT_FALSE(Permits(client, Flow::kAllowUserSrpAuth));
}

TEST(Client, PermitsRefreshUnderTheOldNamesAlways) {
    const Client admin = WithFlows({Flow::kAdminNoSrpAuth});
    EXPECT_TRUE(Permits(admin, Flow::kAllowAdminUserPasswordAuth));
    EXPECT_TRUE(Permits(admin, Flow::kAllowRefreshTokenAuth));
    EXPECT_TRUE(Permits(admin, Flow::kAllowUserSrpAuth));
    EXPECT_FALSE(Permits(admin, Flow::kAllowUserPasswordAuth));
    const Client custom = WithFlows({Flow::kUserPasswordAuth, Flow::kCustomAuthFlowOnly});
    EXPECT_FALSE(Permits(custom, Flow::kAllowUserSrpAuth));
    EXPECT_TRUE(Permits(custom, Flow::kAllowCustomAuth));
    EXPECT_TRUE(Permits(custom, Flow::kAllowUserPasswordAuth));
    EXPECT_TRUE(Permits(custom, Flow::kAllowRefreshTokenAuth));
}

TEST(Client, DoesNotPermitTheRefreshFlowWhereTokensRotate) {
    Client client;
    client.refresh_token_rotation = RefreshTokenRotation{Feature::kEnabled, std::nullopt};
    EXPECT_TRUE(RotatesRefreshTokens(client));
    EXPECT_FALSE(Permits(client, Flow::kAllowRefreshTokenAuth));
    EXPECT_TRUE(Permits(client, Flow::kAllowUserSrpAuth));
    client.refresh_token_rotation->feature = Feature::kDisabled;
    EXPECT_TRUE(Permits(client, Flow::kAllowRefreshTokenAuth));
}

TEST(Client, HasTheDefaultSwitches) {
    Client client;
    EXPECT_FALSE(HidesUserExistence(client));
    EXPECT_TRUE(CanRevokeTokens(client));
    client.prevent_user_existence_errors = PreventUserExistenceErrors::kLegacy;
    client.enable_token_revocation = false;
    EXPECT_FALSE(HidesUserExistence(client));
    EXPECT_FALSE(CanRevokeTokens(client));
    client.prevent_user_existence_errors = PreventUserExistenceErrors::kEnabled;
    EXPECT_TRUE(HidesUserExistence(client));
}

}  // namespace
}  // namespace cardea
