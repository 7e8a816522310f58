#include "flows/change_user.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

#include "flows/attributes.h"
#include "store/codes.h"
#include "store/users.h"
#include "user_pool.h"

namespace cardea::test {
namespace {

class ChangingUsers : public testing::Test {
 protected:
    User Read(const User& user) {
        return ctx.store().Read([&](sql::Connection& db) { return FindUser(db, pool.id, user.id); }).value();
    }

    World world;
    PoolHandle handle = MakePool(world, R"(, "AliasAttributes": ["email", "preferred_username"])");
    const Pool& pool = handle->value;
    User ada = MakeUser(world, pool, "ada");
    User bob = MakeUser(world, pool, "bob");
    Context ctx = world.MakeContext();
};

TEST_F(ChangingUsers, WritesWhatThePlanSays) {
    world.clock.Advance(std::chrono::seconds(5));
    ctx.now = world.clock.Now();
    const UserChange done = ChangeUser(ctx, pool, ada, [](UserChange& change) { change.user.enabled = false; });
    EXPECT_FALSE(done.user.enabled);
    EXPECT_EQ(done.user.version, ada.version + 1);
    EXPECT_FALSE(Read(ada).enabled);
    EXPECT_EQ(Read(ada).modified_at, ctx.now);
    EXPECT_EQ(Read(ada).created_at, ada.created_at);
}

TEST_F(ChangingUsers, TriesAgainOnWhatAnotherWriterLeft) {
    int runs = 0;
    ChangeUser(ctx, pool, ada, [&](UserChange& change) {
        if (++runs == 1) ChangeUser(ctx, pool, ada, [](UserChange& other) { other.user.attributes["name"] = "Ada"; });
        change.user.attributes["nickname"] = "Countess";
    });
    EXPECT_EQ(runs, 2);
    EXPECT_EQ(Find(Read(ada).attributes, "name"), "Ada");
    EXPECT_EQ(Find(Read(ada).attributes, "nickname"), "Countess");
}

TEST_F(ChangingUsers, GivesUpWhereOthersAlwaysComeFirst) {
    int runs = 0;
    EXPECT_EQ(KindOfError([&] {
                  ChangeUser(ctx, pool, ada, [&](UserChange& change) {
                      ++runs;
                      ChangeUser(ctx, pool, change.user, [](UserChange& other) { ++other.user.sign_outs; });
                  });
              }),
              Error::kTooManyRequests);
    EXPECT_EQ(runs, 64);
}

TEST_F(ChangingUsers, SaysThatTheUserIsGone) {
    ctx.store().Transact([&](sql::Connection& db) { DeleteUser(db, pool.id, ada.id); });
    EXPECT_EQ(KindOfError([&] { ChangeUser(ctx, pool, ada, [](UserChange&) {}); }), Error::kUserNotFound);
}

TEST_F(ChangingUsers, LosesNoChangeOfManyThreads) {
    std::atomic<int> written = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int change = 0; change < 10; ++change)
                if (KindOfError([&] { ChangeUser(ctx, pool, ada, [](UserChange& c) { ++c.user.sign_outs; }); }) ==
                    Error::kCount)
                    ++written;
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(Read(ada).sign_outs, written);
    EXPECT_GT(written, 0);
}

TEST_F(ChangingUsers, LeavesNothingBehindWhereANameIsTaken) {
    ChangeUser(ctx, pool, ada, [](UserChange& change) { change.user.attributes["email_verified"] = "true"; });
    const IssuedCode code = MakeCode(ctx, pool, bob, CodePurpose::kVerifyEmail, "email", "ada@example.com");
    ctx.store().Transact([&](sql::Connection& db) { PutCode(db, pool.id, code.stored); });
    const auto take = [&](bool by_force) {
        return KindOfError([&] {
            ChangeUser(ctx, pool, bob, [&](UserChange& change) {
                change.user.attributes["email"] = "ada@example.com";
                change.user.attributes["email_verified"] = "true";
                change.consumed = code.stored;
                change.takes_aliases = by_force;
            });
        });
    };
    EXPECT_EQ(take(false), Error::kAliasExists);
    EXPECT_EQ(Find(Read(bob).attributes, "email"), "bob@example.com");
    EXPECT_EQ(Read(bob).version, bob.version);
    EXPECT_TRUE(ctx.store().Read(
        [&](sql::Connection& db) { return FindCode(db, pool.id, bob.id, CodePurpose::kVerifyEmail).has_value(); }));
    EXPECT_EQ(take(true), Error::kCount);
    EXPECT_EQ(RequireUser(ctx, pool, "ada@example.com").id, bob.id);
    EXPECT_EQ(Find(Read(ada).attributes, "email_verified"), "false");
}

TEST_F(ChangingUsers, LeavesNothingBehindWhereWhatGoesBesideFails) {
    EXPECT_EQ(KindOfError([&] {
                  ChangeUser(
                      ctx, pool, ada, [](UserChange& change) { change.user.attributes["preferred_username"] = "x"; },
                      [](sql::Connection&) { throw ApiError(Error::kNotAuthorized, "no"); });
              }),
              Error::kNotAuthorized);
    EXPECT_EQ(Read(ada).version, ada.version);
    EXPECT_EQ(FindUserByName(ctx, pool, "x"), std::nullopt);
}

TEST_F(ChangingUsers, TakesACodeOnce) {
    const IssuedCode code = MakeCode(ctx, pool, ada, CodePurpose::kSignUp, "email", "ada@example.com");
    ctx.store().Transact([&](sql::Connection& db) { PutCode(db, pool.id, code.stored); });
    std::atomic<int> taken = 0, expired = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            const Error error = KindOfError(
                [&] { ChangeUser(ctx, pool, ada, [&](UserChange& change) { change.consumed = code.stored; }); });
            if (error == Error::kCount) ++taken;
            if (error == Error::kExpiredCode) ++expired;
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(taken, 1);
    EXPECT_EQ(expired, 7);
}

TEST_F(ChangingUsers, KeepsTheUsernameWhenAnAttributeOfTheSameTextGoes) {
    const auto prefer = [&](const char* name) {
        ChangeUser(ctx, pool, Read(ada), [&](UserChange& change) {
            if (*name)
                change.user.attributes["preferred_username"] = name;
            else
                change.user.attributes.erase("preferred_username");
        });
    };
    prefer("ada");
    prefer("countess");
    EXPECT_EQ(RequireUser(ctx, pool, "ada").id, ada.id);
    EXPECT_EQ(RequireUser(ctx, pool, "countess").id, ada.id);
    prefer("ada");
    prefer("");
    EXPECT_EQ(RequireUser(ctx, pool, "ada").id, ada.id);
    EXPECT_EQ(FindUserByName(ctx, pool, "countess"), std::nullopt);
}

TEST_F(ChangingUsers, GivesNobodyTheIdOfAnotherForAName) {
    EXPECT_EQ(KindOfError([&] {
                  ChangeUser(ctx, pool, bob,
                             [&](UserChange& change) { change.user.attributes["preferred_username"] = ada.id.Text(); });
              }),
              Error::kAliasExists);
    UserChange change;
    change.user = {.pool_id = pool.id, .id = UserId("00000000-0000-0000-0000-000000000001"), .username = ada.id.Text()};
    EXPECT_EQ(KindOfError([&] { AddNewUser(ctx, pool, change, "taken"); }), Error::kUsernameExists);
}

TEST(Aliases, FollowFromThePoolAndTheAttributes) {
    Pool pool;
    User user{.id = UserId("u"), .username = "Ada"};
    user.attributes = {{"email", "Ada@X.com"}, {"phone_number", "+1555"}, {"preferred_username", "Countess"}};
    const auto keys = [&] {
        std::string out;
        for (const Alias& alias : AliasesOf(pool, user)) out += alias.key + " ";
        return out;
    };
    EXPECT_EQ(keys(), "Ada ");
    pool.alias_attributes = {AliasAttribute::kEmail, AliasAttribute::kPhoneNumber, AliasAttribute::kPreferredUsername};
    EXPECT_EQ(keys(), "Ada Countess ");
    user.attributes["email_verified"] = "true";
    user.attributes["phone_number_verified"] = "false";
    EXPECT_EQ(keys(), "Ada Ada@X.com Countess ");
    pool.username_configuration = UsernameConfiguration{.case_sensitive = false};
    EXPECT_EQ(keys(), "ada ada@x.com countess ");
    pool.alias_attributes.reset();
    pool.username_attributes = {UsernameAttribute::kPhoneNumber};
    EXPECT_EQ(keys(), "ada +1555 ");
}

}  // namespace
}  // namespace cardea::test
