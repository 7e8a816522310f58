#pragma once
// The settings of a user pool as the API gives them and as they are stored.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/shape.h"
#include "model/attribute.h"
#include "model/limits.h"

namespace cardea {

enum class AuthFactor : std::uint8_t { kPassword, kEmailOtp, kSmsOtp, kWebAuthn, kSoftwareToken };
template <>
struct EnumNames<AuthFactor> {
    static constexpr std::array<std::string_view, 5> kNames{"PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN",
                                                            "SOFTWARE_TOKEN"};
};

enum class DeletionProtection : std::uint8_t { kActive, kInactive };
template <>
struct EnumNames<DeletionProtection> {
    static constexpr std::array<std::string_view, 2> kNames{"ACTIVE", "INACTIVE"};
};

enum class PreTokenGenerationLambdaVersion : std::uint8_t { kV1_0, kV2_0, kV3_0 };
template <>
struct EnumNames<PreTokenGenerationLambdaVersion> {
    static constexpr std::array<std::string_view, 3> kNames{"V1_0", "V2_0", "V3_0"};
};

enum class CustomSmsSenderLambdaVersion : std::uint8_t { kV1_0 };
template <>
struct EnumNames<CustomSmsSenderLambdaVersion> {
    static constexpr std::array<std::string_view, 1> kNames{"V1_0"};
};

enum class CustomEmailSenderLambdaVersion : std::uint8_t { kV1_0 };
template <>
struct EnumNames<CustomEmailSenderLambdaVersion> {
    static constexpr std::array<std::string_view, 1> kNames{"V1_0"};
};

enum class InboundFederationLambdaVersion : std::uint8_t { kV1_0 };
template <>
struct EnumNames<InboundFederationLambdaVersion> {
    static constexpr std::array<std::string_view, 1> kNames{"V1_0"};
};

enum class VerifiedAttribute : std::uint8_t { kPhoneNumber, kEmail };
template <>
struct EnumNames<VerifiedAttribute> {
    static constexpr std::array<std::string_view, 2> kNames{"phone_number", "email"};
};

enum class AliasAttribute : std::uint8_t { kPhoneNumber, kEmail, kPreferredUsername };
template <>
struct EnumNames<AliasAttribute> {
    static constexpr std::array<std::string_view, 3> kNames{"phone_number", "email", "preferred_username"};
};

enum class UsernameAttribute : std::uint8_t { kPhoneNumber, kEmail };
template <>
struct EnumNames<UsernameAttribute> {
    static constexpr std::array<std::string_view, 2> kNames{"phone_number", "email"};
};

enum class DefaultEmailOption : std::uint8_t { kConfirmWithLink, kConfirmWithCode };
template <>
struct EnumNames<DefaultEmailOption> {
    static constexpr std::array<std::string_view, 2> kNames{"CONFIRM_WITH_LINK", "CONFIRM_WITH_CODE"};
};

enum class MfaMode : std::uint8_t { kOff, kOn, kOptional };
template <>
struct EnumNames<MfaMode> {
    static constexpr std::array<std::string_view, 3> kNames{"OFF", "ON", "OPTIONAL"};
};

enum class EmailSendingAccount : std::uint8_t { kCognitoDefault, kDeveloper };
template <>
struct EnumNames<EmailSendingAccount> {
    static constexpr std::array<std::string_view, 2> kNames{"COGNITO_DEFAULT", "DEVELOPER"};
};

enum class AdvancedSecurityMode : std::uint8_t { kOff, kAudit, kEnforced };
template <>
struct EnumNames<AdvancedSecurityMode> {
    static constexpr std::array<std::string_view, 3> kNames{"OFF", "AUDIT", "ENFORCED"};
};

enum class AdvancedSecurityEnabledMode : std::uint8_t { kAudit, kEnforced };
template <>
struct EnumNames<AdvancedSecurityEnabledMode> {
    static constexpr std::array<std::string_view, 2> kNames{"AUDIT", "ENFORCED"};
};

enum class RecoveryOptionName : std::uint8_t { kVerifiedEmail, kVerifiedPhoneNumber, kAdminOnly };
template <>
struct EnumNames<RecoveryOptionName> {
    static constexpr std::array<std::string_view, 3> kNames{"verified_email", "verified_phone_number", "admin_only"};
};

enum class PoolTier : std::uint8_t { kLite, kEssentials, kPlus };
template <>
struct EnumNames<PoolTier> {
    static constexpr std::array<std::string_view, 3> kNames{"LITE", "ESSENTIALS", "PLUS"};
};

enum class EncryptionKey : std::uint8_t { kAwsOwnedKey, kCustomerManagedKey };
template <>
struct EnumNames<EncryptionKey> {
    static constexpr std::array<std::string_view, 2> kNames{"AWS_OWNED_KEY", "CUSTOMER_MANAGED_KEY"};
};

enum class Issuer : std::uint8_t { kOriginal, kUpdated };
template <>
struct EnumNames<Issuer> {
    static constexpr std::array<std::string_view, 2> kNames{"ORIGINAL", "UPDATED"};
};

enum class Status : std::uint8_t { kEnabled, kDisabled };
template <>
struct EnumNames<Status> {
    static constexpr std::array<std::string_view, 2> kNames{"Enabled", "Disabled"};
};

enum class OAuthFlow : std::uint8_t { kCode, kImplicit, kClientCredentials };
template <>
struct EnumNames<OAuthFlow> {
    static constexpr std::array<std::string_view, 3> kNames{"code", "implicit", "client_credentials"};
};

enum class UserVerification : std::uint8_t { kRequired, kPreferred };
template <>
struct EnumNames<UserVerification> {
    static constexpr std::array<std::string_view, 2> kNames{"required", "preferred"};
};

enum class WebAuthnFactorConfiguration : std::uint8_t { kSingleFactor, kMultiFactorWithUserVerification };
template <>
struct EnumNames<WebAuthnFactorConfiguration> {
    static constexpr std::array<std::string_view, 2> kNames{"SINGLE_FACTOR", "MULTI_FACTOR_WITH_USER_VERIFICATION"};
};

struct PasswordPolicy {
    std::optional<int> minimum_length;
    std::optional<bool> require_uppercase;
    std::optional<bool> require_lowercase;
    std::optional<bool> require_numbers;
    std::optional<bool> require_symbols;
    std::optional<int> password_history_size;
    std::optional<int> temporary_password_validity_days;

