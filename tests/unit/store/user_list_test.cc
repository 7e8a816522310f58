#include <set>
#include <thread>

#include "store/text_range.h"
#include "unit/store/backend.h"

namespace cardea {

namespace {

using Field = UserFilter::Field;

class UserList : public OnEveryBackend {
 protected:
    Page<User> List(const UserFilter& filter, const std::optional<std::string>& after = {}, int limit = 60) {
        return store().Read([&](sql::Connection& db) { return ListUsers(db, kPool, filter, after, limit); });
    }
    // The user names of all pages of that size, in order.
    std::vector<std::string> All(const UserFilter& filter, int limit) {
        std::vector<std::string> names;
        std::optional<std::string> after;
        do {
            Page<User> page = List(filter, after, limit);
            EXPECT_LE(page.items.size(), static_cast<std::size_t>(limit));
            if (page.next) {
                EXPECT_EQ(page.items.size(), static_cast<std::size_t>(limit));
            }
            for (const User& user : page.items) names.push_back(user.username);
            after = page.next;
        } while (after && names.size() < 1000);
        return names;
    }
    std::string Joined(const UserFilter& filter, int limit = 2) {
        std::string joined;
        for (const std::string& name : All(filter, limit)) joined += name + ' ';
        return joined;
    }
    void Add(int n, const std::string& username, Attributes attributes = {}, UserStatus status = UserStatus::kConfirmed,
             bool enabled = true) {
        User user = TestUser(n, username);
        user.attributes = std::move(attributes);
        user.status = status;
        user.enabled = enabled;
        user.created_at = kNow + Duration(100 - n);  // the newest has the lowest id
        const Alias names[] = {{AliasKind::kUsername, username}};
        store().Transact([&](sql::Connection& db) { AddUser(db, user, std::nullopt, names); });
    }
};
CARDEA_EVERY_BACKEND(UserList);

TEST_P(UserList, AnEmptyPoolHasOneEmptyPage) {
    EXPECT_TRUE(List({}).items.empty());
    EXPECT_FALSE(List({}).next);
    EXPECT_FALSE(List({}, "any place").next);
}

TEST_P(UserList, PagesOfEverySizeHoldEachUserOnce) {
    for (int n = 1; n <= 7; ++n) Add(n, "u" + std::to_string(n));
    PutUser(store(), 4, "stranger", PoolId("eu-west-1_Other"));
    for (int limit = 1; limit <= 8; ++limit) EXPECT_EQ(Joined({}, limit), "u1 u2 u3 u4 u5 u6 u7 ") << limit;
    EXPECT_FALSE(List({}, {}, 7).next) << "the last page says that it is the last";
    EXPECT_TRUE(List({}, {}, 6).next);
}

TEST_P(UserList, EachColumnIsFoundByValueAndByPrefix) {
    const std::pair<Field, std::string> columns[] = {{Field::kEmail, "email"},
                                                     {Field::kPhoneNumber, "phone_number"},
                                                     {Field::kName, "name"},
                                                     {Field::kGivenName, "given_name"},
                                                     {Field::kFamilyName, "family_name"},
                                                     {Field::kPreferredUsername, "preferred_username"}};
    int n = 0;
    for (const auto& [field, attribute] : columns)
        for (const std::string value : {"ann", "anna", "Ann", "anna", "bo"}) {
            ++n;
            Add(n, std::to_string(n), {{attribute, value}});
        }
    n = 0;
    for (const auto& [field, attribute] : columns) {
        const auto names = [&](std::initializer_list<int> numbers) {
            std::string joined;
            for (const int number : numbers) joined += std::to_string(n + number) + ' ';
            return joined;
        };
        EXPECT_EQ(Joined({field, false, "anna"}, 1), names({2, 4})) << attribute;
        EXPECT_EQ(Joined({field, false, "ann"}), names({1}));
        EXPECT_EQ(Joined({field, false, ""}), "");
        EXPECT_EQ(Joined({field, true, "ann"}), names({1, 2, 4}));
        EXPECT_EQ(Joined({field, true, "ann"}, 1), names({1, 2, 4}));
        EXPECT_EQ(Joined({field, true, "annb"}), "");
        EXPECT_EQ(Joined({field, true, ""}, 1), names({3, 1, 2, 4, 5})) << "whoever has the attribute";
        n += 5;
    }
}

TEST_P(UserList, UsernamesAreFoundByValueAndByPrefix) {
    Add(3, "ann");
    Add(2, "anna");
    Add(1, "Ann");
    Add(4, "an'n\"");
    EXPECT_EQ(Joined({Field::kUsername, false, "ann"}), "ann ");
    EXPECT_EQ(Joined({Field::kUsername, true, "ann"}, 1), "ann anna ");
    EXPECT_EQ(Joined({Field::kUsername, true, "an"}, 1), "an'n\" ann anna ");
    EXPECT_EQ(Joined({Field::kUsername, false, "an'n\""}), "an'n\" ");
    EXPECT_EQ(Joined({Field::kUsername, false, "%"}), "");
    EXPECT_EQ(Joined({Field::kUsername, true, "_"}), "");
}

TEST_P(UserList, PrefixesOfManyByteCharactersEndWhereTheyShould) {
    const std::string e_acute = "\xC3\xA9";
    const std::string last_of_two_bytes = "\xDF\xBF";
    const std::string first_of_three = "\xE0\xA0\x80";
    const std::string before_surrogates = "\xED\x9F\xBF";
    const std::string after_surrogates = "\xEE\x80\x80";
    const std::string face = "\xF0\x9F\x98\x80";
    const std::string last = "\xF4\x8F\xBF\xBF";
    int n = 0;
    for (const std::string& value : {e_acute, e_acute + "a", e_acute + last, "\xC3\xAA" + std::string("x"),
                                     last_of_two_bytes + "b", first_of_three, before_surrogates + "c", after_surrogates,
                                     face + "d", last + "e", last + last, std::string("z")}) {
        ++n;
        Add(n, std::to_string(n), {{"name", value}});
    }
    const auto prefix = [&](const std::string& value) { return Joined({Field::kName, true, value}, 1); };
    EXPECT_EQ(prefix(e_acute), "1 2 3 ");
    EXPECT_EQ(prefix(e_acute + last), "3 ");
    EXPECT_EQ(prefix(last_of_two_bytes), "5 ");
    EXPECT_EQ(prefix(first_of_three), "6 ");
    EXPECT_EQ(prefix(before_surrogates), "7 ");
    EXPECT_EQ(prefix(after_surrogates), "8 ");
    EXPECT_EQ(prefix(face), "9 ");
    EXPECT_EQ(prefix(last), "10 11 ");
    EXPECT_EQ(prefix(last + last), "11 ");
    EXPECT_EQ(prefix(last + last + last), "");
    EXPECT_EQ(prefix("z"), "12 ");
}

TEST_P(UserList, OddFilterValuesFindNobody) {
    Add(1, "ann", {{"name", "ab"}, {"email", ""}});
    EXPECT_EQ(Joined({Field::kName, true, std::string("a\0", 2)}), "");
    EXPECT_EQ(Joined({Field::kName, false, std::string("a\0b", 3)}), "");
    EXPECT_EQ(Joined({Field::kName, true, "\xff\xff"}), "") << "not UTF-8";
    EXPECT_EQ(Joined({Field::kName, true, "\x80"}), "");
    EXPECT_EQ(Joined({Field::kEmail, false, ""}), "ann ") << "an empty value is a value";
}

TEST_P(UserList, LongValuesAreFoundByWhatAFilterCanHold) {
    const std::string base(255, 'x');
    Add(1, "short", {{"name", base}});
    Add(2, "long", {{"name", base + std::string(1793, 'y')}});
    EXPECT_EQ(Joined({Field::kName, false, base}), "short ");
    EXPECT_EQ(Joined({Field::kName, true, base}), "short long ");
    EXPECT_EQ(Joined({Field::kName, true, base + "y"}, 1), "long ");
}

TEST_P(UserList, StatusesAreFoundInTheOrderOfCreation) {
    Add(1, "c1");
    Add(2, "u1", {}, UserStatus::kUnconfirmed);
    Add(3, "c2");
    Add(4, "r1", {}, UserStatus::kResetRequired);
    Add(5, "k1", {}, UserStatus::kUnknown);
    Add(6, "u2", {}, UserStatus::kUnconfirmed);
    EXPECT_EQ(Joined({Field::kUserStatus, false, "CONFIRMED"}, 1), "c2 c1 ");
    EXPECT_EQ(Joined({Field::kUserStatus, true, "UN"}, 1), "u2 u1 k1 ");
    EXPECT_EQ(Joined({Field::kUserStatus, true, "R"}), "r1 ");
    EXPECT_EQ(Joined({Field::kUserStatus, true, ""}, 1), "c1 u1 c2 r1 k1 u2 ");
    EXPECT_EQ(Joined({Field::kUserStatus, false, ""}), "");
    EXPECT_EQ(Joined({Field::kUserStatus, false, "confirmed"}), "");
}

TEST_P(UserList, EnabledAndDisabledUsersAreFound) {
    Add(1, "on1");
    Add(2, "off1", {}, UserStatus::kConfirmed, false);
    Add(3, "on2");
    Add(4, "off2", {}, UserStatus::kConfirmed, false);
    EXPECT_EQ(Joined({Field::kEnabled, false, "Enabled"}, 1), "on2 on1 ");
    EXPECT_EQ(Joined({Field::kEnabled, false, "Disabled"}, 1), "off2 off1 ");
    EXPECT_EQ(Joined({Field::kEnabled, true, "Dis"}), "off2 off1 ");
    EXPECT_EQ(Joined({Field::kEnabled, true, ""}, 3), "on1 off1 on2 off2 ");
    EXPECT_EQ(Joined({Field::kEnabled, false, "enabled"}), "");
    EXPECT_EQ(Joined({Field::kEnabled, false, ""}), "");
}

TEST_P(UserList, TheSubIsFoundByValueAndByPrefix) {
    for (int n = 9; n <= 12; ++n) Add(n, std::to_string(n));
    const std::string id = TestUserId(10).Text();
    EXPECT_EQ(Joined({Field::kSub, false, id}), "10 ");
    EXPECT_EQ(Joined({Field::kSub, true, id}), "10 ") << "a whole id is a prefix of itself";
    EXPECT_EQ(Joined({Field::kSub, true, id.substr(0, id.size() - 1)}, 1), "10 11 12 ");
    EXPECT_EQ(Joined({Field::kSub, true, ""}, 1), "9 10 11 12 ");
    EXPECT_EQ(Joined({Field::kSub, false, id.substr(1)}), "");
    EXPECT_EQ(Joined({Field::kSub, true, "\xF4\x8F\xBF\xBF"}), "");
}

TEST_P(UserList, PlacesThatNoPageGaveDoNoHarm) {
    for (int n = 1; n <= 3; ++n) Add(n, "u" + std::to_string(n), {{"name", "n"}});
    for (const std::string place : {"", " ", "x", "99999999999999999999 ", "5 ab", "-1 x", "1",
                                    "18446744073709551615 n", "9223372036854775808 CONFIRMED id"})
        for (const UserFilter& filter :
             {UserFilter{}, UserFilter{Field::kName, true, "n"}, UserFilter{Field::kName, false, "n"},
              UserFilter{Field::kUserStatus, false, "CONFIRMED"}, UserFilter{Field::kUserStatus, true, "C"},
              UserFilter{Field::kEnabled, false, "Enabled"}, UserFilter{Field::kSub, true, "0"}})
            EXPECT_LE(List(filter, place, 2).items.size(), 2u);
}

TEST_P(UserList, WhoStaysIsListedOnceWhileOthersComeAndGo) {
    for (int n = 1; n <= 100; ++n) Add(2 * n, "stays" + std::to_string(n), {{"name", "same"}});
    std::atomic<bool> stop = false;
    std::thread others([&] {
        for (int n = 1; !stop; n = n % 100 + 1) {
            Add(2 * n + 1, "comes" + std::to_string(n), {{"name", "same"}});
            store().Transact([&](sql::Connection& db) { DeleteUser(db, kPool, TestUserId(2 * n + 1)); });
        }
    });
    for (const UserFilter& filter :
         {UserFilter{}, UserFilter{Field::kName, true, "sa"}, UserFilter{Field::kName, false, "same"},
          UserFilter{Field::kUsername, true, "s"}, UserFilter{Field::kUserStatus, false, "CONFIRMED"}}) {
        std::multiset<std::string> seen;
        for (const std::string& name : All(filter, 7)) seen.insert(name);
        for (int n = 1; n <= 100; ++n) EXPECT_EQ(seen.count("stays" + std::to_string(n)), 1u) << n;
    }
    stop = true;
    others.join();
}

TEST_P(UserList, AChangedUserMovesToItsNewPlaces) {
    Add(1, "ann", {{"name", "old"}});
    User user = *store().Read([&](sql::Connection& db) { return FindUser(db, kPool, TestUserId(1)); });
    user.attributes = {{"name", "new"}, {"email", "a@b"}};
    user.status = UserStatus::kArchived;
    user.enabled = false;
    store().Transact([&](sql::Connection& db) { return UpdateUser(db, user); });
    EXPECT_EQ(Joined({Field::kName, false, "old"}), "");
    EXPECT_EQ(Joined({Field::kName, false, "new"}), "ann ");
    EXPECT_EQ(Joined({Field::kEmail, true, "a@"}), "ann ");
    EXPECT_EQ(Joined({Field::kUserStatus, false, "ARCHIVED"}), "ann ");
    EXPECT_EQ(Joined({Field::kEnabled, false, "Enabled"}), "");
    user.attributes.clear();
    store().Transact([&](sql::Connection& db) { return UpdateUser(db, user); });
    EXPECT_EQ(Joined({Field::kEmail, true, ""}), "");
}

TEST(TextRange, TheEndOfAPrefixIsTheNextCharacter) {
    EXPECT_EQ(EndOfPrefix("a"), "b");
    EXPECT_EQ(EndOfPrefix("az"), "a{");
    EXPECT_EQ(EndOfPrefix("\x7F"), "\xC2\x80");
    EXPECT_EQ(EndOfPrefix("\xDF\xBF"), "\xE0\xA0\x80");
    EXPECT_EQ(EndOfPrefix("\xED\x9F\xBF"), "\xEE\x80\x80") << "no surrogates";
    EXPECT_EQ(EndOfPrefix("\xEF\xBF\xBF"), "\xF0\x90\x80\x80");
    EXPECT_EQ(EndOfPrefix("b\xF4\x8F\xBF\xBF"), "c");
    EXPECT_EQ(EndOfPrefix(""), std::nullopt);
    EXPECT_EQ(EndOfPrefix("\xF4\x8F\xBF\xBF"), std::nullopt);
    EXPECT_EQ(EndOfPrefix("\xFF"), std::nullopt);
    EXPECT_EQ(EndOfPrefix(std::string(1 << 20, '\x80')), std::nullopt);
}

}  // namespace

}  // namespace cardea
