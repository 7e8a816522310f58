#include "store/groups.h"

#include <set>

#include "store/sweeps.h"
#include "unit/store/backend.h"

namespace cardea {

namespace {

class Groups : public OnEveryBackend {
 protected:
    bool Add(const Group& group) {
        return store().Transact([&](sql::Connection& db) { return AddGroup(db, group); });
    }
    std::optional<Group> Find(std::string_view name) {
        return store().Read([&](sql::Connection& db) { return FindGroup(db, kPool, name); });
    }
    void Join(const Group& group, int user) {
        store().Transact([&](sql::Connection& db) { AddMember(db, group, TestUserId(user), kNow); });
    }
    std::string GroupsOf(int user, int limit = 2) {
        std::set<std::string> names;
        std::optional<std::string> after;
        do {
            const Page<Group> page = store().Read(
                [&](sql::Connection& db) { return ListGroupsOfUser(db, kPool, TestUserId(user), after, limit); });
            for (const Group& group : page.items) EXPECT_TRUE(names.insert(group.name).second);
            after = page.next;
        } while (after);
        std::string joined;
        for (const std::string& name : names) joined += name + ' ';
        return joined;
    }
    std::string MembersOf(const Group& group, int limit = 2) {
        std::string joined;
        std::optional<std::string> after;
        do {
            const Page<User> page =
                store().Read([&](sql::Connection& db) { return ListMembers(db, group, after, limit); });
            for (const User& user : page.items) joined += user.username + ' ';
            after = page.next;
        } while (after);
        return joined;
    }
    std::int64_t CountOf(int user) {
        return store().Read([&](sql::Connection& db) { return CountGroupsOfUser(db, kPool, TestUserId(user)); });
    }
    bool Delete(std::string_view name) {
        return store().Transact([&](sql::Connection& db) { return DeleteGroup(db, kPool, name); });
    }
    std::int64_t Sweep(int limit, Instant now = kNow) {
        return store().Transact([&](sql::Connection& db) { return SweepDeletedGroups(db, now, limit); });
    }
};
CARDEA_EVERY_BACKEND(Groups);

TEST_P(Groups, AGroupIsFoundAsItWasAdded) {
    Group group = TestGroup(std::string(128, '\''));
    group.description = std::string(2048, 'd');
    group.role_arn = "arn:aws:iam::000000000000:role/r";
    group.precedence = 2147483647;
    group.modified_at = kNow + Duration(1);
    EXPECT_TRUE(Add(group));
    const auto found = Find(group.name);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, group.id);
    EXPECT_EQ(found->pool_id, kPool);
    EXPECT_EQ(found->description, group.description);
    EXPECT_EQ(found->role_arn, group.role_arn);
    EXPECT_EQ(found->precedence, group.precedence);
    EXPECT_EQ(found->created_at, kNow);
    EXPECT_EQ(found->modified_at, group.modified_at);
    EXPECT_FALSE(Find("other"));
    EXPECT_FALSE(Find(""));
}

TEST_P(Groups, AGroupWithoutOptionsHasNone) {
    Add(TestGroup("plain"));
    const Group found = *Find("plain");
    EXPECT_FALSE(found.description);
    EXPECT_FALSE(found.role_arn);
    EXPECT_FALSE(found.precedence);
    Group empty = TestGroup("empty");
    empty.description = "";
    empty.precedence = 0;
    Add(empty);
    EXPECT_EQ(Find("empty")->description, "");
    EXPECT_EQ(Find("empty")->precedence, 0);
}

TEST_P(Groups, ANameIsTakenOnceInAPool) {
    EXPECT_TRUE(Add(TestGroup("staff")));
    Group again = TestGroup("staff");
    again.id = GroupId("another id");
    EXPECT_FALSE(Add(again));
    EXPECT_EQ(Find("staff")->id, TestGroup("staff").id);
    EXPECT_TRUE(Add(TestGroup("Staff")));
    Group other = TestGroup("staff", PoolId("eu-west-1_Other"));
    EXPECT_TRUE(Add(other));
}

TEST_P(Groups, AReplacedGroupKeepsItsMembers) {
    PutUser(store(), 1, "alice");
    Group group = TestGroup("staff");
    group.description = "old";
    Add(group);
    Join(group, 1);
    group.description = std::nullopt;
    group.precedence = 3;
    const auto replace = [&](const Group& g) {
        return store().Transact([&](sql::Connection& db) { return ReplaceGroup(db, g); });
    };
    EXPECT_TRUE(replace(group));
    EXPECT_FALSE(Find("staff")->description);
    EXPECT_EQ(Find("staff")->precedence, 3);
    EXPECT_EQ(MembersOf(group), "alice ");
    Delete("staff");
    EXPECT_FALSE(replace(group));
    Group reborn = group;
    reborn.id = GroupId("reborn");
    Add(reborn);
    EXPECT_FALSE(replace(group)) << "another group under the old name";
}

TEST_P(Groups, GroupsAreListedByNameOnceEach) {
    for (const std::string name : {"c", "a", "e", "b", "d"}) Add(TestGroup(name));
    Add(TestGroup("stranger", PoolId("eu-west-1_Other")));
    for (int limit = 1; limit <= 6; ++limit) {
        std::string names;
        std::optional<std::string> after;
        do {
            const auto page = store().Read([&](sql::Connection& db) { return ListGroups(db, kPool, after, limit); });
            for (const Group& group : page.items) names += group.name;
            after = page.next;
        } while (after);
        EXPECT_EQ(names, "abcde") << limit;
    }
    EXPECT_EQ(store().Read([&](sql::Connection& db) { return CountGroups(db, kPool); }), 5);
}

TEST_P(Groups, MembershipIsSeenFromBothSides) {
    for (int n = 1; n <= 5; ++n) PutUser(store(), n, "u" + std::to_string(n));
    const Group staff = TestGroup("staff");
    const Group guests = TestGroup("guests");
    Add(staff);
    Add(guests);
    for (int n = 5; n >= 1; --n) Join(staff, n);
    Join(guests, 3);
    Join(guests, 3);
    EXPECT_EQ(MembersOf(staff, 1), "u1 u2 u3 u4 u5 ");
    EXPECT_EQ(MembersOf(staff, 5), "u1 u2 u3 u4 u5 ");
    EXPECT_EQ(MembersOf(guests), "u3 ");
    EXPECT_EQ(GroupsOf(3, 1), "guests staff ");
    EXPECT_EQ(CountOf(3), 2);
    EXPECT_EQ(CountOf(9), 0);
    for (int i = 0; i < 2; ++i) store().Transact([&](sql::Connection& db) { RemoveMember(db, staff, TestUserId(3)); });
    EXPECT_EQ(MembersOf(staff), "u1 u2 u4 u5 ");
    EXPECT_EQ(GroupsOf(3), "guests ");
}

TEST_P(Groups, OnlyWhoExistsBecomesAMemberOfWhatExists) {
    PutUser(store(), 1, "alice");
    const Group staff = TestGroup("staff");
    Join(staff, 1);
    EXPECT_EQ(CountRows(store(), "memberships"), 0);
    Add(staff);
    Join(staff, 2);
    EXPECT_EQ(CountRows(store(), "members"), 0);
}

TEST_P(Groups, ADeletedGroupIsGoneAtOnceAndSweptLater) {
    const Group staff = TestGroup("staff");
    Add(staff);
    for (int n = 1; n <= 5; ++n) {
        PutUser(store(), n, "u" + std::to_string(n));
        Join(staff, n);
    }
    EXPECT_TRUE(Delete("staff"));
    EXPECT_FALSE(Delete("staff"));
    EXPECT_FALSE(Find("staff"));
    EXPECT_EQ(GroupsOf(1), "");
    EXPECT_EQ(CountOf(1), 0);
    const auto record = store().Read([&](sql::Connection& db) { return FindForSignIn(db, kPool, TestUserId(1)); });
    EXPECT_TRUE(record->groups.empty());
    Group reborn = staff;
    reborn.id = GroupId("reborn");
    Add(reborn);
    EXPECT_EQ(MembersOf(reborn), "") << "a group that is made again is empty";
    EXPECT_EQ(Sweep(2), 2);
    EXPECT_EQ(Sweep(2), 2);
    EXPECT_EQ(Sweep(2), 1);
    EXPECT_EQ(Sweep(2), 0);
    EXPECT_EQ(Sweep(2), 0);
    EXPECT_EQ(CountRows(store(), "deleted_groups"), 1) << "a member may be on its way";
    EXPECT_EQ(Sweep(2, kNow + kDeletedRemembered), 0);
    EXPECT_EQ(CountRows(store(), "members"), 0);
    EXPECT_EQ(CountRows(store(), "memberships"), 0);
    EXPECT_EQ(CountRows(store(), "deleted_groups"), 0);
}

TEST_P(Groups, ADeletedUserLeavesItsGroups) {
    const Group staff = TestGroup("staff");
    Add(staff);
    PutUser(store(), 1, "alice");
    PutUser(store(), 2, "bob");
    Join(staff, 1);
    Join(staff, 2);
    store().Transact([&](sql::Connection& db) { DeleteUser(db, kPool, TestUserId(1)); });
    EXPECT_EQ(MembersOf(staff), "bob ");
    EXPECT_EQ(CountRows(store(), "members"), 1);
    EXPECT_EQ(CountRows(store(), "memberships"), 1);
}

}  // namespace

}  // namespace cardea
