#pragma once
// The constraints of the AWS model, under its names without "Type" (fact sheet user pools I).

#include "codec/shape.h"

namespace cardea {

inline constexpr Limits kAttributeName{.min = 1, .max = 32, .pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+)"};
inline constexpr Limits kAttributeValue{.max = 2048, .sensitive = true};
inline constexpr Limits kString{.min = 0, .max = 131072};
inline constexpr Limits kCustomAttributeName{.min = 1, .max = 20, .pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}]+)"};
inline constexpr Limits kPasswordPolicyMinLength{.min = 6, .max = 99};
inline constexpr Limits kPasswordHistorySize{.min = 0, .max = 24};
inline constexpr Limits kTemporaryPasswordValidityDays{.min = 0, .max = 365};
inline constexpr Limits kAllowedFirstAuthFactorsList{.min = 1, .max = 5};
inline constexpr Limits kArn{
    .min = 20,
    .max = 2048,
    .pattern = R"(arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?)"};
inline constexpr Limits kSmsVerificationMessage{.min = 6, .max = 140, .pattern = R"(.*\{####\}.*)"};
inline constexpr Limits kEmailVerificationMessage{
    .min = 6, .max = 20000, .pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*)"};
inline constexpr Limits kEmailVerificationSubject{.min = 1, .max = 140, .pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}\s]+)"};
inline constexpr Limits kEmailVerificationMessageByLink{
    .min = 6,
    .max = 20000,
    .pattern =
        R"([\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{##[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*##\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*)"};
inline constexpr Limits kEmailVerificationSubjectByLink{
    .min = 1, .max = 140, .pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}\s]+)"};
inline constexpr Limits kEmailAddress{.pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}]+@[\p{L}\p{M}\p{S}\p{N}\p{P}]+)"};
inline constexpr Limits kSesConfigurationSet{.min = 1, .max = 64, .pattern = R"(^[a-zA-Z0-9_-]+$)"};
inline constexpr Limits kRegionCode{.min = 5, .max = 32};
inline constexpr Limits kOptionalArn{
    .min = 0,
    .max = 2048,
    .pattern =
        R"((arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?)?)"};
inline constexpr Limits kSmsInviteMessage{.min = 6, .max = 140, .pattern = R"((?s).*)"};
inline constexpr Limits kEmailInviteMessage{.min = 6, .max = 20000, .pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*)"};
inline constexpr Limits kAdminCreateUserUnusedAccountValidityDays{.min = 0, .max = 365};
inline constexpr Limits kPriority{.min = 1, .max = 2};
inline constexpr Limits kRecoveryMechanisms{.min = 1, .max = 2};
inline constexpr Limits kEncryptionKeyArn{
    .min = 20,
    .max = 2048,
    .pattern = R"(arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?)"};
inline constexpr Limits kListOfStringTypes{.item = &kString};
inline constexpr Limits kEmailMfaMessage{
    .min = 6, .max = 20000, .pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*)"};
inline constexpr Limits kEmailMfaSubject{.pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}\s]+)"};
inline constexpr Limits kRelyingPartyId{.min = 1, .max = 127};
inline constexpr Limits kTagValue{.min = 0, .max = 256};
inline constexpr Limits kTagKeys{.min = 1, .max = 128};
inline constexpr Limits kUserPoolTags{.item = &kTagValue, .key = &kTagKeys};
inline constexpr Limits kAcrLevelConfigTypeMap{.key = &kString};
inline constexpr Limits kHexString{.pattern = R"(^[0-9a-fA-F]+$)"};
inline constexpr Limits kRetryGracePeriodSeconds{.min = 0, .max = 60};
inline constexpr Limits kRefreshTokenValidity{.min = 0, .max = 315360000};
inline constexpr Limits kAccessTokenValidity{.min = 1, .max = 86400};
inline constexpr Limits kIdTokenValidity{.min = 1, .max = 86400};
inline constexpr Limits kClientPermission{.min = 1, .max = 2048};
inline constexpr Limits kClientPermissionList{.item = &kClientPermission};
inline constexpr Limits kProviderName{.min = 1, .max = 32, .pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+)"};
inline constexpr Limits kSupportedIdentityProvidersList{.item = &kProviderName};
inline constexpr Limits kRedirectUrl{.min = 1, .max = 1024, .pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}]+)"};
inline constexpr Limits kCallbackUrlsList{.min = 0, .max = 100, .item = &kRedirectUrl};
inline constexpr Limits kLogoutUrlsList{.min = 0, .max = 100, .item = &kRedirectUrl};
inline constexpr Limits kOAuthFlows{.min = 0, .max = 3};
inline constexpr Limits kScope{.min = 1, .max = 256, .pattern = R"([\x21\x23-\x5B\x5D-\x7E]+)"};
inline constexpr Limits kScopeList{.max = 50, .item = &kScope};
inline constexpr Limits kAuthSessionValidity{.min = 3, .max = 15};
inline constexpr Limits kClientId{.min = 1, .max = 128, .pattern = R"([\w+]+)", .sensitive = true};
inline constexpr Limits kSecretHash{.min = 1, .max = 128, .pattern = R"([\w+=/]+)", .sensitive = true};
inline constexpr Limits kUsername{
    .min = 1, .max = 128, .pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}]+)", .sensitive = true};
