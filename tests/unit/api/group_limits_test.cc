// What a transcript would be too long for: the quotas of groups, and the largest token that they make.

#include <gtest/gtest.h>

#include "flows/identifier.h"
#include "srp_journey.h"
#include "store/groups.h"

namespace cardea::test {
namespace {

Group MakeGroup(World& world, const std::string& pool, std::string name) {
    return {.pool_id = PoolId(pool),
            .id = NewGroupId(world.random),
            .name = std::move(name),
            .description = {},
            .role_arn = {},
            .precedence = {},
            .created_at = world.clock.Now(),
            .modified_at = world.clock.Now()};
}

std::string InGroup(const SrpPerson& person, const std::string& group) {
    return R"({"UserPoolId": ")" + person.pool + R"(", "Username": "alice", "GroupName": ")" + group + "\"}";
}

// 125 characters of two bytes each, and a number.
std::string LongName(int number) {
    std::string out;
    for (int i = 0; i < 125; ++i) out += "ß";
    return out + std::to_string(100 + number);
}

TEST(GroupLimits, APoolHasTenThousandGroupsAtMost) {
    World world;
    const SrpPerson people = MakePerson(world);
    world.store->Transact([&](sql::Connection& db) {
        for (int i = 0; i < 9'999; ++i) AddGroup(db, MakeGroup(world, people.pool, "g" + std::to_string(i)));
    });
    const std::string pool = R"({"UserPoolId": ")" + people.pool + R"(", "GroupName": )";
    EXPECT_EQ(Ask(world, "CreateGroup", pool + R"("last"})").error, "");
    EXPECT_EQ(Ask(world, "CreateGroup", pool + R"("more"})").error,
              "LimitExceededException: A user pool can have at most 10000 groups.");
    EXPECT_EQ(Ask(world, "CreateGroup", pool + R"("last"})").error,
              "GroupExistsException: A group with the name already exists");
}

TEST(GroupLimits, AUserIsInAHundredGroupsAtMostAndItsTokensNameThemAll) {
    World world;
    const SrpPerson alice = MakePerson(world);
    const std::string user = R"({"UserPoolId": ")" + alice.pool + R"(", "Username": "alice")";
    ASSERT_EQ(Ask(world, "AdminCreateUser", user + R"(, "MessageAction": "SUPPRESS"})").error, "");
    ASSERT_EQ(Ask(world, "AdminSetUserPassword", user + R"(, "Password": "Passw0rd!", "Permanent": true})").error, "");
    world.store->Transact([&](sql::Connection& db) {
        for (int i = 0; i <= 100; ++i) AddGroup(db, MakeGroup(world, alice.pool, LongName(i)));
    });
    for (int i = 0; i < 100; ++i) ASSERT_EQ(Ask(world, "AdminAddUserToGroup", InGroup(alice, LongName(i))).error, "");
    EXPECT_EQ(Ask(world, "AdminAddUserToGroup", InGroup(alice, LongName(100))).error,
              "InvalidParameterException: A user can be in at most 100 groups.");
    EXPECT_EQ(Ask(world, "AdminAddUserToGroup", InGroup(alice, LongName(99))).error, "");
    const Answered tokens = alice.Prove(alice.Start());
    ASSERT_EQ(tokens.error, "");
    const std::string access = tokens.At("AuthenticationResult.AccessToken");
    EXPECT_GT(access.size(), 32u * 1024);
    EXPECT_EQ(Ask(world, "GetUser", R"({"AccessToken": ")" + access + "\"}").error, "");
}

}  // namespace
}  // namespace cardea::test
