#include "flows/invitation.h"

#include <gtest/gtest.h>

#include "user_pool.h"

namespace cardea::test {
namespace {

using Media = std::vector<DeliveryMedium>;

TEST(InvitationMedia, AreThoseThatWereAskedForAndThatTheUserHas) {
    User user;
    EXPECT_EQ(InvitationMedia(std::nullopt, user), Media{});
    EXPECT_EQ(KindOfError([&] { InvitationMedia(Media{DeliveryMedium::kSms}, user); }), Error::kInvalidParameter);
    user.attributes["email"] = "ada@example.com";
    EXPECT_EQ(InvitationMedia(std::nullopt, user), Media{DeliveryMedium::kEmail});
    EXPECT_EQ(InvitationMedia(Media{}, user), Media{DeliveryMedium::kEmail});
    EXPECT_EQ(InvitationMedia(Media{DeliveryMedium::kEmail, DeliveryMedium::kSms}, user),
              Media{DeliveryMedium::kEmail});
    EXPECT_EQ(KindOfError([&] { InvitationMedia(Media{DeliveryMedium::kSms}, user); }), Error::kInvalidParameter);
    user.attributes["phone_number"] = "+15555550123";
    EXPECT_EQ(InvitationMedia(std::nullopt, user), Media{DeliveryMedium::kSms});
    EXPECT_EQ(InvitationMedia(Media{DeliveryMedium::kEmail, DeliveryMedium::kEmail}, user),
              Media{DeliveryMedium::kEmail});
    EXPECT_EQ(InvitationMedia(Media{DeliveryMedium::kEmail, DeliveryMedium::kSms}, user),
              (Media{DeliveryMedium::kSms, DeliveryMedium::kEmail}));
}

TEST(Invitations, NameWhomThePersonSignsInAs) {
    World world;
    Context ctx = world.MakeContext();
    Pool pool;
    User user{.id = UserId("the-id"), .username = "ada"};
    user.attributes["email"] = "ada@example.com";
    SendInvitation(ctx, pool, user, Secret("Sesame-1234"), {DeliveryMedium::kEmail});
    user.username = "the-id";
    SendInvitation(ctx, pool, user, Secret("Sesame-1234"), {DeliveryMedium::kEmail});
    ASSERT_EQ(world.messages.sent.size(), 2u);
    EXPECT_EQ(world.messages.sent[0].to, "ada@example.com");
    EXPECT_EQ(world.messages.sent[0].body.Reveal(), "Your username is ada and temporary password is Sesame-1234. ");
    EXPECT_EQ(world.messages.sent[1].body.Reveal(),
              "Your username is ada@example.com and temporary password is Sesame-1234. ");
}

TEST(Invitations, ThatAreNotDeliveredAreToldAfterAllWereTried) {
    World world;
    Context ctx = world.MakeContext();
    User user{.id = UserId("the-id"), .username = "ada"};
    user.attributes = {{"email", "ada@example.com"}, {"phone_number", "+15555550123"}};
    world.messages.refuse = true;
    EXPECT_EQ(KindOfError([&] {
                  SendInvitation(ctx, Pool(), user, Secret("x"), {DeliveryMedium::kSms, DeliveryMedium::kEmail});
              }),
              Error::kCodeDeliveryFailure);
}

TEST(Invitations, WhoseTemplateLeavesThePasswordOutAreNotSent) {
    World world;
    Context ctx = world.MakeContext();
    Pool pool;
    pool.admin_create_user_config.emplace().invite_message_template.emplace().email_message = "Welcome, {username}";
    User user{.id = UserId("the-id"), .username = "ada"};
    user.attributes["email"] = "ada@example.com";
    SendInvitation(ctx, pool, user, Secret("Sesame-1234"), {DeliveryMedium::kEmail});
    EXPECT_TRUE(world.messages.sent.empty());
}

}  // namespace
}  // namespace cardea::test
