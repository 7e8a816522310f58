#include "model/pool_rules.h"

#include <gtest/gtest.h>

#include "model/schema.h"

namespace cardea {
namespace {

constexpr std::string_view kLater = " is not possible: this build of Cardea does not have it yet.";

PoolSettings Settings(std::string_view json) { return LoadShape<PoolSettings>(json); }

std::string FaultOf(std::string_view json, bool other_factor = false) {
    const auto fault = CheckPoolSettings(Settings(json), other_factor);
    return fault ? std::string(NameOf(fault->error)) + " " + fault->message : "";
}

std::string Refused(std::string_view what) {
    return "InvalidParameterException " + std::string(what) + std::string(kLater);
}

TEST(PoolSettings, AreCompletedWithTheDefaultsOfTheFactSheet) {
    PoolSettings settings;
    CompletePoolSettings(settings);
    EXPECT_EQ(PrintShape(settings),
              R"({"Policies":{"PasswordPolicy":{"MinimumLength":8,"RequireUppercase":true,"RequireLowercase":true,)"
              R"("RequireNumbers":true,"RequireSymbols":true,"TemporaryPasswordValidityDays":7},)"
              R"("SignInPolicy":{"AllowedFirstAuthFactors":["PASSWORD"]}},"DeletionProtection":"INACTIVE",)"
              R"("LambdaConfig":{},"VerificationMessageTemplate":{"DefaultEmailOption":"CONFIRM_WITH_CODE"},)"
              R"("MfaConfiguration":"OFF","EmailConfiguration":{"EmailSendingAccount":"COGNITO_DEFAULT"},)"
              R"("UserPoolTags":{},"AdminCreateUserConfig":{"AllowAdminCreateUserOnly":false,)"
              R"("UnusedAccountValidityDays":7},"UserPoolTier":"ESSENTIALS","AcrConfiguration":{)"
              R"("Level1":{"AcrValue":"urn:cognito:loa:1"},"Level2":{"AcrValue":"urn:cognito:loa:2"},)"
              R"("Level3":{"AcrValue":"urn:cognito:loa:3"},"Level4":{"AcrValue":"urn:cognito:loa:4"}}})");
    EXPECT_FALSE(CheckPoolSettings(PoolSettings{}, false));
}

TEST(PoolSettings, StayAsTheyAreWhenTheyAreCompletedAgain) {
    PoolSettings settings = Settings(R"({"SmsVerificationMessage":"Code {####}","UserPoolTier":"LITE",
        "Policies":{"PasswordPolicy":{"MinimumLength":6,"PasswordHistorySize":0}},
        "AdminCreateUserConfig":{"UnusedAccountValidityDays":3}})");
    CompletePoolSettings(settings);
    const std::string once = PrintShape(settings);
    CompletePoolSettings(settings);
    EXPECT_EQ(PrintShape(settings), once);
}

TEST(PoolSettings, AskForNoKindOfCharacterThatAGivenPolicyDoesNotName) {
    PoolSettings settings = Settings(R"({"Policies":{"PasswordPolicy":{"RequireNumbers":true}}})");
    CompletePoolSettings(settings);
    EXPECT_EQ(PrintShape(*settings.policies->password_policy),
              R"({"MinimumLength":8,"RequireUppercase":false,"RequireLowercase":false,"RequireNumbers":true,)"
              R"("RequireSymbols":false,"TemporaryPasswordValidityDays":7})");
}

TEST(PoolSettings, MirrorTheOldMessageMembersAndTheTemplate) {
    PoolSettings settings =
        Settings(R"({"SmsVerificationMessage":"SMS {####}","VerificationMessageTemplate":{"EmailSubject":"Hello"}})");
    CompletePoolSettings(settings);
    EXPECT_EQ(settings.verification_message_template->sms_message, "SMS {####}");
    EXPECT_EQ(settings.email_verification_subject, "Hello");
    EXPECT_FALSE(settings.email_verification_message);
    EXPECT_FALSE(settings.verification_message_template->email_message);
}

TEST(PoolSettings, SayTheDaysOfATemporaryPasswordInBothPlaces) {
    for (const char* json : {R"({"Policies":{"PasswordPolicy":{"TemporaryPasswordValidityDays":3}}})",
                             R"({"AdminCreateUserConfig":{"UnusedAccountValidityDays":3}})"}) {
        PoolSettings settings = Settings(json);
        EXPECT_EQ(TemporaryPasswordDays(settings), 3) << json;
        CompletePoolSettings(settings);
        EXPECT_EQ(settings.policies->password_policy->temporary_password_validity_days, 3) << json;
        EXPECT_EQ(settings.admin_create_user_config->unused_account_validity_days, 3) << json;
    }
    PoolSettings zero = Settings(R"({"Policies":{"PasswordPolicy":{"TemporaryPasswordValidityDays":0}}})");
    EXPECT_EQ(TemporaryPasswordDays(zero), 7);
    EXPECT_EQ(FaultOf(R"({"Policies":{"PasswordPolicy":{"TemporaryPasswordValidityDays":3}},
                          "AdminCreateUserConfig":{"UnusedAccountValidityDays":3}})"),
              "InvalidParameterException Please use TemporaryPasswordValidityDays in PasswordPolicy instead of "
              "UnusedAccountValidityDays");
}

TEST(PoolSettings, OfThisBuildRefuseWhatItCannotHonour) {
    EXPECT_EQ(FaultOf(R"({"LambdaConfig":{"PreSignUp":"arn:aws:lambda:us-east-1:000000000000:function:f"}})"),
              Refused("LambdaConfig"));
    EXPECT_EQ(FaultOf(R"({"LambdaConfig":{}})"), "");
    EXPECT_EQ(FaultOf(R"({"DeviceConfiguration":{}})"), Refused("DeviceConfiguration"));
    EXPECT_EQ(FaultOf(R"({"UserPoolAddOns":{"AdvancedSecurityMode":"AUDIT"}})"), Refused("AdvancedSecurityMode AUDIT"));
    EXPECT_EQ(FaultOf(R"({"UserPoolAddOns":{"AdvancedSecurityMode":"OFF"}})"), "");
    EXPECT_EQ(FaultOf(R"({"UserPoolAddOns":{"AdvancedSecurityMode":"OFF","AdvancedSecurityAdditionalFlows":
                          {"CustomAuthMode":"AUDIT"}}})"),
              Refused("AdvancedSecurityAdditionalFlows"));
    EXPECT_EQ(FaultOf(R"({"KeyConfiguration":{"KeyType":"CUSTOMER_MANAGED_KEY"}})"),
              Refused("KeyType CUSTOMER_MANAGED_KEY"));
    EXPECT_EQ(FaultOf(R"({"KeyConfiguration":{"KeyType":"AWS_OWNED_KEY"}})"), "");
    EXPECT_EQ(FaultOf(R"({"DcrConfiguration":{}})"), Refused("DcrConfiguration"));
    EXPECT_EQ(FaultOf(R"({"DcrConfiguration":{"EnableStatus":"Disabled"}})"), "");
    EXPECT_EQ(FaultOf(R"({"VerificationMessageTemplate":{"DefaultEmailOption":"CONFIRM_WITH_LINK"}})"),
              Refused("DefaultEmailOption CONFIRM_WITH_LINK"));
    EXPECT_EQ(FaultOf(R"({"Policies":{"SignInPolicy":{"AllowedFirstAuthFactors":["PASSWORD","WEB_AUTHN"]}}})"),
              Refused("AllowedFirstAuthFactors WEB_AUTHN"));
    EXPECT_EQ(FaultOf(R"({"AcrConfiguration":{"Level2":{"AcrValue":"gold"}}})"), Refused("AcrConfiguration Level2"));
    EXPECT_EQ(FaultOf(R"({"AcrConfiguration":{"Level2":{"AcrValue":"urn:cognito:loa:2"}}})"), "");
    EXPECT_NE(FaultOf(R"({"AcrConfiguration":{"Level5":{"AcrValue":"urn:cognito:loa:5"}}})"), "");
}

TEST(PoolSettings, AllowOptionalMfaWithSmsOrAnotherFactorOnly) {
    constexpr std::string_view kMfa =
        "InvalidParameterException SMS configuration and Auto verification for phone_number are required when MFA is "
        "required/optional";
    EXPECT_EQ(FaultOf(R"({"MfaConfiguration":"OPTIONAL"})"), kMfa);
    EXPECT_EQ(FaultOf(R"({"MfaConfiguration":"OPTIONAL"})", true), "");
    EXPECT_EQ(FaultOf(R"({"MfaConfiguration":"OPTIONAL","SmsConfiguration":
                          {"SnsCallerArn":"arn:aws:iam::000000000000:role/sms"}})"),
              "");
    EXPECT_EQ(FaultOf(R"({"MfaConfiguration":"ON"})"), Refused("MfaConfiguration ON"));
}

