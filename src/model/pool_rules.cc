#include "model/pool_rules.h"

#include <algorithm>
#include <set>

#include "model/schema.h"

namespace cardea {

namespace {

constexpr int kDefaultMinimumLength = 8;
constexpr int kDefaultTemporaryPasswordDays = 7;
constexpr std::size_t kMostTags = 50;  // fact sheet user pools B.14
constexpr std::string_view kAcrLevels[] = {"Level1", "Level2", "Level3", "Level4"};
constexpr std::string_view kDefaultAcr = "urn:cognito:loa:";

bool IsLite(const PoolSettings& settings) { return settings.user_pool_tier == PoolTier::kLite; }

Fault AboveTier(std::string feature) {
    return {Error::kFeatureUnavailableInTier, std::move(feature) + " is not available in the LITE tier."};
}

using Found = std::optional<Fault>;

Found CheckPasswordPolicy(const PoolSettings& settings) {
    if (!settings.policies || !settings.policies->password_policy) return std::nullopt;
    const PasswordPolicy& policy = *settings.policies->password_policy;
    if (policy.temporary_password_validity_days && settings.admin_create_user_config &&
        settings.admin_create_user_config->unused_account_validity_days)
        return InvalidParameter(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays");
    if (policy.password_history_size.value_or(0) > 0 && IsLite(settings)) return AboveTier("PasswordHistorySize");
    return std::nullopt;
}

Found CheckSignInPolicy(const PoolSettings& settings) {
    if (!settings.policies || !settings.policies->sign_in_policy) return std::nullopt;
    const auto& factors = settings.policies->sign_in_policy->allowed_first_auth_factors;
    if (!factors) return std::nullopt;
    for (const AuthFactor factor : *factors) {
        if (factor == AuthFactor::kPassword) continue;
        if (factor == AuthFactor::kSoftwareToken)
            return InvalidParameter("SOFTWARE_TOKEN cannot be one of AllowedFirstAuthFactors.");
        if (IsLite(settings)) return AboveTier("AllowedFirstAuthFactors " + std::string(NameOf(factor)));
        return NotInThisBuild("AllowedFirstAuthFactors " + std::string(NameOf(factor)));
    }
    return std::nullopt;
}

Found CheckLambdaConfig(const PoolSettings& settings) {
    if (settings.lambda_config && PrintShape(*settings.lambda_config) != "{}") return NotInThisBuild("LambdaConfig");
    return std::nullopt;
}

Found CheckMessages(const PoolSettings& settings) {
    const auto& messages = settings.verification_message_template;
    if (messages && messages->default_email_option == DefaultEmailOption::kConfirmWithLink)
        return NotInThisBuild("DefaultEmailOption CONFIRM_WITH_LINK");
    return std::nullopt;
}

Found CheckUpdateSettings(const PoolSettings& settings) {
    if (!settings.user_attribute_update_settings) return std::nullopt;
    const auto verified = settings.auto_verified_attributes.value_or(std::vector<VerifiedAttribute>{});
    const auto& before = settings.user_attribute_update_settings->attributes_require_verification_before_update;
    for (const VerifiedAttribute attribute : before.value_or(std::vector<VerifiedAttribute>{}))
        if (std::find(verified.begin(), verified.end(), attribute) == verified.end())
            return InvalidParameter("Invalid value for UserAttributeUpdateSettings.");
    return std::nullopt;
}

Found CheckDevices(const PoolSettings& settings) {
    if (settings.device_configuration) return NotInThisBuild("DeviceConfiguration");
    return std::nullopt;
}

// The address in "Ana <ana@example.com>", or the text itself.
std::string_view AddressOf(std::string_view from) {
    const std::size_t open = from.rfind('<');
    if (open == std::string_view::npos || !from.ends_with('>')) return from;
    return from.substr(open + 1, from.size() - open - 2);
}

Found CheckEmailConfiguration(const PoolSettings& settings) {
    if (!settings.email_configuration) return std::nullopt;
    const EmailConfiguration& email = *settings.email_configuration;
    const bool developer = email.email_sending_account == EmailSendingAccount::kDeveloper;
    if (developer && !email.source_arn)
        return InvalidParameter("SourceArn is required when EmailSendingAccount is DEVELOPER.");
    if (!email.from) return std::nullopt;
    const std::string_view address = AddressOf(*email.from);
    if (!IsEmailAddress(address)) return InvalidParameter("Invalid email address format.");
    constexpr std::string_view kIdentity = ":identity/";
    const std::size_t at = email.source_arn ? email.source_arn->find(kIdentity) : std::string::npos;
    if (at == std::string::npos) return std::nullopt;
    const std::string_view identity = std::string_view(*email.source_arn).substr(at + kIdentity.size());
    const std::string_view domain = address.substr(address.find('@') + 1);
    if (identity == address || identity == domain || domain.ends_with("." + std::string(identity))) return std::nullopt;
    return Fault{Error::kInvalidEmailRoleAccessPolicy,
                 "The From address does not belong to the identity of SourceArn."};
}

Found CheckSms(const PoolSettings& settings) {
    return settings.sms_configuration ? CheckSmsConfiguration(*settings.sms_configuration) : std::nullopt;
}

Found CheckAddOns(const PoolSettings& settings) {
    if (!settings.user_pool_add_ons) return std::nullopt;
    const PoolAddOns& add_ons = *settings.user_pool_add_ons;
    if (add_ons.advanced_security_mode != AdvancedSecurityMode::kOff)
        return NotInThisBuild("AdvancedSecurityMode " + std::string(NameOf(add_ons.advanced_security_mode)));
    if (add_ons.advanced_security_additional_flows &&
        add_ons.advanced_security_additional_flows->custom_auth_mode.has_value())
        return NotInThisBuild("AdvancedSecurityAdditionalFlows");
    return std::nullopt;
}

Found CheckRecovery(const PoolSettings& settings) {
    if (!settings.account_recovery_setting || !settings.account_recovery_setting->recovery_mechanisms)
        return std::nullopt;
    const auto& mechanisms = *settings.account_recovery_setting->recovery_mechanisms;
    std::set<RecoveryOptionName> names;
    std::set<int> priorities;
    for (const RecoveryOption& option : mechanisms) {
        if (!names.insert(option.name).second || !priorities.insert(option.priority).second)
            return InvalidParameter("Each recovery mechanism must have a name and a priority of its own.");
    }
    if (names.contains(RecoveryOptionName::kAdminOnly) && names.size() > 1)
        return InvalidParameter("admin_only cannot be combined with other recovery mechanisms.");
    return std::nullopt;
}

Found CheckKeys(const PoolSettings& settings) {
    if (!settings.key_configuration) return std::nullopt;
    if (settings.key_configuration->key_type == EncryptionKey::kCustomerManagedKey ||
        settings.key_configuration->kms_key_arn)
        return NotInThisBuild("KeyType CUSTOMER_MANAGED_KEY");
    return std::nullopt;
}

Found CheckRegistration(const PoolSettings& settings) {
    // The structure alone switches registration on.
    if (!settings.dcr_configuration || settings.dcr_configuration->enable_status == Status::kDisabled)
        return std::nullopt;
    if (IsLite(settings)) return AboveTier("DcrConfiguration");
    return NotInThisBuild("DcrConfiguration");
}

std::map<std::string, AcrLevelConfig> DefaultAcr() {
    std::map<std::string, AcrLevelConfig> out;
    for (const std::string_view level : kAcrLevels)
        out[std::string(level)].acr_value = std::string(kDefaultAcr) + level.back();
    return out;
}

Found CheckAcr(const PoolSettings& settings) {
    if (!settings.acr_configuration) return std::nullopt;
    auto levels = DefaultAcr();
    for (const auto& [level, config] : *settings.acr_configuration) {
        const auto found = levels.find(level);
        if (found == levels.end())
            return InvalidParameter("AcrConfiguration has the levels Level1, Level2, Level3 and Level4.");
        if (found->second.acr_value == config.acr_value) continue;
        return IsLite(settings) ? AboveTier("AcrConfiguration") : NotInThisBuild("AcrConfiguration " + level);
    }
    return std::nullopt;
}

// Copies whichever of the two is there to the other; the template's wins where both are.
void Mirror(std::optional<std::string>& legacy, std::optional<std::string>& in_template) {
    if (in_template)
        legacy = in_template;
    else
        in_template = legacy;
}

void CompletePasswordPolicy(PoolSettings& settings) {
    auto& policies = settings.policies;
    if (!policies) policies.emplace();
    const bool given = policies->password_policy.has_value();
    if (!given) policies->password_policy.emplace();
    // A policy that says nothing of a kind of character does not ask for it; no policy at all asks for all of them.
    PasswordPolicy& policy = *policies->password_policy;
    for (auto* rule :
         {&policy.require_uppercase, &policy.require_lowercase, &policy.require_numbers, &policy.require_symbols})
        if (!*rule) *rule = !given;
    if (!policy.minimum_length) policy.minimum_length = kDefaultMinimumLength;
    policy.temporary_password_validity_days = TemporaryPasswordDays(settings);
    if (policy.password_history_size == 0) policy.password_history_size.reset();
    if (!IsLite(settings) && !policies->sign_in_policy)
        policies->sign_in_policy.emplace().allowed_first_auth_factors = {AuthFactor::kPassword};
}

}  // namespace

std::optional<Fault> CheckPoolSettings(const PoolSettings& settings, bool other_factor) {
    constexpr Found (*kRules[])(const PoolSettings&) = {
        CheckPasswordPolicy, CheckSignInPolicy,       CheckLambdaConfig, CheckMessages, CheckUpdateSettings,
        CheckDevices,        CheckEmailConfiguration, CheckSms,          CheckAddOns,   CheckRecovery,
        CheckKeys,           CheckRegistration,       CheckAcr};
    for (const auto rule : kRules)
        if (auto fault = rule(settings)) return fault;
    const MfaMode mfa = settings.mfa_configuration.value_or(MfaMode::kOff);
    if (mfa == MfaMode::kOn) return NotInThisBuild("MfaConfiguration ON");
    if (mfa == MfaMode::kOptional && !settings.sms_configuration && !other_factor)
        return InvalidParameter(
            "SMS configuration and Auto verification for phone_number are required when MFA is required/optional");
    return std::nullopt;
}

void CompletePoolSettings(PoolSettings& settings) {
    if (!settings.user_pool_tier) settings.user_pool_tier = PoolTier::kEssentials;
    CompletePasswordPolicy(settings);
    if (!settings.deletion_protection) settings.deletion_protection = DeletionProtection::kInactive;
    if (!settings.lambda_config) settings.lambda_config.emplace();
    if (!settings.mfa_configuration) settings.mfa_configuration = MfaMode::kOff;
    if (!settings.user_pool_tags) settings.user_pool_tags.emplace();
    // An empty list is no list, as AWS keeps it (fact sheet user pools A.2).
    if (settings.auto_verified_attributes && settings.auto_verified_attributes->empty())
        settings.auto_verified_attributes.reset();

    auto& messages = settings.verification_message_template;
    if (!messages) messages.emplace();
    Mirror(settings.sms_verification_message, messages->sms_message);
    Mirror(settings.email_verification_message, messages->email_message);
    Mirror(settings.email_verification_subject, messages->email_subject);
    if (!messages->default_email_option) messages->default_email_option = DefaultEmailOption::kConfirmWithCode;

    auto& email = settings.email_configuration;
    if (!email) email.emplace();
    if (!email->email_sending_account) email->email_sending_account = EmailSendingAccount::kCognitoDefault;

    auto& creation = settings.admin_create_user_config;
    if (!creation) creation.emplace();
    if (!creation->allow_admin_create_user_only) creation->allow_admin_create_user_only = false;
    creation->unused_account_validity_days = settings.policies->password_policy->temporary_password_validity_days;

    settings.acr_configuration = DefaultAcr();
}

std::optional<Fault> CheckSignInNames(const Pool& pool) {
    const bool aliases = pool.alias_attributes && !pool.alias_attributes->empty();
    const bool names = pool.username_attributes && !pool.username_attributes->empty();
    if (aliases && names)
        return InvalidParameter("Only one of the aliasAttributes or usernameAttributes can be set in a user pool.");
    const SchemaAttribute* preferred = FindSchema(pool, "preferred_username");
    if (HasAlias(pool, AliasAttribute::kPreferredUsername) && preferred && preferred->is_required.value_or(false))
        return InvalidParameter("preferred_username cannot be required where it is an alias.");
    return std::nullopt;
}

std::optional<Fault> CheckTierChange(const Pool& pool, PoolTier to) {
    if (to == PoolTier::kLite && pool.user_pool_tier != PoolTier::kLite && pool.email_mfa)
        return Fault{Error::kTierChangeNotAllowed,
                     "The user pool cannot move to the LITE tier while it has an EmailMfaConfiguration."};
    return std::nullopt;
}

std::optional<Fault> CheckTags(const std::map<std::string, std::string>& tags, Error error) {
    if (tags.size() > kMostTags) return Fault{error, "A user pool can have at most 50 tags."};
    for (const auto& [key, value] : tags)
        if (key.starts_with("aws:")) return Fault{error, "Tag keys that start with aws: are reserved."};
    return std::nullopt;
}

std::optional<Fault> CheckSmsConfiguration(const SmsConfiguration& sms) {
    const bool sns = sms.sns_caller_arn && !sms.sns_caller_arn->empty();
    if (sns && sms.eums_sms) return InvalidParameter("Only one of SnsCallerArn and EumsSms can be set.");
    if (!sns && !sms.eums_sms) return InvalidParameter("One of SnsCallerArn and EumsSms is required.");
    const std::string& role = sns ? *sms.sns_caller_arn : sms.eums_sms->caller_arn;
    // What is no role cannot be assumed.
    if (role.find(":iam::") == std::string::npos || role.find(":role/") == std::string::npos)
        return Fault{Error::kInvalidSmsRoleTrustRelationship,
                     "Role does not have a trust relationship allowing Cognito to assume the role"};
    return std::nullopt;
}

std::optional<Fault> CheckEmailMfa(const Pool& pool) {
    if (IsLite(pool)) return AboveTier("EmailMfaConfiguration");
    if (!pool.email_configuration || pool.email_configuration->email_sending_account != EmailSendingAccount::kDeveloper)
        return InvalidParameter(
            "EmailMfaConfiguration needs an EmailConfiguration with EmailSendingAccount DEVELOPER.");
    if (!pool.account_recovery_setting) return std::nullopt;
    const auto mechanisms = pool.account_recovery_setting->recovery_mechanisms.value_or(std::vector<RecoveryOption>{});
    if (mechanisms.size() == 1 && mechanisms.front().name == RecoveryOptionName::kVerifiedEmail)
        return InvalidParameter("EmailMfaConfiguration needs a recovery mechanism beside verified_email.");
    return std::nullopt;
}

int TemporaryPasswordDays(const PoolSettings& settings) {
    int days = 0;
    if (settings.policies && settings.policies->password_policy)
        days = settings.policies->password_policy->temporary_password_validity_days.value_or(0);
    if (days == 0 && settings.admin_create_user_config)
        days = settings.admin_create_user_config->unused_account_validity_days.value_or(0);
    return days > 0 ? days : kDefaultTemporaryPasswordDays;
}

}  // namespace cardea