    static constexpr auto kFields =
        Fields(Field<&PasswordPolicy::minimum_length>("MinimumLength", kPasswordPolicyMinLength),
               Field<&PasswordPolicy::require_uppercase>("RequireUppercase"),
               Field<&PasswordPolicy::require_lowercase>("RequireLowercase"),
               Field<&PasswordPolicy::require_numbers>("RequireNumbers"),
               Field<&PasswordPolicy::require_symbols>("RequireSymbols"),
               Field<&PasswordPolicy::password_history_size>("PasswordHistorySize", kPasswordHistorySize),
               Field<&PasswordPolicy::temporary_password_validity_days>("TemporaryPasswordValidityDays",
                                                                        kTemporaryPasswordValidityDays));
};

struct SignInPolicy {
    std::optional<std::vector<AuthFactor>> allowed_first_auth_factors;

    static constexpr auto kFields = Fields(
        Field<&SignInPolicy::allowed_first_auth_factors>("AllowedFirstAuthFactors", kAllowedFirstAuthFactorsList));
};

struct PoolPolicies {
    std::optional<PasswordPolicy> password_policy;
    std::optional<SignInPolicy> sign_in_policy;

    static constexpr auto kFields = Fields(Field<&PoolPolicies::password_policy>("PasswordPolicy"),
                                           Field<&PoolPolicies::sign_in_policy>("SignInPolicy"));
};

struct PreTokenGenerationVersionConfig {
    PreTokenGenerationLambdaVersion lambda_version;
    std::string lambda_arn;

    static constexpr auto kFields = Fields(Field<&PreTokenGenerationVersionConfig::lambda_version>("LambdaVersion"),
                                           Field<&PreTokenGenerationVersionConfig::lambda_arn>("LambdaArn", kArn));
};

struct CustomSmsSender {
    CustomSmsSenderLambdaVersion lambda_version;
    std::string lambda_arn;

