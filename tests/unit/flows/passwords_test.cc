#include "flows/passwords.h"

#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>
#include <time.h>

#include "store/users.h"
#include "user_pool.h"

namespace cardea::test {
namespace {

PasswordPolicy Strict() {
    return {.minimum_length = 8,
            .require_uppercase = true,
            .require_lowercase = true,
            .require_numbers = true,
            .require_symbols = true};
}

TEST(PasswordPolicy, SaysTheFirstRuleThatIsBroken) {
    EXPECT_EQ(BrokenPasswordRule(Strict(), ""), "Password not long enough");
    EXPECT_EQ(BrokenPasswordRule(Strict(), "Aa1-aaa"), "Password not long enough");
    EXPECT_EQ(BrokenPasswordRule(Strict(), "aaaaaaaa"), "Password must have numeric characters");
    EXPECT_EQ(BrokenPasswordRule(Strict(), "aaaaaaa1"), "Password must have symbol characters");
    EXPECT_EQ(BrokenPasswordRule(Strict(), "aaaaaa1-"), "Password must have uppercase characters");
    EXPECT_EQ(BrokenPasswordRule(Strict(), "AAAAAA1-"), "Password must have lowercase characters");
    EXPECT_EQ(BrokenPasswordRule(Strict(), "Aaaaaa1-"), std::nullopt);
}

TEST(PasswordPolicy, CountsEverySymbolOfTheFactSheet) {
    const PasswordPolicy policy{.minimum_length = 6, .require_symbols = true};
    for (const char c : std::string_view("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- "))
        EXPECT_EQ(BrokenPasswordRule(policy, std::string("abc") + c + "def"), std::nullopt) << c;
    for (const std::string_view other : {"\t", "é", "✓", "😀", "a", "1"})
        EXPECT_EQ(BrokenPasswordRule(policy, "abc" + std::string(other) + "def"),
                  "Password must have symbol characters")
            << other;
}

TEST(PasswordPolicy, CountsLengthAsTheWireDoes) {
    const PasswordPolicy policy{.minimum_length = 8};
    EXPECT_EQ(BrokenPasswordRule(policy, "ééééééé"), "Password not long enough");
    EXPECT_EQ(BrokenPasswordRule(policy, "éééééééé"), std::nullopt);
    EXPECT_EQ(BrokenPasswordRule(policy, "😀😀😀😀"), std::nullopt);
    EXPECT_EQ(BrokenPasswordRule(policy, std::string(256, 'a')), std::nullopt);
    EXPECT_NE(BrokenPasswordRule(policy, std::string(257, 'a')), std::nullopt);
}

TEST(PasswordPolicy, RefusesSpacesAtTheEnds) {
    const PasswordPolicy policy{.minimum_length = 6};
    for (const std::string_view text : {" abcdef", "abcdef ", "\tabcdef", "abcdef\n", "        "})
        EXPECT_EQ(BrokenPasswordRule(policy, text), R"(Password must satisfy regular expression pattern: ^\S.*\S$)");
    EXPECT_EQ(BrokenPasswordRule(policy, "abc def"), std::nullopt);
}

TEST(PasswordPolicy, AsksForNothingThatItDoesNotName) {
    EXPECT_EQ(BrokenPasswordRule({.minimum_length = 6}, "aaaaaa"), std::nullopt);
}

class Credentials : public testing::TestWithParam<std::string_view> {
 protected:
    World world;
    PoolHandle handle = MakePool(world, GetParam());
    const Pool& pool = handle->value;
    User user = MakeUser(world, pool, "ada");
    Context ctx = world.MakeContext();
};

TEST_P(Credentials, TakeTheirPasswordAndNoOther) {
    const Secret password("Sesame-1234 ✓");
    const Credential credential = MakeCredential(ctx, pool, user, password, true);
    EXPECT_TRUE(credential.temporary);
    EXPECT_EQ(credential.set_at, ctx.now);
    EXPECT_TRUE(CheckPassword(ctx, pool, user, credential, password));
    for (const std::string_view wrong : {"", "Sesame-1234", "sesame-1234 ✓", "Sesame-1234 ✓ "})
        EXPECT_FALSE(CheckPassword(ctx, pool, user, credential, Secret(std::string(wrong)))) << wrong;
    EXPECT_EQ(credential.sealed.find("Sesame"), std::string::npos);
}

TEST_P(Credentials, OfNobodyTakeNoPassword) {
    const Credential credential = MakeCredential(ctx, pool, user, Secret("Sesame-1234"), false);
    EXPECT_FALSE(CheckPassword(ctx, pool, std::nullopt, std::nullopt, Secret("Sesame-1234")));
    EXPECT_FALSE(CheckPassword(ctx, pool, user, std::nullopt, Secret("Sesame-1234")));
    EXPECT_FALSE(CheckPassword(ctx, pool, std::nullopt, credential, Secret("Sesame-1234")));
}

TEST_P(Credentials, CannotChangePlaces) {
    const User other = MakeUser(world, pool, "bob");
    Credential credential = MakeCredential(ctx, pool, user, Secret("Sesame-1234"), false);
    credential.user_id = other.id;
    EXPECT_THROW(CheckPassword(ctx, pool, other, credential, Secret("Sesame-1234")), std::runtime_error);
}

TEST_P(Credentials, AreRememberedAsFarAsThePolicySays) {
    Pool remembering = pool;
    remembering.policies = PoolPolicies{.password_policy = Strict()};
    remembering.policies->password_policy->password_history_size = 3;
    const auto text = [](int i) { return Secret("Sesame-" + std::to_string(i)); };
    for (int i = 0; i < 5; ++i) {
        const Credential credential = MakeCredential(ctx, remembering, user, text(i), false);
        ctx.store().Transact([&](sql::Connection& db) { StoreCredential(db, remembering, credential); });
        world.clock.Advance(std::chrono::seconds(1));
        ctx.now = world.clock.Now();
    }
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(KindOfError([&] { CheckPasswordHistory(ctx, remembering, user, text(i)); }),
                  i < 2 ? Error::kCount : Error::kPasswordHistoryPolicyViolation)
            << i;
    CheckPasswordHistory(ctx, pool, user, text(4));  // a pool without a history remembers nothing
}

INSTANTIATE_TEST_SUITE_P(Schemes, Credentials,
                         testing::Values("", R"(, "UserPoolTags": {"cardea:password-hash": "argon2id"})"),
                         [](const auto& scheme) { return scheme.index == 0 ? "Srp" : "Argon2id"; });

// What the thread has computed, whoever else had the core.
std::chrono::nanoseconds CpuTime() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

// Argon2id costs a hundred times what SRP does: half or double of it is the same work.
TEST(CredentialScheme, IsNotToldByTheWorkInAPoolThatHasBoth) {
    World world;
    const PoolHandle handle = MakePool(world);
    Context ctx = world.MakeContext();
    const User old_user = MakeUser(world, handle->value, "ada"), new_user = MakeUser(world, handle->value, "bob");
    const Credential srp = MakeCredential(ctx, handle->value, old_user, Secret("Sesame-1234"), false);
    Pool pool = handle->value;
    pool.user_pool_tags.emplace()["cardea:password-hash"] = "argon2id";
    const Credential argon2id = MakeCredential(ctx, pool, new_user, Secret("Sesame-1234"), false);
    ASSERT_NE(srp.scheme, argon2id.scheme);
    const auto cost = [&](const std::optional<User>& user, const std::optional<Credential>& credential, bool right) {
        auto least = std::chrono::nanoseconds::max();
        for (int i = 0; i < 3; ++i) {
            const auto began = CpuTime();
            EXPECT_EQ(CheckPassword(ctx, pool, user, credential, Secret(right ? "Sesame-1234" : "wrong")), right);
            least = std::min(least, CpuTime() - began);
        }
        return static_cast<double>(least.count());
    };
    const double nobody = cost(std::nullopt, std::nullopt, false);
    for (const double somebody :
         {cost(old_user, srp, false), cost(old_user, srp, true), cost(new_user, argon2id, false),
          cost(new_user, argon2id, true), cost(old_user, std::nullopt, false)}) {
        EXPECT_GT(somebody, nobody / 2);
        EXPECT_LT(somebody, nobody * 2);
    }
}

TEST(CredentialScheme, IsThePoolsTagOrElseTheAccounts) {
    Account account = World::DevelopmentAccount();
    account.argon2id = true;
    World world(account);
    const PoolHandle handle = MakePool(world);
    Context ctx = world.MakeContext();
    const User user = MakeUser(world, handle->value, "ada");
    EXPECT_EQ(MakeCredential(ctx, handle->value, user, Secret("Sesame-1234"), false).scheme, PasswordScheme::kArgon2id);
    Pool tagged = handle->value;
    tagged.user_pool_tags.emplace()["cardea:password-hash"] = "srp";
    EXPECT_EQ(MakeCredential(ctx, tagged, user, Secret("Sesame-1234"), false).scheme, PasswordScheme::kSrp);
}

}  // namespace
}  // namespace cardea::test