// The wire quotes another pattern than the model has (fact sheet user pools A.4).
inline constexpr Limits kPassword{.max = 256, .pattern = R"(^[\S]+.*[\S]+$)", .sensitive = true};
inline constexpr Limits kUserContextData{.sensitive = true};
inline constexpr Limits kClientMetadata{.item = &kString, .key = &kString};
inline constexpr Limits kSession{.min = 20, .max = 2048, .sensitive = true};
inline constexpr Limits kConfirmationCode{.min = 1, .max = 2048, .pattern = R"([\S]+)"};
inline constexpr Limits kTokenModel{.pattern = R"([A-Za-z0-9-_=.]+)", .sensitive = true};
inline constexpr Limits kUserMfaSettingList{.item = &kString};
inline constexpr Limits kAttributeNameList{.item = &kAttributeName};
inline constexpr Limits kUserPoolId{.min = 1, .max = 55, .pattern = R"([\w-]+_[0-9a-zA-Z]+)"};
inline constexpr Limits kSearchedAttributeNamesList{.item = &kAttributeName};
inline constexpr Limits kQueryLimit{.min = 0, .max = 60};
inline constexpr Limits kSearchPaginationToken{.min = 1, .pattern = R"([\S]+)"};
inline constexpr Limits kUserFilter{.max = 256};
inline constexpr Limits kAuthParameters{.sensitive = true, .item = &kString, .key = &kString};
inline constexpr Limits kChallengeParameters{.item = &kString, .key = &kString};
inline constexpr Limits kChallengeResponses{.sensitive = true, .item = &kString, .key = &kString};
inline constexpr Limits kClientSecret{.min = 24, .max = 64, .pattern = R"([\w+]+)", .sensitive = true};
inline constexpr Limits kDeviceKey{.min = 1, .max = 55, .pattern = R"([\w-]+_[0-9a-f-]+)"};
inline constexpr Limits kGroupName{.min = 1, .max = 128, .pattern = R"([\p{L}\p{M}\p{S}\p{N}\p{P}]+)"};
inline constexpr Limits kDescription{.max = 2048};
inline constexpr Limits kPrecedence{.min = 0};
inline constexpr Limits kPaginationKey{.min = 1, .max = 131072, .pattern = R"([\S]+)"};
inline constexpr Limits kUserPoolName{.min = 1, .max = 128, .pattern = R"([\w\s+=,.@-]+)"};
inline constexpr Limits kSchemaAttributesList{.min = 1, .max = 50};
inline constexpr Limits kPoolQueryLimit{.min = 1, .max = 60};
inline constexpr Limits kClientName{.min = 1, .max = 128, .pattern = R"([\w\s+=,.@-]+)"};
inline constexpr Limits kCustomAttributesList{.min = 1, .max = 25};
inline constexpr Limits kUserPoolTagsList{.item = &kTagKeys};
inline constexpr Limits kDomain{.min = 1, .max = 63, .pattern = R"(^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$)"};
inline constexpr Limits kReplicaRegions{.item = &kString};

}  // namespace cardea