    static constexpr auto kFields = Fields(Field<&CustomSmsSender::lambda_version>("LambdaVersion"),
                                           Field<&CustomSmsSender::lambda_arn>("LambdaArn", kArn));
};

struct CustomEmailSender {
    CustomEmailSenderLambdaVersion lambda_version;
    std::string lambda_arn;

    static constexpr auto kFields = Fields(Field<&CustomEmailSender::lambda_version>("LambdaVersion"),
                                           Field<&CustomEmailSender::lambda_arn>("LambdaArn", kArn));
};

struct InboundFederationLambda {
    InboundFederationLambdaVersion lambda_version;
    std::string lambda_arn;

    static constexpr auto kFields = Fields(Field<&InboundFederationLambda::lambda_version>("LambdaVersion"),
                                           Field<&InboundFederationLambda::lambda_arn>("LambdaArn", kArn));
};

struct LambdaConfig {
    std::optional<std::string> pre_sign_up;
    std::optional<std::string> custom_message;
    std::optional<std::string> post_confirmation;
    std::optional<std::string> pre_authentication;
    std::optional<std::string> post_authentication;
    std::optional<std::string> define_auth_challenge;
    std::optional<std::string> create_auth_challenge;
    std::optional<std::string> verify_auth_challenge_response;
    std::optional<std::string> pre_token_generation;
    std::optional<std::string> user_migration;
    std::optional<PreTokenGenerationVersionConfig> pre_token_generation_config;
    std::optional<CustomSmsSender> custom_sms_sender;
    std::optional<CustomEmailSender> custom_email_sender;
    std::optional<std::string> kms_key_id;
    std::optional<InboundFederationLambda> inbound_federation;

    static constexpr auto kFields =
        Fields(Field<&LambdaConfig::pre_sign_up>("PreSignUp", kArn),
               Field<&LambdaConfig::custom_message>("CustomMessage", kArn),
               Field<&LambdaConfig::post_confirmation>("PostConfirmation", kArn),
               Field<&LambdaConfig::pre_authentication>("PreAuthentication", kArn),
               Field<&LambdaConfig::post_authentication>("PostAuthentication", kArn),
               Field<&LambdaConfig::define_auth_challenge>("DefineAuthChallenge", kArn),
               Field<&LambdaConfig::create_auth_challenge>("CreateAuthChallenge", kArn),
               Field<&LambdaConfig::verify_auth_challenge_response>("VerifyAuthChallengeResponse", kArn),
               Field<&LambdaConfig::pre_token_generation>("PreTokenGeneration", kArn),
               Field<&LambdaConfig::user_migration>("UserMigration", kArn),
               Field<&LambdaConfig::pre_token_generation_config>("PreTokenGenerationConfig"),
               Field<&LambdaConfig::custom_sms_sender>("CustomSMSSender"),
               Field<&LambdaConfig::custom_email_sender>("CustomEmailSender"),
               Field<&LambdaConfig::kms_key_id>("KMSKeyID", kArn),
               Field<&LambdaConfig::inbound_federation>("InboundFederation"));
};

struct VerificationMessageTemplate {
    std::optional<std::string> sms_message;
    std::optional<std::string> email_message;
    std::optional<std::string> email_subject;
    std::optional<std::string> email_message_by_link;
    std::optional<std::string> email_subject_by_link;
    std::optional<DefaultEmailOption> default_email_option;

    static constexpr auto kFields =
        Fields(Field<&VerificationMessageTemplate::sms_message>("SmsMessage", kSmsVerificationMessage),
               Field<&VerificationMessageTemplate::email_message>("EmailMessage", kEmailVerificationMessage),
               Field<&VerificationMessageTemplate::email_subject>("EmailSubject", kEmailVerificationSubject),
               Field<&VerificationMessageTemplate::email_message_by_link>("EmailMessageByLink",
                                                                          kEmailVerificationMessageByLink),
               Field<&VerificationMessageTemplate::email_subject_by_link>("EmailSubjectByLink",
                                                                          kEmailVerificationSubjectByLink),
               Field<&VerificationMessageTemplate::default_email_option>("DefaultEmailOption"));
};

struct UserAttributeUpdateSettings {
    std::optional<std::vector<VerifiedAttribute>> attributes_require_verification_before_update;

