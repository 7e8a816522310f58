#include "delivery/templates.h"

#include <gtest/gtest.h>

namespace cardea {
namespace {

std::optional<Message> Verification(const Pool& pool, DeliveryMedium medium) {
    return Compose(pool, Template::kVerification, medium, "ada@example.com", "ada", Secret("123456"));
}
std::optional<Message> Invitation(const Pool& pool, DeliveryMedium medium, std::string_view username = "ada",
                                  const std::string& password = "Pa$$w0rd") {
    return Compose(pool, Template::kInvitation, medium, "ada@example.com", username, Secret(password));
}

MessageTemplate& InviteOf(Pool& pool) {
    if (!pool.admin_create_user_config) pool.admin_create_user_config.emplace();
    if (!pool.admin_create_user_config->invite_message_template)
        pool.admin_create_user_config->invite_message_template.emplace();
    return *pool.admin_create_user_config->invite_message_template;
}

TEST(Templates, DefaultVerificationIsVerbatim) {
    const auto email = Verification({}, DeliveryMedium::kEmail);
    ASSERT_TRUE(email);
    EXPECT_EQ(email->subject, "Your verification code");
    EXPECT_EQ(email->body.Reveal(), "Your verification code is 123456. ");
    EXPECT_EQ(email->code.Reveal(), "123456");
    EXPECT_EQ(email->to, "ada@example.com");
    const auto sms = Verification({}, DeliveryMedium::kSms);
    ASSERT_TRUE(sms);
    EXPECT_EQ(sms->subject, "");
    EXPECT_EQ(sms->body.Reveal(), "Your verification code is 123456. ");
}

TEST(Templates, DefaultInvitationIsVerbatim) {
    const auto email = Invitation({}, DeliveryMedium::kEmail);
    ASSERT_TRUE(email);
    EXPECT_EQ(email->subject, "Your temporary password");
    EXPECT_EQ(email->body.Reveal(), "Your username is ada and temporary password is Pa$$w0rd. ");
    const auto sms = Invitation({}, DeliveryMedium::kSms);
    ASSERT_TRUE(sms);
    EXPECT_EQ(sms->subject, "");
    EXPECT_EQ(sms->body.Reveal(), "Your username is ada and temporary password is Pa$$w0rd. ");
}

TEST(Templates, TheTemplateComesBeforeTheLegacyMembers) {
    Pool pool;
    pool.sms_verification_message = "Legacy {####}";
    pool.email_verification_message = "Legacy mail {####}";
    pool.email_verification_subject = "Legacy subject";
    EXPECT_EQ(Verification(pool, DeliveryMedium::kSms)->body.Reveal(), "Legacy 123456");
    EXPECT_EQ(Verification(pool, DeliveryMedium::kEmail)->body.Reveal(), "Legacy mail 123456");
    EXPECT_EQ(Verification(pool, DeliveryMedium::kEmail)->subject, "Legacy subject");
    pool.verification_message_template.emplace();
    EXPECT_EQ(Verification(pool, DeliveryMedium::kSms)->body.Reveal(), "Legacy 123456");
    pool.verification_message_template->sms_message = "New {####}";
    pool.verification_message_template->email_message = "New mail {####} and {####}";
    pool.verification_message_template->email_subject = "New subject";
    EXPECT_EQ(Verification(pool, DeliveryMedium::kSms)->body.Reveal(), "New 123456");
    EXPECT_EQ(Verification(pool, DeliveryMedium::kEmail)->body.Reveal(), "New mail 123456 and 123456");
    EXPECT_EQ(Verification(pool, DeliveryMedium::kEmail)->subject, "New subject");
}

TEST(Templates, LinksAreSentAsCodesWhereThePoolHasNoDomain) {
    Pool pool;
    pool.verification_message_template = VerificationMessageTemplate{
        .email_message_by_link = "Click {##here##}", .default_email_option = DefaultEmailOption::kConfirmWithLink};
    EXPECT_EQ(Verification(pool, DeliveryMedium::kEmail)->body.Reveal(), "Your verification code is 123456. ");
}

TEST(Templates, AnInvitationWithoutThePasswordIsNotDelivered) {
    Pool pool;
    InviteOf(pool).email_message = "Welcome, {username}!";
    EXPECT_FALSE(Invitation(pool, DeliveryMedium::kEmail));
    EXPECT_TRUE(Invitation(pool, DeliveryMedium::kSms));
    EXPECT_EQ(Invitation(pool, DeliveryMedium::kEmail, "ada", "")->body.Reveal(), "Welcome, ada!");
}

TEST(Templates, AUserWithoutAPasswordIsInvitedWithoutOne) {
    EXPECT_EQ(Invitation({}, DeliveryMedium::kSms, "ada", "")->body.Reveal(), "Your username is ada. ");
}

TEST(Templates, EmailEscapesWhatUsersChoseAndSmsDoesNot) {
    const auto email = Invitation({}, DeliveryMedium::kEmail, "<b>ada</b>", "a&b<c>d\"e'f");
    EXPECT_EQ(email->body.Reveal(),
              "Your username is &lt;b&gt;ada&lt;/b&gt; and temporary password is a&amp;b&lt;c&gt;d&quot;e&#39;f. ");
    EXPECT_EQ(email->code.Reveal(), "a&b<c>d\"e'f");
    const auto sms = Invitation({}, DeliveryMedium::kSms, "<b>ada</b>", "a&b<c>");
    EXPECT_EQ(sms->body.Reveal(), "Your username is <b>ada</b> and temporary password is a&b<c>. ");
}

TEST(Templates, ValuesAreNotTakenForPlaceholders) {
    const auto sms = Invitation({}, DeliveryMedium::kSms, "{####}", "{username}");
    EXPECT_EQ(sms->body.Reveal(), "Your username is {####} and temporary password is {username}. ");
}

TEST(Templates, OnlyInvitationsKnowTheUsername) {
    Pool pool;
    pool.sms_verification_message = "{username} {#### {####}{####";
    EXPECT_EQ(Verification(pool, DeliveryMedium::kSms)->body.Reveal(), "{username} {#### 123456{####");
}

TEST(Templates, ASubjectIsOneLine) {
    Pool pool;
    pool.email_verification_subject = "Hello\r\nBcc: eve@example.com";
    EXPECT_EQ(Verification(pool, DeliveryMedium::kEmail)->subject, "Hello  Bcc: eve@example.com");
}

TEST(Templates, SendersComeFromThePool) {
    Pool pool;
    pool.id = PoolId("us-east-1_aB3dE5fG7");
    pool.email_configuration = EmailConfiguration{.source_arn = "arn:ses",
                                                  .reply_to_email_address = "help@example.com",
                                                  .from = "Example <no-reply@example.com>"};
    pool.sms_configuration = SmsConfiguration{.sns_caller_arn = "arn:role"};
    const auto email = Verification(pool, DeliveryMedium::kEmail);
    EXPECT_EQ(email->from, "Example <no-reply@example.com>");
    EXPECT_EQ(email->reply_to, "help@example.com");
    EXPECT_EQ(email->source_arn, "arn:ses");
    EXPECT_EQ(email->pool_id, "us-east-1_aB3dE5fG7");
    const auto sms = Verification(pool, DeliveryMedium::kSms);
    EXPECT_EQ(sms->source_arn, "arn:role");
    EXPECT_FALSE(sms->from);
}

}  // namespace
}  // namespace cardea
