#include "api/require.h"
#include "api/user_pools/service.h"
#include "flows/audit.h"
#include "flows/directory.h"
#include "model/pool_rules.h"

namespace cardea {

namespace {

struct PoolMfaConfig {
    std::optional<SmsMfaConfig> sms_mfa_configuration;
    std::optional<SoftwareTokenMfaConfig> software_token_mfa_configuration;
    std::optional<EmailMfaConfig> email_mfa_configuration;
    std::optional<MfaMode> mfa_configuration;
    std::optional<WebAuthnConfiguration> web_authn_configuration;

    static constexpr auto kFields =
        Fields(Field<&PoolMfaConfig::sms_mfa_configuration>("SmsMfaConfiguration"),
               Field<&PoolMfaConfig::software_token_mfa_configuration>("SoftwareTokenMfaConfiguration"),
               Field<&PoolMfaConfig::email_mfa_configuration>("EmailMfaConfiguration"),
               Field<&PoolMfaConfig::mfa_configuration>("MfaConfiguration"),
               Field<&PoolMfaConfig::web_authn_configuration>("WebAuthnConfiguration"));
};

struct GetUserPoolMfaConfigRequest {
    std::string user_pool_id;

    static constexpr auto kFields =
        Fields(Field<&GetUserPoolMfaConfigRequest::user_pool_id>("UserPoolId", kUserPoolId));
};

struct SetUserPoolMfaConfigRequest : PoolMfaConfig {
    using Inherits = PoolMfaConfig;
    std::string user_pool_id;

    static constexpr auto kFields = FieldsAfter<SetUserPoolMfaConfigRequest, PoolMfaConfig>(
        Field<&SetUserPoolMfaConfigRequest::user_pool_id>("UserPoolId", kUserPoolId));
};

PoolMfaConfig ToWire(const Pool& pool) {
    PoolMfaConfig out;
    if (pool.sms_configuration || pool.sms_authentication_message)
        out.sms_mfa_configuration = {pool.sms_authentication_message, pool.sms_configuration};
    out.software_token_mfa_configuration = pool.software_token_mfa;
    out.email_mfa_configuration = pool.email_mfa;
    out.mfa_configuration = pool.mfa_configuration;
    out.web_authn_configuration = pool.web_authn;
    return out;
}

// The checks in the order of fact sheet user pools B.3.
void CheckMfaConfig(const PoolMfaConfig& in) {
    const bool on = in.mfa_configuration.value_or(MfaMode::kOff) != MfaMode::kOff;
    if (on && !in.sms_mfa_configuration && !in.software_token_mfa_configuration && !in.email_mfa_configuration)
        throw ApiError(Error::kInvalidParameter,
                       "At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided.");
    if (in.sms_mfa_configuration) {
        const auto& sms = in.sms_mfa_configuration->sms_configuration;
        if (on && !sms)
            throw ApiError(Error::kInvalidParameter,
                           "[SmsConfiguration] is a required member of [SoftwareTokenMfaConfiguration].");
        if (sms) Require(CheckSmsConfiguration(*sms));
    }
    if (in.mfa_configuration == MfaMode::kOn) Require(NotInThisBuild("MfaConfiguration ON"));
    if (in.web_authn_configuration) Require(NotInThisBuild("WebAuthnConfiguration"));
}

PoolMfaConfig GetUserPoolMfaConfig(Context& ctx, const GetUserPoolMfaConfigRequest& in) {
    return ToWire(RequirePool(ctx, in.user_pool_id)->value);
}

// Replaces the second factors. What the pool sends SMS with is its own (UpdateUserPool) and stays where the request
// does not name it, and so does the mode.
PoolMfaConfig SetUserPoolMfaConfig(Context& ctx, const SetUserPoolMfaConfigRequest& in) {
    CheckMfaConfig(in);
    PoolMfaConfig out;
    ChangePool(ctx, in.user_pool_id, [&](Pool& pool) {
        if (in.email_mfa_configuration) Require(CheckEmailMfa(pool));
        if (in.mfa_configuration) pool.mfa_configuration = in.mfa_configuration;
        if (in.sms_mfa_configuration) {
            if (in.sms_mfa_configuration->sms_configuration)
                pool.sms_configuration = in.sms_mfa_configuration->sms_configuration;
            pool.sms_authentication_message = in.sms_mfa_configuration->sms_authentication_message;
        }
        pool.software_token_mfa = in.software_token_mfa_configuration;
        pool.email_mfa = in.email_mfa_configuration;
        out = ToWire(pool);
    });
    Audit(ctx, "pool_mfa_update", Outcome::kAllowed, {{"pool", in.user_pool_id}});
    return out;
}

constexpr Operation kOperations[] = {
    Op<GetUserPoolMfaConfig>("GetUserPoolMfaConfig", Access::kIam,
                             ErrorSet(Error::kInvalidParameter, Error::kTooManyRequests, Error::kResourceNotFound,
                                      Error::kNotAuthorized, Error::kInternalError)),
    Op<SetUserPoolMfaConfig>(
        "SetUserPoolMfaConfig", Access::kIam,
        ErrorSet(Error::kInvalidParameter, Error::kTooManyRequests, Error::kConcurrentModification,
                 Error::kResourceNotFound, Error::kInvalidSmsRoleAccessPolicy, Error::kInvalidSmsRoleTrustRelationship,
                 Error::kNotAuthorized, Error::kOperationNotEnabled, Error::kInternalError,
                 Error::kFeatureUnavailableInTier)),
};

}  // namespace

std::span<const Operation> PoolMfaOperations() { return kOperations; }

}  // namespace cardea