    static constexpr auto kFields =
        Fields(Field<&UserAttributeUpdateSettings::attributes_require_verification_before_update>(
            "AttributesRequireVerificationBeforeUpdate"));
};

struct DeviceConfiguration {
    std::optional<bool> challenge_required_on_new_device;
    std::optional<bool> device_only_remembered_on_user_prompt;

    static constexpr auto kFields =
        Fields(Field<&DeviceConfiguration::challenge_required_on_new_device>("ChallengeRequiredOnNewDevice"),
               Field<&DeviceConfiguration::device_only_remembered_on_user_prompt>("DeviceOnlyRememberedOnUserPrompt"));
};

struct EmailConfiguration {
    std::optional<std::string> source_arn;
    std::optional<std::string> reply_to_email_address;
    std::optional<EmailSendingAccount> email_sending_account;
    std::optional<std::string> from;
    std::optional<std::string> configuration_set;

    static constexpr auto kFields =
        Fields(Field<&EmailConfiguration::source_arn>("SourceArn", kArn),
               Field<&EmailConfiguration::reply_to_email_address>("ReplyToEmailAddress", kEmailAddress),
               Field<&EmailConfiguration::email_sending_account>("EmailSendingAccount"),
               Field<&EmailConfiguration::from>("From", kString),
               Field<&EmailConfiguration::configuration_set>("ConfigurationSet", kSesConfigurationSet));
};

struct EumsSmsConfiguration {
    std::string caller_arn;
    std::optional<std::string> external_id;
    std::optional<std::string> origination_identity;
    std::optional<std::string> configuration_set_name;
    std::optional<std::string> in_entity_id;
    std::optional<std::string> in_template_id;
    std::optional<std::string> region;

    static constexpr auto kFields =
        Fields(Field<&EumsSmsConfiguration::caller_arn>("CallerArn", kArn),
               Field<&EumsSmsConfiguration::external_id>("ExternalId", kString),
               Field<&EumsSmsConfiguration::origination_identity>("OriginationIdentity", kString),
               Field<&EumsSmsConfiguration::configuration_set_name>("ConfigurationSetName", kString),
               Field<&EumsSmsConfiguration::in_entity_id>("InEntityId", kString),
               Field<&EumsSmsConfiguration::in_template_id>("InTemplateId", kString),
               Field<&EumsSmsConfiguration::region>("Region", kRegionCode));
};

struct SmsConfiguration {
    std::optional<std::string> sns_caller_arn;
    std::optional<std::string> external_id;
    std::optional<std::string> sns_region;
    std::optional<EumsSmsConfiguration> eums_sms;

    static constexpr auto kFields = Fields(Field<&SmsConfiguration::sns_caller_arn>("SnsCallerArn", kOptionalArn),
                                           Field<&SmsConfiguration::external_id>("ExternalId", kString),
                                           Field<&SmsConfiguration::sns_region>("SnsRegion", kRegionCode),
                                           Field<&SmsConfiguration::eums_sms>("EumsSms"));
};

struct MessageTemplate {
    std::optional<std::string> sms_message;
    std::optional<std::string> email_message;
    std::optional<std::string> email_subject;

    static constexpr auto kFields =
        Fields(Field<&MessageTemplate::sms_message>("SMSMessage", kSmsInviteMessage),
               Field<&MessageTemplate::email_message>("EmailMessage", kEmailInviteMessage),
               Field<&MessageTemplate::email_subject>("EmailSubject", kEmailVerificationSubject));
};

struct AdminCreateUserConfig {
    std::optional<bool> allow_admin_create_user_only;
    std::optional<int> unused_account_validity_days;
    std::optional<MessageTemplate> invite_message_template;

