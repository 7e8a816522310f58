#include "store/users.h"

#include <thread>

#include "unit/store/backend.h"

namespace cardea {

namespace {

class Users : public OnEveryBackend {
 protected:
    AddUserOutcome Add(const User& user, std::vector<Alias> names) {
        return store().Transact([&](sql::Connection& db) { return AddUser(db, user, TestCredential(user.id), names); });
    }
    std::optional<User> Find(const UserId& id) {
        return store().Read([&](sql::Connection& db) { return FindUser(db, kPool, id); });
    }
    std::optional<FoundAlias> FindName(std::string_view key) {
        return store().Read([&](sql::Connection& db) { return FindAlias(db, kPool, key); });
    }
    Update Write(User& user, std::vector<Alias> add = {}, std::vector<Alias> remove = {}) {
        return store().Transact([&](sql::Connection& db) { return UpdateUser(db, user, add, remove); });
    }
    std::int64_t Counted(const PoolId& pool = kPool) {
        return store().Read([&](sql::Connection& db) { return CountUsers(db, pool); });
    }
};
CARDEA_EVERY_BACKEND(Users);

TEST_P(Users, AUserIsFoundAsItWasAdded) {
    User user = TestUser(1, "alice");
    user.status = UserStatus::kForceChangePassword;
    user.enabled = false;
    user.modified_at = kNow + Duration(1);
    user.sign_outs = 3;
    user.attributes["custom:empty"] = "";
    user.attributes["name"] = "Ærøskøbing \"quoted\" \\ 'it''s' \xF0\x9F\x98\x80";
    user.attributes["custom:long"] = std::string(2048, 'x');
    ASSERT_TRUE(Add(user, {{AliasKind::kUsername, "alice"}}).added);
    const auto found = Find(user.id);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->pool_id, kPool);
    EXPECT_EQ(found->id, user.id);
    EXPECT_EQ(found->username, "alice");
    EXPECT_EQ(found->status, UserStatus::kForceChangePassword);
    EXPECT_FALSE(found->enabled);
    EXPECT_EQ(found->created_at, kNow);
    EXPECT_EQ(found->modified_at, kNow + Duration(1));
    EXPECT_EQ(found->attributes, user.attributes);
    EXPECT_EQ(found->sign_outs, 3);
    EXPECT_EQ(found->version, user.version);
}

TEST_P(Users, AUserOfAnotherPoolIsNotFound) {
    PutUser(store(), 1, "alice");
    const auto found =
        store().Read([&](sql::Connection& db) { return FindUser(db, PoolId("eu-west-1_Other"), TestUserId(1)); });
    EXPECT_FALSE(found);
    EXPECT_FALSE(Find(TestUserId(2)));
    EXPECT_FALSE(Find(UserId("")));
}

TEST_P(Users, EachNameFindsItsUser) {
    const User user = TestUser(1, "alice");
    ASSERT_TRUE(Add(user, {{AliasKind::kUsername, "alice"},
                           {AliasKind::kEmail, "a@example.com"},
                           {AliasKind::kPhoneNumber, "+4512345678"},
                           {AliasKind::kPreferredUsername, "ally"}})
                    .added);
    EXPECT_EQ(FindName("alice")->kind, AliasKind::kUsername);
    EXPECT_EQ(FindName("a@example.com")->kind, AliasKind::kEmail);
    EXPECT_EQ(FindName("+4512345678")->kind, AliasKind::kPhoneNumber);
    EXPECT_EQ(FindName("ally")->kind, AliasKind::kPreferredUsername);
    EXPECT_EQ(FindName("ally")->user_id, user.id);
    EXPECT_FALSE(FindName("Alice"));
    EXPECT_FALSE(FindName(""));
    EXPECT_FALSE(FindName(std::string_view("alice\0", 6)));
    EXPECT_FALSE(FindName("alice'; DROP TABLE users; --"));
}

TEST_P(Users, OddNamesAreNamesLikeAnyOther) {
    const std::string names[] = {
        std::string(128, 'n'), "'", "\"", "%", "_", "\xC3\xA6", "a b", "$1", "\xF0\x9F\x98\x80",
        std::string(2048, 'm')};
    int n = 0;
    for (const std::string& name : names) PutUser(store(), ++n, name);
    n = 0;
    for (const std::string& name : names) {
        const auto found = FindName(name);
        ASSERT_TRUE(found) << name;
        EXPECT_EQ(found->user_id, TestUserId(++n)) << name;
        EXPECT_EQ(Find(found->user_id)->username, name);
    }
}

TEST_P(Users, ATakenNameLeavesNothingBehind) {
    ASSERT_TRUE(
        Add(TestUser(1, "alice"), {{AliasKind::kUsername, "alice"}, {AliasKind::kEmail, "a@example.com"}}).added);
    const AddUserOutcome outcome =
        Add(TestUser(2, "bob"), {{AliasKind::kUsername, "bob"}, {AliasKind::kEmail, "a@example.com"}});
    EXPECT_FALSE(outcome.added);
    EXPECT_EQ(outcome.taken, AliasKind::kEmail);
    EXPECT_FALSE(FindName("bob"));
    EXPECT_FALSE(Find(TestUserId(2)));
    EXPECT_EQ(CountRows(store(), "credentials"), 1);
    EXPECT_EQ(CountRows(store(), "aliases"), 2);
    EXPECT_EQ(Counted(), 1);
    EXPECT_EQ(Add(TestUser(2, "alice"), {{AliasKind::kUsername, "alice"}}).taken, AliasKind::kUsername);
    EXPECT_TRUE(Add(TestUser(2, "bob"), {{AliasKind::kUsername, "bob"}}).added);
}

TEST_P(Users, TwoPoolsShareNoNames) {
    PutUser(store(), 1, "alice");
    PutUser(store(), 2, "alice", PoolId("eu-west-1_Other"));
    PutUser(store(), 1, "bob", PoolId("eu-west-1_Other"));  // the same id, as a seed file may say
    EXPECT_EQ(FindName("alice")->user_id, TestUserId(1));
    EXPECT_EQ(Counted(), 1);
    EXPECT_EQ(Counted(PoolId("eu-west-1_Other")), 2);
}

TEST_P(Users, OneNameUnderTwoKindsIsOneName) {
    User user = TestUser(1, "alice");
    ASSERT_TRUE(Add(user, {{AliasKind::kUsername, "alice"}, {AliasKind::kPreferredUsername, "alice"}}).added);
    EXPECT_EQ(FindName("alice")->kind, AliasKind::kUsername);
    EXPECT_EQ(Write(user, {}, {{AliasKind::kPreferredUsername, "alice"}}), Update::kUpdated);
    EXPECT_EQ(FindName("alice")->kind, AliasKind::kUsername);
}

TEST_P(Users, AnUpdateWritesEverythingAndCountsTheVersion) {
    User user = PutUser(store(), 1, "alice");
    const std::int64_t before = user.version;
    user.status = UserStatus::kResetRequired;
    user.enabled = false;
    user.modified_at = kNow + Duration(5);
    user.sign_outs = 1;
    user.attributes = {{"name", "Alice"}};
    EXPECT_EQ(Write(user), Update::kUpdated);
    EXPECT_EQ(user.version, before + 1);
    const User found = *Find(user.id);
    EXPECT_EQ(found.version, user.version);
    EXPECT_EQ(found.status, UserStatus::kResetRequired);
    EXPECT_FALSE(found.enabled);
    EXPECT_EQ(found.modified_at, kNow + Duration(5));
    EXPECT_EQ(found.sign_outs, 1);
    EXPECT_EQ(found.attributes, user.attributes);
    EXPECT_TRUE(FindName("alice")) << "names stay as they were";
}

TEST_P(Users, AWriterThatReadAnOlderVersionIsRefused) {
    User first = PutUser(store(), 1, "alice");
    User second = first;
    first.attributes["name"] = "first";
    second.attributes["name"] = "second";
    EXPECT_EQ(Write(first), Update::kUpdated);
    EXPECT_EQ(Write(second), Update::kConflict);
    EXPECT_EQ(Write(second, {{AliasKind::kEmail, "s@example.com"}}), Update::kConflict);
    EXPECT_FALSE(FindName("s@example.com"));
    EXPECT_EQ(Find(first.id)->attributes["name"], "first");
    User nobody = TestUser(9, "nobody");
    EXPECT_EQ(Write(nobody), Update::kConflict);
}

TEST_P(Users, AnUpdateAddsAndRemovesNames) {
    User user = PutUser(store(), 1, "alice");
    EXPECT_EQ(Write(user, {{AliasKind::kEmail, "a@example.com"}, {AliasKind::kEmail, "a@example.com"}}),
              Update::kUpdated);
    EXPECT_EQ(Write(user, {{AliasKind::kEmail, "a@example.com"}}), Update::kUpdated) << "its own already";
    EXPECT_EQ(Write(user, {{AliasKind::kEmail, "b@example.com"}}, {{AliasKind::kEmail, "a@example.com"}}),
              Update::kUpdated);
    EXPECT_FALSE(FindName("a@example.com"));
    EXPECT_EQ(FindName("b@example.com")->user_id, user.id);
    EXPECT_EQ(Write(user, {}, {{AliasKind::kPhoneNumber, "b@example.com"}, {AliasKind::kEmail, "never"}}),
              Update::kUpdated);
    EXPECT_TRUE(FindName("b@example.com")) << "of another kind, and so not removed";
    EXPECT_EQ(Write(user, {{AliasKind::kPreferredUsername, "b@example.com"}}, {{AliasKind::kEmail, "b@example.com"}}),
              Update::kUpdated);
    EXPECT_EQ(FindName("b@example.com")->kind, AliasKind::kPreferredUsername);
}

TEST_P(Users, AnUpdateWithATakenNameLeavesNothingBehind) {
    PutUser(store(), 1, "alice");
    User bob = PutUser(store(), 2, "bob");
    bob.attributes["name"] = "Bob";
    EXPECT_EQ(Write(bob, {{AliasKind::kEmail, "a-free@example.com"}, {AliasKind::kPreferredUsername, "alice"}},
                    {{AliasKind::kUsername, "bob"}}),
              Update::kAliasTaken);
    EXPECT_FALSE(FindName("a-free@example.com"));
    EXPECT_EQ(FindName("alice")->user_id, TestUserId(1));
    EXPECT_EQ(FindName("bob")->user_id, TestUserId(2));
    EXPECT_FALSE(Find(bob.id)->attributes.contains("name"));
    EXPECT_EQ(Find(bob.id)->version, bob.version);
}

TEST_P(Users, TakingANameUnverifiesItsOldOwner) {
    User alice = TestUser(1, "alice");
    alice.attributes["phone_number_verified"] = "true";
    ASSERT_TRUE(
        Add(alice,
            {{AliasKind::kUsername, "alice"}, {AliasKind::kEmail, "a@example.com"}, {AliasKind::kPhoneNumber, "+45"}})
            .added);
    const auto take = [&](Alias alias) {
        store().Transact([&](sql::Connection& db) { TakeAlias(db, kPool, alias, kNow + Duration(7)); });
    };
    take({AliasKind::kEmail, "a@example.com"});
    EXPECT_FALSE(FindName("a@example.com"));
    EXPECT_EQ(Find(alice.id)->attributes["email_verified"], "false");
    EXPECT_EQ(Find(alice.id)->attributes["phone_number_verified"], "true");
    EXPECT_EQ(Find(alice.id)->version, alice.version + 1);
    EXPECT_EQ(Find(alice.id)->modified_at, kNow + Duration(7));
    EXPECT_EQ(Write(alice), Update::kConflict) << "who read the user before must read again";
    take({AliasKind::kPhoneNumber, "+45"});
    EXPECT_EQ(Find(alice.id)->attributes["phone_number_verified"], "false");
    take({AliasKind::kEmail, "nobody@example.com"});
    take({AliasKind::kEmail, "alice"});
    EXPECT_TRUE(FindName("alice")) << "a username is never taken";
    const User bob = TestUser(2, "bob");
    EXPECT_TRUE(Add(bob, {{AliasKind::kUsername, "bob"}, {AliasKind::kEmail, "a@example.com"}}).added);
}

TEST_P(Users, ADeletedUserLeavesNothing) {
    PutUser(store(), 1, "alice");
    PutUser(store(), 2, "bob");
    EXPECT_TRUE(store().Transact([&](sql::Connection& db) { return DeleteUser(db, kPool, TestUserId(1)); }));
    EXPECT_FALSE(store().Transact([&](sql::Connection& db) { return DeleteUser(db, kPool, TestUserId(1)); }));
    EXPECT_FALSE(Find(TestUserId(1)));
    EXPECT_FALSE(FindName("alice"));
    EXPECT_EQ(Counted(), 1);
    EXPECT_EQ(CountRows(store(), "credentials"), 1);
    EXPECT_EQ(CountRows(store(), "aliases"), 1);
    PutUser(store(), 3, "alice");
}

TEST_P(Users, ACredentialIsReplacedAndRemoved) {
    const UserId id = TestUserId(1);
    const auto find = [&] { return store().Read([&](sql::Connection& db) { return FindCredential(db, kPool, id); }); };
    EXPECT_FALSE(find());
    Credential credential = TestCredential(id, std::string("\0\xff sealed", 9));
    store().Transact([&](sql::Connection& db) { PutCredential(db, kPool, credential); });
    EXPECT_EQ(find()->salt, credential.salt);
    EXPECT_EQ(find()->sealed, credential.sealed);
    EXPECT_EQ(find()->set_at, kNow);
    EXPECT_FALSE(find()->temporary);
    credential.scheme = PasswordScheme::kArgon2id;
    credential.temporary = true;
    credential.salt = "";
    credential.sealed = std::string(700, 's');
    store().Transact([&](sql::Connection& db) { PutCredential(db, kPool, credential); });
    EXPECT_EQ(find()->scheme, PasswordScheme::kArgon2id);
    EXPECT_TRUE(find()->temporary);
    EXPECT_EQ(find()->salt, "");
    EXPECT_EQ(find()->sealed.size(), 700u);
}

TEST_P(Users, PasswordHistoryKeepsTheNewest) {
    const UserId id = TestUserId(1);
    for (int i = 0; i < 5; ++i)
        store().Transact([&](sql::Connection& db) {
            AddPasswordHistory(db, kPool, TestCredential(id, "v" + std::to_string(i)), 3);
        });
    const auto list = [&](int limit) {
        std::string found;
        for (const Credential& c :
             store().Read([&](sql::Connection& db) { return ListPasswordHistory(db, kPool, id, limit); }))
            found += c.sealed + ' ';
        return found;
    };
    EXPECT_EQ(list(24), "v4 v3 v2 ");
    EXPECT_EQ(list(2), "v4 v3 ");
    EXPECT_EQ(list(0), "");
    store().Transact([&](sql::Connection& db) { AddPasswordHistory(db, kPool, TestCredential(id), 0); });
    EXPECT_EQ(list(24), "");
}

TEST_P(Users, ASignInReadsUserCredentialAndGroupsAtOnce) {
    const User user = PutUser(store(), 1, "alice");
    PutUser(store(), 2, "bob");
    Group low = TestGroup("low");
    low.precedence = 9;
    low.description = "";
    Group high = TestGroup("high");
    high.precedence = 0;
    high.role_arn = "arn:aws:iam::000000000000:role/high";
    const Group none = TestGroup("none");
    store().Transact([&](sql::Connection& db) {
        for (const Group& group : {none, low, high}) {
            AddGroup(db, group);
            AddMember(db, group, user.id, kNow);
        }
        AddGroup(db, TestGroup("other"));
        AddMember(db, TestGroup("other"), TestUserId(2), kNow);
    });
    const auto record = store().Read([&](sql::Connection& db) { return FindForSignIn(db, kPool, user.id); });
    ASSERT_TRUE(record);
    EXPECT_EQ(record->user.attributes, user.attributes);
    EXPECT_EQ(record->user.username, "alice");
    ASSERT_TRUE(record->credential);
    EXPECT_EQ(record->credential->user_id, user.id);
    EXPECT_EQ(record->credential->salt, TestCredential(user.id).salt);
    EXPECT_EQ(record->credential->sealed, "verifier");
    ASSERT_EQ(record->groups.size(), 3u);
    EXPECT_EQ(record->groups[0].name, "high");
    EXPECT_EQ(record->groups[0].role_arn, high.role_arn);
    EXPECT_EQ(record->groups[0].precedence, 0);
    EXPECT_FALSE(record->groups[0].description);
    EXPECT_EQ(record->groups[1].name, "low");
    EXPECT_EQ(record->groups[1].description, "");
    EXPECT_EQ(record->groups[2].name, "none");
    EXPECT_FALSE(record->groups[2].precedence);
}

TEST_P(Users, ASignInOfNobodyFindsNothing) {
    store().Transact([&](sql::Connection& db) { PutCredential(db, kPool, TestCredential(TestUserId(1))); });
    EXPECT_FALSE(store().Read([&](sql::Connection& db) { return FindForSignIn(db, kPool, TestUserId(1)); }));
    User bare = TestUser(2, "bare");
    bare.attributes.clear();
    store().Transact([&](sql::Connection& db) {
        const Alias names[] = {{AliasKind::kUsername, "bare"}};
        AddUser(db, bare, std::nullopt, names);
    });
    const auto record = store().Read([&](sql::Connection& db) { return FindForSignIn(db, kPool, bare.id); });
    ASSERT_TRUE(record);
    EXPECT_FALSE(record->credential);
    EXPECT_TRUE(record->groups.empty());
    EXPECT_TRUE(record->user.attributes.empty());
}

TEST_P(Users, LoadedUsersAreLikeAddedOnes) {
    std::vector<UserRow> rows;
    for (int n = 50; n > 0; --n) {
        const User user = TestUser(n, "user" + std::to_string(n));
        rows.push_back({.user = user,
                        .credential = n % 2 ? std::optional(TestCredential(user.id)) : std::nullopt,
                        .aliases = {{AliasKind::kUsername, user.username},
                                    {AliasKind::kEmail, user.attributes.at("email")},
                                    {AliasKind::kPreferredUsername, user.username}}});
    }
    store().Transact([&](sql::Connection& db) { LoadUsers(db, rows); });
    store().Transact([&](sql::Connection& db) { LoadUsers(db, {}); });
    EXPECT_EQ(Counted(), 50);
    EXPECT_EQ(FindName("user7")->user_id, TestUserId(7));
    EXPECT_EQ(FindName("user7@example.com")->kind, AliasKind::kEmail);
    const auto odd = store().Read([&](sql::Connection& db) { return FindForSignIn(db, kPool, TestUserId(7)); });
    const auto even = store().Read([&](sql::Connection& db) { return FindForSignIn(db, kPool, TestUserId(8)); });
    EXPECT_TRUE(odd->credential);
    EXPECT_FALSE(even->credential);
    EXPECT_EQ(odd->user.attributes, TestUser(7, "user7").attributes);
    EXPECT_TRUE(store().Transact([&](sql::Connection& db) { return DeleteUser(db, kPool, TestUserId(7)); }));
    EXPECT_FALSE(FindName("user7@example.com"));
    EXPECT_EQ(Counted(), 49);
}

TEST_P(Users, OfManyThatSignUpUnderOneNameExactlyOneWins) {
    std::vector<std::thread> threads;
    std::atomic<int> winners = 0;
    for (int n = 1; n <= 64; ++n)
        threads.emplace_back([&, n] {
            const User user = TestUser(n, "alice");
            const std::vector<Alias> names = {{AliasKind::kEmail, "mail-" + std::to_string(n)},
                                              {AliasKind::kUsername, "alice"}};
            if (Add(user, names).added) ++winners;
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(winners, 1);
    EXPECT_EQ(Counted(), 1);
    EXPECT_EQ(CountRows(store(), "users"), 1);
    EXPECT_EQ(CountRows(store(), "aliases"), 2);
    EXPECT_EQ(CountRows(store(), "credentials"), 1);
}

TEST_P(Users, ManyWritersWithVersionsLoseNoChange) {
    PutUser(store(), 1, "alice");
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&] {
            for (int done = 0; done < 20;) {
                User user = *Find(TestUserId(1));
                ++user.sign_outs;
                if (Write(user) == Update::kUpdated) ++done;
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(Find(TestUserId(1))->sign_outs, 160);
    EXPECT_EQ(Find(TestUserId(1))->version, 160);
}

TEST_P(Users, ManyThatComeAndGoAreCountedRightly) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 20; ++i) PutUser(store(), t * 100 + i, "u" + std::to_string(t * 100 + i));
            for (int i = 0; i < 20; i += 2)
                store().Transact([&](sql::Connection& db) { DeleteUser(db, kPool, TestUserId(t * 100 + i)); });
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(Counted(), 80);
    EXPECT_EQ(CountRows(store(), "users"), 80);
}

}  // namespace

}  // namespace cardea
