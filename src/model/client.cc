#include "model/client.h"

#include <algorithm>

namespace cardea {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Past every lifetime that a client may have (3,650 days): a number of the wire times a unit would not fit.
constexpr Duration kTooLong = days(10'000);

Duration InUnits(int count, TimeUnits units) {
    constexpr Duration kUnits[] = {seconds(1), minutes(1), hours(1), days(1)};
    const Duration unit = kUnits[static_cast<std::size_t>(units)];
    return count > kTooLong / unit ? kTooLong : count * unit;
}

// An absent number and 0 are the default (fact sheet user pools B.9).
Duration Lifetime(const std::optional<int>& count, TimeUnits units, Duration otherwise) {
    return count.value_or(0) > 0 ? InUnits(*count, units) : otherwise;
}

TokenValidityUnits UnitsOf(const Client& client) { return client.token_validity_units.value_or(TokenValidityUnits{}); }

// A flow under its ALLOW_ name; CUSTOM_AUTH_FLOW_ONLY permits what ALLOW_CUSTOM_AUTH does.
ExplicitAuthFlow NewName(ExplicitAuthFlow flow) {
    switch (flow) {
        case ExplicitAuthFlow::kAdminNoSrpAuth:
            return ExplicitAuthFlow::kAllowAdminUserPasswordAuth;
        case ExplicitAuthFlow::kCustomAuthFlowOnly:
            return ExplicitAuthFlow::kAllowCustomAuth;
        case ExplicitAuthFlow::kUserPasswordAuth:
            return ExplicitAuthFlow::kAllowUserPasswordAuth;
        default:
            return flow;
    }
}

}  // namespace

Duration AccessTokenLifetime(const Client& client) {
    return Lifetime(client.access_token_validity, UnitsOf(client).access_token.value_or(TimeUnits::kHours), hours(1));
}

Duration IdTokenLifetime(const Client& client) {
    return Lifetime(client.id_token_validity, UnitsOf(client).id_token.value_or(TimeUnits::kHours), hours(1));
}

Duration RefreshTokenLifetime(const Client& client) {
    return Lifetime(client.refresh_token_validity, UnitsOf(client).refresh_token.value_or(TimeUnits::kDays), days(30));
}

Duration AuthSessionLifetime(const Client& client) { return minutes(client.auth_session_validity.value_or(3)); }

bool Permits(const Client& client, ExplicitAuthFlow flow) {
    const ExplicitAuthFlow wanted = NewName(flow);
    const bool refresh = wanted == ExplicitAuthFlow::kAllowRefreshTokenAuth;
    // A client whose refresh tokens rotate gets new ones from GetTokensFromRefreshToken only.
    if (refresh && RotatesRefreshTokens(client)) return false;
    const bool srp = wanted == ExplicitAuthFlow::kAllowUserSrpAuth;
    const bool custom = wanted == ExplicitAuthFlow::kAllowCustomAuth;
    if (!client.explicit_auth_flows || client.explicit_auth_flows->empty()) return refresh || srp || custom;

    const auto& flows = *client.explicit_auth_flows;
    const auto has = [&](ExplicitAuthFlow name) { return std::find(flows.begin(), flows.end(), name) != flows.end(); };
    const bool old_names = NewName(flows.front()) != flows.front();
    if (old_names && has(ExplicitAuthFlow::kCustomAuthFlowOnly) && srp) return false;
    if (old_names && (refresh || srp || custom)) return true;
    return std::any_of(flows.begin(), flows.end(), [&](ExplicitAuthFlow name) { return NewName(name) == wanted; });
}

bool HidesUserExistence(const Client& client) {
    return client.prevent_user_existence_errors == PreventUserExistenceErrors::kEnabled;
}

bool RotatesRefreshTokens(const Client& client) {
    return client.refresh_token_rotation && client.refresh_token_rotation->feature == Feature::kEnabled;
}

bool CanRevokeTokens(const Client& client) { return client.enable_token_revocation.value_or(true); }

}  // namespace cardea
