#pragma once
// The settings of an app client as the API gives them and as they are stored.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/shape.h"
#include "model/limits.h"
#include "model/pool_settings.h"

namespace cardea {

enum class TimeUnits : std::uint8_t { kSeconds, kMinutes, kHours, kDays };
template <>
struct EnumNames<TimeUnits> {
    static constexpr std::array<std::string_view, 4> kNames{"seconds", "minutes", "hours", "days"};
};

enum class ExplicitAuthFlow : std::uint8_t {
    kAdminNoSrpAuth,
    kCustomAuthFlowOnly,
    kUserPasswordAuth,
    kAllowAdminUserPasswordAuth,
    kAllowCustomAuth,
    kAllowUserPasswordAuth,
    kAllowUserSrpAuth,
    kAllowRefreshTokenAuth,
    kAllowUserAuth
};
template <>
struct EnumNames<ExplicitAuthFlow> {
    static constexpr std::array<std::string_view, 9> kNames{
        "ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY",    "USER_PASSWORD_AUTH",  "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_CUSTOM_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_AUTH"};
};

enum class PreventUserExistenceErrors : std::uint8_t { kLegacy, kEnabled };
template <>
struct EnumNames<PreventUserExistenceErrors> {
    static constexpr std::array<std::string_view, 2> kNames{"LEGACY", "ENABLED"};
};

enum class Feature : std::uint8_t { kEnabled, kDisabled };
template <>
struct EnumNames<Feature> {
    static constexpr std::array<std::string_view, 2> kNames{"ENABLED", "DISABLED"};
};

struct TokenValidityUnits {
    std::optional<TimeUnits> access_token;
    std::optional<TimeUnits> id_token;
    std::optional<TimeUnits> refresh_token;

    static constexpr auto kFields =
        Fields(Field<&TokenValidityUnits::access_token>("AccessToken"), Field<&TokenValidityUnits::id_token>("IdToken"),
               Field<&TokenValidityUnits::refresh_token>("RefreshToken"));
};

struct AnalyticsConfiguration {
    std::optional<std::string> application_id;
    std::optional<std::string> application_arn;
    std::optional<std::string> role_arn;
    std::optional<std::string> external_id;
    std::optional<bool> user_data_shared;

    static constexpr auto kFields = Fields(Field<&AnalyticsConfiguration::application_id>("ApplicationId", kHexString),
                                           Field<&AnalyticsConfiguration::application_arn>("ApplicationArn", kArn),
                                           Field<&AnalyticsConfiguration::role_arn>("RoleArn", kArn),
                                           Field<&AnalyticsConfiguration::external_id>("ExternalId", kString),
                                           Field<&AnalyticsConfiguration::user_data_shared>("UserDataShared"));
};

struct RefreshTokenRotation {
    Feature feature;
    std::optional<int> retry_grace_period_seconds;

    static constexpr auto kFields = Fields(
        Field<&RefreshTokenRotation::feature>("Feature"),
        Field<&RefreshTokenRotation::retry_grace_period_seconds>("RetryGracePeriodSeconds", kRetryGracePeriodSeconds));
};

struct ClientSettings {
    std::optional<int> refresh_token_validity;
    std::optional<int> access_token_validity;
    std::optional<int> id_token_validity;
    std::optional<TokenValidityUnits> token_validity_units;
    std::optional<std::vector<std::string>> read_attributes;
    std::optional<std::vector<std::string>> write_attributes;
    std::optional<std::vector<ExplicitAuthFlow>> explicit_auth_flows;
    std::optional<std::vector<std::string>> supported_identity_providers;
    std::optional<std::vector<std::string>> callback_urls;
    std::optional<std::vector<std::string>> logout_urls;
    std::optional<std::string> default_redirect_uri;
    std::optional<std::vector<OAuthFlow>> allowed_oauth_flows;
    std::optional<std::vector<std::string>> allowed_oauth_scopes;
    std::optional<bool> allowed_oauth_flows_user_pool_client;
    std::optional<AnalyticsConfiguration> analytics_configuration;
    std::optional<PreventUserExistenceErrors> prevent_user_existence_errors;
    std::optional<bool> enable_token_revocation;
    std::optional<bool> enable_propagate_additional_user_context_data;
    std::optional<int> auth_session_validity;
    std::optional<RefreshTokenRotation> refresh_token_rotation;

    static constexpr auto kFields =
        Fields(Field<&ClientSettings::refresh_token_validity>("RefreshTokenValidity", kRefreshTokenValidity),
               Field<&ClientSettings::access_token_validity>("AccessTokenValidity", kAccessTokenValidity),
               Field<&ClientSettings::id_token_validity>("IdTokenValidity", kIdTokenValidity),
               Field<&ClientSettings::token_validity_units>("TokenValidityUnits"),
               Field<&ClientSettings::read_attributes>("ReadAttributes", kClientPermissionList),
               Field<&ClientSettings::write_attributes>("WriteAttributes", kClientPermissionList),
               Field<&ClientSettings::explicit_auth_flows>("ExplicitAuthFlows"),
               Field<&ClientSettings::supported_identity_providers>("SupportedIdentityProviders",
                                                                    kSupportedIdentityProvidersList),
               Field<&ClientSettings::callback_urls>("CallbackURLs", kCallbackUrlsList),
               Field<&ClientSettings::logout_urls>("LogoutURLs", kLogoutUrlsList),
               Field<&ClientSettings::default_redirect_uri>("DefaultRedirectURI", kRedirectUrl),
               Field<&ClientSettings::allowed_oauth_flows>("AllowedOAuthFlows", kOAuthFlows),
               Field<&ClientSettings::allowed_oauth_scopes>("AllowedOAuthScopes", kScopeList),
               Field<&ClientSettings::allowed_oauth_flows_user_pool_client>("AllowedOAuthFlowsUserPoolClient"),
               Field<&ClientSettings::analytics_configuration>("AnalyticsConfiguration"),
               Field<&ClientSettings::prevent_user_existence_errors>("PreventUserExistenceErrors"),
               Field<&ClientSettings::enable_token_revocation>("EnableTokenRevocation"),
               Field<&ClientSettings::enable_propagate_additional_user_context_data>(
                   "EnablePropagateAdditionalUserContextData"),
               Field<&ClientSettings::auth_session_validity>("AuthSessionValidity", kAuthSessionValidity),
               Field<&ClientSettings::refresh_token_rotation>("RefreshTokenRotation"));
};

}  // namespace cardea
