#include "model/group.h"

#include <gtest/gtest.h>

#include "model/message.h"

namespace cardea {
namespace {

Group Make(std::string name, std::optional<int> precedence, std::optional<std::string> role = std::nullopt) {
    Group group;
    group.name = std::move(name);
    group.precedence = precedence;
    group.role_arn = std::move(role);
    return group;
}

TEST(Groups, AreSortedByPrecedenceThenByName) {
    std::vector<Group> groups{Make("none-b", std::nullopt), Make("ten", 10),
                              Make("none-a", std::nullopt), Make("zero", 0),
                              Make("also-ten", 10),         Make("most", 2147483647)};
    SortByPrecedence(groups);
    std::string order;
    for (const Group& group : groups) order += group.name + " ";
    EXPECT_EQ(order, "zero also-ten ten most none-a none-b ");
}

TEST(PreferredRole, IsThatOfTheLowestPrecedence) {
    EXPECT_EQ(PreferredRole({Make("a", 5, "role-a"), Make("b", 1, "role-b")}), "role-b");
    EXPECT_EQ(PreferredRole({Make("a", std::nullopt, "role-a"), Make("b", 7, "role-b")}), "role-b");
    EXPECT_EQ(PreferredRole({Make("a", std::nullopt, "role-a")}), "role-a");
    EXPECT_EQ(PreferredRole({}), std::nullopt);
    EXPECT_EQ(PreferredRole({Make("a", 1)}), std::nullopt);
}

TEST(PreferredRole, IsAbsentWhereEqualGroupsDisagree) {
    EXPECT_EQ(PreferredRole({Make("a", 1, "role-a"), Make("b", 1, "role-b")}), std::nullopt);
    EXPECT_EQ(PreferredRole({Make("a", 1, "role-a"), Make("b", 1, "role-a")}), "role-a");
    EXPECT_EQ(PreferredRole({Make("a", 1, "role-a"), Make("b", 2, "role-b")}), "role-a");
}

TEST(MaskDestination, ShowsWhatCognitoShows) {
    EXPECT_EQ(MaskDestination(DeliveryMedium::kEmail, "jane@example.com"), "j***@e***");
    EXPECT_EQ(MaskDestination(DeliveryMedium::kEmail, "örg@münchen.example"), "ö***@m***");
    EXPECT_EQ(MaskDestination(DeliveryMedium::kSms, "+15555559934"), "+*******9934");
}

TEST(MaskDestination, ShowsLessOfWhatIsShort) {
    EXPECT_EQ(MaskDestination(DeliveryMedium::kSms, "+12345"), "+***45");
    EXPECT_EQ(MaskDestination(DeliveryMedium::kSms, ""), "+");
    EXPECT_EQ(MaskDestination(DeliveryMedium::kEmail, ""), "***@***");
}

}  // namespace
}  // namespace cardea