TEST(PoolSettings, NeedASmsConfigurationThatNamesOneRole) {
    EXPECT_NE(FaultOf(R"({"SmsConfiguration":{}})"), "");
    EXPECT_NE(FaultOf(R"({"SmsConfiguration":{"SnsCallerArn":""}})"), "");
    EXPECT_NE(FaultOf(R"({"SmsConfiguration":{"SnsCallerArn":"arn:aws:iam::000000000000:role/sms",
                          "EumsSms":{"CallerArn":"arn:aws:iam::000000000000:role/sms"}}})"),
              "");
    EXPECT_EQ(FaultOf(R"({"SmsConfiguration":{"EumsSms":{"CallerArn":"arn:aws:iam::000000000000:role/sms"}}})"), "");
    EXPECT_EQ(FaultOf(R"({"SmsConfiguration":{"SnsCallerArn":"arn:aws:sns:us-east-1:000000000000:topic"}})"),
              "InvalidSmsRoleTrustRelationshipException Role does not have a trust relationship allowing Cognito to "
              "assume the role");
}

TEST(PoolSettings, SendFromAnAddressOfTheirIdentity) {
    const auto from = [](std::string_view address, std::string_view identity) {
        return FaultOf(R"({"EmailConfiguration":{"EmailSendingAccount":"DEVELOPER","From":")" + std::string(address) +
                       R"(","SourceArn":"arn:aws:ses:us-east-1:000000000000:identity/)" + std::string(identity) +
                       R"("}})");
    };
    EXPECT_EQ(from("no-reply@example.com", "example.com"), "");
    EXPECT_EQ(from("Us <no-reply@mail.example.com>", "example.com"), "");
    EXPECT_EQ(from("no-reply@example.com", "no-reply@example.com"), "");
    EXPECT_EQ(from("no-reply@example.com", "other.example"),
              "InvalidEmailRoleAccessPolicyException The From address does not belong to the identity of SourceArn.");
    EXPECT_NE(from("no-reply@evilexample.com", "example.com"), "");
    EXPECT_EQ(from("Us\\r\\nBcc: x@y.example", "example.com"),
              "InvalidParameterException Invalid email address format.");
    EXPECT_EQ(FaultOf(R"({"EmailConfiguration":{"EmailSendingAccount":"DEVELOPER"}})"),
              "InvalidParameterException SourceArn is required when EmailSendingAccount is DEVELOPER.");
}

