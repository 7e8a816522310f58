#include "flows/attributes.h"

#include <gtest/gtest.h>

#include "store/users.h"
#include "user_pool.h"

namespace cardea::test {
namespace {

// The same pool as one that keeps an address until the new one is proved.
Pool Careful(Pool pool) {
    pool.auto_verified_attributes = {VerifiedAttribute::kEmail};
    pool.user_attribute_update_settings.emplace().attributes_require_verification_before_update = {
        VerifiedAttribute::kEmail};
    return pool;
}

class WritingAttributes : public testing::Test {
 protected:
    UserChange Write(const Pool& pool, const User& user, std::vector<Attribute> given) {
        UserChange change{.user = user};
        WriteAttributes(ctx, pool, nullptr, given, change);
        return change;
    }

    World world;
    PoolHandle handle = MakePool(world);
    const Pool& plain = handle->value;
    const Pool careful = Careful(plain);
    Context ctx = world.MakeContext();
};

TEST_F(WritingAttributes, MakesANewAddressUnverified) {
    User user = MakeUser(world, plain, "ada");
    user.attributes["email_verified"] = "true";
    const UserChange change = Write(plain, user, {{"email", "new@example.com"}});
    EXPECT_EQ(Find(change.user.attributes, "email"), "new@example.com");
    EXPECT_EQ(Find(change.user.attributes, "email_verified"), "false");
    EXPECT_TRUE(change.codes.empty());
}

TEST_F(WritingAttributes, LeavesAVerifiedAddressThatIsWrittenAgain) {
    User user = MakeUser(world, careful, "ada");
    user.attributes["email_verified"] = "true";
    const UserChange change = Write(careful, user, {{"email", "ada@example.com"}});
    EXPECT_EQ(change.user.attributes, user.attributes);
    EXPECT_TRUE(change.codes.empty());
}

TEST_F(WritingAttributes, LetsANewAddressWaitBesideTheOldOne) {
    const User user = MakeUser(world, careful, "ada");
    const UserChange change = Write(careful, user, {{"email", "new@example.com"}});
    EXPECT_EQ(change.user.attributes, user.attributes);
    ASSERT_EQ(change.codes.size(), 1u);
    EXPECT_TRUE(change.codes[0].stored.pending);
    EXPECT_EQ(change.codes[0].stored.value, "new@example.com");
    User proved = change.user;
    ApplyProvenValue(change.codes[0].stored, proved);
    EXPECT_EQ(Find(proved.attributes, "email"), "new@example.com");
    EXPECT_EQ(Find(proved.attributes, "email_verified"), "true");
}

TEST_F(WritingAttributes, WritesAFirstAddressAtOnceEvenThere) {
    User user = MakeUser(world, careful, "ada");
    user.attributes.erase("email");
    const UserChange change = Write(careful, user, {{"email", "new@example.com"}});
    EXPECT_EQ(Find(change.user.attributes, "email"), "new@example.com");
    ASSERT_EQ(change.codes.size(), 1u);
    EXPECT_FALSE(change.codes[0].stored.pending);
}

TEST_F(WritingAttributes, TakesAnAdministratorsWordForAnAddress) {
    const User user = MakeUser(world, careful, "ada");
    const UserChange change = Write(careful, user, {{"email_verified", "true"}, {"email", "new@example.com"}});
    EXPECT_EQ(Find(change.user.attributes, "email"), "new@example.com");
    EXPECT_EQ(Find(change.user.attributes, "email_verified"), "true");
    EXPECT_TRUE(change.codes.empty());
}

TEST_F(WritingAttributes, TakesTheLastOfANameThatStandsTwice) {
    const User user = MakeUser(world, plain, "ada");
    const UserChange change = Write(plain, user, {{"name", "A"}, {"name", "B"}});
    EXPECT_EQ(Find(change.user.attributes, "name"), "B");
}

TEST_F(WritingAttributes, DeletesWhatIsEmptyOrHasNoValue) {
    User user = MakeUser(world, plain, "ada");
    user.attributes["name"] = "Ada";
    user.attributes["nickname"] = "A";
    user.attributes["email_verified"] = "true";
    const UserChange change = Write(plain, user, {{"name", ""}, {"nickname", std::nullopt}, {"email", ""}});
    EXPECT_TRUE(change.user.attributes.empty());
}

TEST_F(WritingAttributes, ProvesNothingOfAnAddressThatHasChanged) {
    User user = MakeUser(world, plain, "ada");
    const Code code{
        .user_id = user.id, .purpose = CodePurpose::kVerifyEmail, .attribute = "email", .value = "old@example.com"};
    EXPECT_EQ(KindOfError([&] { ApplyProvenValue(code, user); }), Error::kExpiredCode);
    user.attributes.erase("email");
    EXPECT_EQ(KindOfError([&] { ApplyProvenValue(code, user); }), Error::kExpiredCode);
}

TEST_F(WritingAttributes, RefusesWhatTheClientMayNotWriteBeforeTheSchemaIsAsked) {
    const User user = MakeUser(world, plain, "ada");
    Client client;
    client.write_attributes = {"name"};
    UserChange change{.user = user};
    const auto write = [&](Attribute attribute) {
        return KindOfError([&] { WriteAttributes(ctx, plain, &client, std::vector{attribute}, change); });
    };
    EXPECT_EQ(write({"name", "Ada"}), Error::kCount);
    EXPECT_EQ(write({"email", "not an address"}), Error::kNotAuthorized);
    EXPECT_EQ(write({"custom:none", "x"}), Error::kNotAuthorized);
    EXPECT_EQ(write({"sub", "x"}), Error::kNotAuthorized);
}

TEST_F(WritingAttributes, NamesNewUsersAsThePoolWants) {
    Pool pool;
    const auto named = [&](std::string_view name) {
        User user{.id = UserId("the-id")};
        NameNewUser(pool, name, user);
        return user;
    };
    EXPECT_EQ(named("Ada").username, "Ada");
    EXPECT_EQ(named("ada@example.com").username, "ada@example.com");
    pool.username_configuration = UsernameConfiguration{.case_sensitive = false};
    EXPECT_EQ(named("Ada").username, "ada");
    pool.username_attributes = {UsernameAttribute::kEmail};
    const User by_address = named("Ada@example.com");
    EXPECT_EQ(by_address.username, "the-id");
    EXPECT_EQ(Find(by_address.attributes, "email"), "Ada@example.com");
    EXPECT_EQ(KindOfError([&] { named("ada"); }), Error::kInvalidParameter);
    EXPECT_EQ(KindOfError([&] { named("+15555550123"); }), Error::kInvalidParameter);
}

}  // namespace
}  // namespace cardea::test