    static constexpr auto kFields =
        Fields(Field<&AdminCreateUserConfig::allow_admin_create_user_only>("AllowAdminCreateUserOnly"),
               Field<&AdminCreateUserConfig::unused_account_validity_days>("UnusedAccountValidityDays",
                                                                           kAdminCreateUserUnusedAccountValidityDays),
               Field<&AdminCreateUserConfig::invite_message_template>("InviteMessageTemplate"));
};

struct AdvancedSecurityAdditionalFlows {
    std::optional<AdvancedSecurityEnabledMode> custom_auth_mode;

    static constexpr auto kFields = Fields(Field<&AdvancedSecurityAdditionalFlows::custom_auth_mode>("CustomAuthMode"));
};

struct PoolAddOns {
    AdvancedSecurityMode advanced_security_mode;
    std::optional<AdvancedSecurityAdditionalFlows> advanced_security_additional_flows;

    static constexpr auto kFields =
        Fields(Field<&PoolAddOns::advanced_security_mode>("AdvancedSecurityMode"),
               Field<&PoolAddOns::advanced_security_additional_flows>("AdvancedSecurityAdditionalFlows"));
};

struct UsernameConfiguration {
    bool case_sensitive;

    static constexpr auto kFields = Fields(Field<&UsernameConfiguration::case_sensitive>("CaseSensitive"));
};

struct RecoveryOption {
    int priority;
    RecoveryOptionName name;

    static constexpr auto kFields =
        Fields(Field<&RecoveryOption::priority>("Priority", kPriority), Field<&RecoveryOption::name>("Name"));
};

struct AccountRecoverySetting {
    std::optional<std::vector<RecoveryOption>> recovery_mechanisms;

    static constexpr auto kFields =
        Fields(Field<&AccountRecoverySetting::recovery_mechanisms>("RecoveryMechanisms", kRecoveryMechanisms));
};

struct KeyConfiguration {
    std::optional<EncryptionKey> key_type;
    std::optional<std::string> kms_key_arn;

    static constexpr auto kFields = Fields(Field<&KeyConfiguration::key_type>("KeyType"),
                                           Field<&KeyConfiguration::kms_key_arn>("KmsKeyArn", kEncryptionKeyArn));
};

struct IssuerConfiguration {
    std::optional<Issuer> type;

    static constexpr auto kFields = Fields(Field<&IssuerConfiguration::type>("Type"));
};

struct DcrConfiguration {
    std::optional<Status> enable_status;
    std::optional<bool> open_dcr_enabled;
    std::optional<std::vector<OAuthFlow>> authenticated_grant_types;
    std::optional<std::vector<OAuthFlow>> open_dcr_grant_types;
    std::optional<std::vector<std::string>> allowed_scopes;

    static constexpr auto kFields =
        Fields(Field<&DcrConfiguration::enable_status>("EnableStatus"),
               Field<&DcrConfiguration::open_dcr_enabled>("OpenDcrEnabled"),
               Field<&DcrConfiguration::authenticated_grant_types>("AuthenticatedGrantTypes"),
               Field<&DcrConfiguration::open_dcr_grant_types>("OpenDcrGrantTypes"),
               Field<&DcrConfiguration::allowed_scopes>("AllowedScopes", kListOfStringTypes));
};

struct AcrLevelConfig {
    std::string acr_value;

    static constexpr auto kFields = Fields(Field<&AcrLevelConfig::acr_value>("AcrValue", kString));
};

struct SmsMfaConfig {
    std::optional<std::string> sms_authentication_message;
    std::optional<SmsConfiguration> sms_configuration;

    static constexpr auto kFields =
        Fields(Field<&SmsMfaConfig::sms_authentication_message>("SmsAuthenticationMessage", kSmsVerificationMessage),
               Field<&SmsMfaConfig::sms_configuration>("SmsConfiguration"));
};

struct SoftwareTokenMfaConfig {
    std::optional<bool> enabled;

    static constexpr auto kFields = Fields(Field<&SoftwareTokenMfaConfig::enabled>("Enabled"));
};

struct EmailMfaConfig {
    std::optional<std::string> message;
    std::optional<std::string> subject;