TEST(PoolSettings, KeepRecoveryAndUpdateSettingsConsistent) {
    EXPECT_EQ(FaultOf(R"({"UserAttributeUpdateSettings":{"AttributesRequireVerificationBeforeUpdate":["email"]}})"),
              "InvalidParameterException Invalid value for UserAttributeUpdateSettings.");
    EXPECT_EQ(FaultOf(R"({"AutoVerifiedAttributes":["email"],
                          "UserAttributeUpdateSettings":{"AttributesRequireVerificationBeforeUpdate":["email"]}})"),
              "");
    EXPECT_NE(FaultOf(R"({"AccountRecoverySetting":{"RecoveryMechanisms":[{"Priority":1,"Name":"admin_only"},
                          {"Priority":2,"Name":"verified_email"}]}})"),
              "");
    EXPECT_NE(FaultOf(R"({"AccountRecoverySetting":{"RecoveryMechanisms":[{"Priority":1,"Name":"verified_phone_number"},
                          {"Priority":1,"Name":"verified_email"}]}})"),
              "");
    EXPECT_EQ(FaultOf(R"({"AccountRecoverySetting":{"RecoveryMechanisms":[{"Priority":1,"Name":"admin_only"}]}})"), "");
}

TEST(PoolSettings, OfTheLiteTierHaveNoFeatureAboveIt) {
    for (const char* json :
         {R"({"UserPoolTier":"LITE","Policies":{"PasswordPolicy":{"PasswordHistorySize":2}}})",
          R"({"UserPoolTier":"LITE","Policies":{"SignInPolicy":{"AllowedFirstAuthFactors":["EMAIL_OTP"]}}})",
          R"({"UserPoolTier":"LITE","DcrConfiguration":{}})",
          R"({"UserPoolTier":"LITE","AcrConfiguration":{"Level1":{"AcrValue":"bronze"}}})"})
        EXPECT_TRUE(FaultOf(json).starts_with("FeatureUnavailableInTierException ")) << json;
    PoolSettings lite = Settings(R"({"UserPoolTier":"LITE"})");
    CompletePoolSettings(lite);
    EXPECT_FALSE(lite.policies->sign_in_policy);
}

