#include "api/user_pools/user_filter.h"

#include <gtest/gtest.h>

#include "model/error.h"

namespace cardea {
namespace {

std::string Refusal(std::string_view text) {
    try {
        (void)ParseUserFilter(text);
    } catch (const ApiError& error) {
        EXPECT_EQ(error.code(), Error::kInvalidParameter);
        return error.what();
    }
    return "";
}

TEST(UserFilter, TakesEachSearchableAttribute) {
    using Field = UserFilter::Field;
    const std::pair<std::string_view, Field> attributes[] = {
        {"username", Field::kUsername},
        {"email", Field::kEmail},
        {"phone_number", Field::kPhoneNumber},
        {"name", Field::kName},
        {"given_name", Field::kGivenName},
        {"family_name", Field::kFamilyName},
        {"preferred_username", Field::kPreferredUsername},
        {"sub", Field::kSub},
    };
    for (const auto& [name, field] : attributes) {
        const auto exact = ParseUserFilter(std::string(name) + " = \"x\"");
        ASSERT_TRUE(exact.has_value()) << name;
        EXPECT_EQ(exact->field, field) << name;
        EXPECT_EQ(exact->value, "x");
        EXPECT_FALSE(exact->prefix);
        const auto prefix = ParseUserFilter(std::string(name) + "^=\"x\"");
        ASSERT_TRUE(prefix.has_value()) << name;
        EXPECT_TRUE(prefix->prefix);
    }
}

TEST(UserFilter, OfNothingIsAllUsers) {
    const auto filter = ParseUserFilter("");
    ASSERT_TRUE(filter.has_value());
    EXPECT_EQ(filter->field, UserFilter::Field::kAll);
}

TEST(UserFilter, UnescapesQuotesAndBackslashesAndKeepsTheRest) {
    EXPECT_EQ(ParseUserFilter(R"(name = "a\"b")")->value, R"(a"b)");
    EXPECT_EQ(ParseUserFilter(R"(name = "a\\")")->value, R"(a\)");
    EXPECT_EQ(ParseUserFilter(R"(name = "a\nb")")->value, R"(a\nb)");
    EXPECT_EQ(ParseUserFilter(R"(name = "")")->value, "");
    EXPECT_EQ(ParseUserFilter("name = \" ŽO = ^= % _ ' \"")->value, " ŽO = ^= % _ ' ");
    EXPECT_EQ(ParseUserFilter(std::string("name = \"a\0b\"", 12))->value, std::string("a\0b", 3));
}

TEST(UserFilter, RefusesWhatIsNotOneCondition) {
    const std::string_view wrong[] = {
        " ",
        "email",
        "email =",
        "email = ",
        "email = x",
        "email = 'x'",
        "email = \"x",
        "email = \"x\\\"",
        "email \"x\"",
        "email ^ \"x\"",
        "email ^ = \"x\"",
        "email == \"x\"",
        "email != \"x\"",
        "email <> \"x\"",
        "= \"x\"",
        "\"email\" = \"x\"",
        "email = \"x\" \"y\"",
        "email = \"x\" and name = \"y\"",
        "email = \"x\";",
        "\"",
        "^",
        "\\",
    };
    for (const std::string_view text : wrong) EXPECT_EQ(Refusal(text), "Error while parsing filter") << text;
}

TEST(UserFilter, NamesTheAttributeThatCannotBeSearched) {
    EXPECT_EQ(Refusal("custom:foo = \"x\""), "Invalid search attribute: custom:foo");
    EXPECT_EQ(Refusal("Email = \"x\""), "Invalid search attribute: Email");
    EXPECT_EQ(Refusal("email_verified = \"true\""), "Invalid search attribute: email_verified");
    EXPECT_EQ(Refusal("a;DROP^=\"x\""), "Invalid search attribute: a;DROP");
}

TEST(UserFilter, TakesStatusesInAnyCaseButEnabledAsWritten) {
    const auto status = ParseUserFilter("cognito:user_status=\"force_change_password\"");
    ASSERT_TRUE(status.has_value());
    EXPECT_EQ(status->field, UserFilter::Field::kUserStatus);
    EXPECT_EQ(status->value, "FORCE_CHANGE_PASSWORD");
    EXPECT_EQ(ParseUserFilter("status = \"Enabled\"")->value, "Enabled");
    EXPECT_FALSE(ParseUserFilter("status = \"enabled\"").has_value());
    EXPECT_FALSE(ParseUserFilter("status = \"\"").has_value());
    EXPECT_FALSE(ParseUserFilter("cognito:user_status = \"gone\"").has_value());
}

TEST(UserFilter, MakesAPrefixOfAStatusTheStatusThatItMeans) {
    EXPECT_EQ(ParseUserFilter("status ^= \"D\"")->value, "Disabled");
    EXPECT_FALSE(ParseUserFilter("status ^= \"D\"")->prefix);
    EXPECT_EQ(ParseUserFilter("status ^= \"\"")->field, UserFilter::Field::kAll);
    EXPECT_EQ(ParseUserFilter("cognito:user_status ^= \"un\"")->value, "UNCONFIRMED");
    EXPECT_EQ(ParseUserFilter("cognito:user_status ^= \"unk\"")->value, "UNKNOWN");
    EXPECT_FALSE(ParseUserFilter("cognito:user_status ^= \"x\"").has_value());
}

// No input of up to three of the grammar's marks crashes, and what is taken has an attribute.
TEST(UserFilter, SurvivesEveryShortMixOfItsMarks) {
    const std::string_view marks[] = {"email", "=", "^", "\"", "\\", " ", "x", "\xff"};
    for (const auto a : marks)
        for (const auto b : marks)
            for (const auto c : marks)
                for (const auto d : marks) {
                    const std::string text = std::string(a).append(b).append(c).append(d);
                    const std::string refusal = Refusal(text);
                    EXPECT_TRUE(!refusal.empty() || text.starts_with("email") || text.starts_with(" ")) << text;
                }
}

}  // namespace
}  // namespace cardea