    static constexpr auto kFields = Fields(Field<&EmailMfaConfig::message>("Message", kEmailMfaMessage),
                                           Field<&EmailMfaConfig::subject>("Subject", kEmailMfaSubject));
};

struct WebAuthnConfiguration {
    std::optional<std::string> relying_party_id;
    std::optional<UserVerification> user_verification;
    std::optional<WebAuthnFactorConfiguration> factor_configuration;

    static constexpr auto kFields =
        Fields(Field<&WebAuthnConfiguration::relying_party_id>("RelyingPartyId", kRelyingPartyId),
               Field<&WebAuthnConfiguration::user_verification>("UserVerification"),
               Field<&WebAuthnConfiguration::factor_configuration>("FactorConfiguration"));
};

struct PoolSettings {
    std::optional<PoolPolicies> policies;
    std::optional<DeletionProtection> deletion_protection;
    std::optional<LambdaConfig> lambda_config;
    std::optional<std::vector<VerifiedAttribute>> auto_verified_attributes;
    std::optional<std::string> sms_verification_message;
    std::optional<std::string> email_verification_message;
    std::optional<std::string> email_verification_subject;
    std::optional<VerificationMessageTemplate> verification_message_template;
    std::optional<std::string> sms_authentication_message;
    std::optional<MfaMode> mfa_configuration;
    std::optional<UserAttributeUpdateSettings> user_attribute_update_settings;
    std::optional<DeviceConfiguration> device_configuration;
    std::optional<EmailConfiguration> email_configuration;
    std::optional<SmsConfiguration> sms_configuration;
    std::optional<std::map<std::string, std::string>> user_pool_tags;
    std::optional<AdminCreateUserConfig> admin_create_user_config;
    std::optional<PoolAddOns> user_pool_add_ons;
    std::optional<AccountRecoverySetting> account_recovery_setting;
    std::optional<PoolTier> user_pool_tier;
    std::optional<KeyConfiguration> key_configuration;
    std::optional<IssuerConfiguration> issuer_configuration;
    std::optional<DcrConfiguration> dcr_configuration;
    std::optional<std::map<std::string, AcrLevelConfig>> acr_configuration;

    static constexpr auto kFields = Fields(
        Field<&PoolSettings::policies>("Policies"), Field<&PoolSettings::deletion_protection>("DeletionProtection"),
        Field<&PoolSettings::lambda_config>("LambdaConfig"),
        Field<&PoolSettings::auto_verified_attributes>("AutoVerifiedAttributes"),
        Field<&PoolSettings::sms_verification_message>("SmsVerificationMessage", kSmsVerificationMessage),
        Field<&PoolSettings::email_verification_message>("EmailVerificationMessage", kEmailVerificationMessage),
        Field<&PoolSettings::email_verification_subject>("EmailVerificationSubject", kEmailVerificationSubject),
        Field<&PoolSettings::verification_message_template>("VerificationMessageTemplate"),
        Field<&PoolSettings::sms_authentication_message>("SmsAuthenticationMessage", kSmsVerificationMessage),
        Field<&PoolSettings::mfa_configuration>("MfaConfiguration"),
        Field<&PoolSettings::user_attribute_update_settings>("UserAttributeUpdateSettings"),
        Field<&PoolSettings::device_configuration>("DeviceConfiguration"),
        Field<&PoolSettings::email_configuration>("EmailConfiguration"),
        Field<&PoolSettings::sms_configuration>("SmsConfiguration"),
        Field<&PoolSettings::user_pool_tags>("UserPoolTags", kUserPoolTags),
        Field<&PoolSettings::admin_create_user_config>("AdminCreateUserConfig"),
        Field<&PoolSettings::user_pool_add_ons>("UserPoolAddOns"),
        Field<&PoolSettings::account_recovery_setting>("AccountRecoverySetting"),
        Field<&PoolSettings::user_pool_tier>("UserPoolTier"),
        Field<&PoolSettings::key_configuration>("KeyConfiguration"),
        Field<&PoolSettings::issuer_configuration>("IssuerConfiguration"),
        Field<&PoolSettings::dcr_configuration>("DcrConfiguration"),
        Field<&PoolSettings::acr_configuration>("AcrConfiguration", kAcrLevelConfigTypeMap));
};

}  // namespace cardea