TEST(SignInNames, AreAliasesOrUsernameAttributes) {
    Pool pool;
    pool.schema = StandardSchema();
    pool.alias_attributes = {AliasAttribute::kEmail};
    pool.username_attributes.emplace();
    EXPECT_FALSE(CheckSignInNames(pool));
    pool.username_attributes = {UsernameAttribute::kEmail};
    EXPECT_EQ(CheckSignInNames(pool)->message,
              "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.");
    pool.username_attributes.reset();
    pool.alias_attributes = {AliasAttribute::kPreferredUsername};
    EXPECT_FALSE(CheckSignInNames(pool));
    pool.schema[6].is_required = true;
    EXPECT_TRUE(CheckSignInNames(pool));
}

TEST(Tags, AreAtMostFiftyAndNoneOfAws) {
    std::map<std::string, std::string> tags;
    for (int i = 0; i < 50; ++i) tags["k" + std::to_string(i)] = "";
    EXPECT_FALSE(CheckTags(tags, Error::kUserPoolTagging));
    tags["one more"] = "";
    EXPECT_EQ(CheckTags(tags, Error::kUserPoolTagging)->error, Error::kUserPoolTagging);
    EXPECT_TRUE(CheckTags({{"aws:name", "x"}}, Error::kInvalidParameter));
    EXPECT_FALSE(CheckTags({{"aws", "x"}}, Error::kInvalidParameter));
}

TEST(EmailMfa, NeedsItsTierItsAccountAndAnotherWayToRecover) {
    Pool pool;
    CompletePoolSettings(pool);
    EXPECT_EQ(CheckEmailMfa(pool)->error, Error::kInvalidParameter);
    pool.email_configuration->email_sending_account = EmailSendingAccount::kDeveloper;
    EXPECT_FALSE(CheckEmailMfa(pool));
    pool.account_recovery_setting.emplace().recovery_mechanisms = {{1, RecoveryOptionName::kVerifiedEmail}};
    EXPECT_EQ(CheckEmailMfa(pool)->error, Error::kInvalidParameter);
    pool.user_pool_tier = PoolTier::kLite;
    EXPECT_EQ(CheckEmailMfa(pool)->error, Error::kFeatureUnavailableInTier);
    pool.user_pool_tier = PoolTier::kPlus;
    pool.email_mfa.emplace();
    EXPECT_EQ(CheckTierChange(pool, PoolTier::kLite)->error, Error::kTierChangeNotAllowed);
    EXPECT_FALSE(CheckTierChange(pool, PoolTier::kEssentials));
}

}  // namespace
}  // namespace cardea
