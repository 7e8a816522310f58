#include "model/user.h"

#include <gtest/gtest.h>

namespace cardea {
namespace {

Pool PoolThatIgnoresCase() {
    Pool pool;
    pool.username_configuration = UsernameConfiguration{false};
    return pool;
}

TEST(AliasKey, IsTheNameItselfWherePeopleDifferInCase) {
    const Pool pool;
    EXPECT_EQ(AliasKey(pool, "Ana"), "Ana");
    EXPECT_EQ(AliasKey(pool, "e\u0301"), "e\u0301");
}

TEST(AliasKey, FoldsCaseAndCompositionWhereThePoolIgnoresCase) {
    const Pool pool = PoolThatIgnoresCase();
    EXPECT_EQ(AliasKey(pool, "ANA@Example.COM"), "ana@example.com");
    EXPECT_EQ(AliasKey(pool, "JÖRG"), "jörg");
    EXPECT_EQ(AliasKey(pool, "E\u0301"), AliasKey(pool, "é"));
    EXPECT_EQ(AliasKey(pool, ""), "");
    // The root locale: neither Turkish dots nor a compatibility folding.
    EXPECT_EQ(AliasKey(pool, "I"), "i");
    EXPECT_NE(AliasKey(pool, "ﬁle"), "file");
    EXPECT_EQ(AliasKey(pool, "Straße"), "straße");
}

TEST(AliasKey, OfAKeyIsTheKey) {
    const Pool pool = PoolThatIgnoresCase();
    for (const char* name : {"İstanbul", "ΣΊΣΥΦΟΣ", "Å", "\u1E9B\u0323", "J\u030C"}) {
        const std::string key = AliasKey(pool, name);
        EXPECT_EQ(AliasKey(pool, key), key) << name;
    }
}

TEST(Attributes, AreFoundAndReadAsFlags) {
    const Attributes attributes{{"email", "a@b.example"}, {"email_verified", "True"}, {"phone_number_verified", "no"}};
    EXPECT_EQ(Find(attributes, "email"), "a@b.example");
    EXPECT_EQ(Find(attributes, "name"), std::nullopt);
    EXPECT_TRUE(IsTrue(attributes, "email_verified"));
    EXPECT_FALSE(IsTrue(attributes, "phone_number_verified"));
    EXPECT_FALSE(IsTrue(attributes, "name"));
}

TEST(Pool, NamesItselfForSrpByThePartAfterTheRegion) {
    Pool pool;
    pool.id = PoolId("us-east-1_aB3dE5fG7");
    EXPECT_EQ(SrpPoolName(pool), "aB3dE5fG7");
}

TEST(Pool, AnswersWhatItsListsHold) {
    Pool pool;
    EXPECT_TRUE(IsCaseSensitive(pool));
    EXPECT_FALSE(HasAlias(pool, AliasAttribute::kEmail));
    pool.alias_attributes = {AliasAttribute::kEmail};
    pool.username_attributes = {UsernameAttribute::kPhoneNumber};
    pool.auto_verified_attributes = {VerifiedAttribute::kEmail};
    EXPECT_TRUE(HasAlias(pool, AliasAttribute::kEmail));
    EXPECT_FALSE(HasAlias(pool, AliasAttribute::kPreferredUsername));
    EXPECT_TRUE(HasUsernameAttribute(pool, UsernameAttribute::kPhoneNumber));
    EXPECT_FALSE(HasUsernameAttribute(pool, UsernameAttribute::kEmail));
    EXPECT_TRUE(IsAutoVerified(pool, VerifiedAttribute::kEmail));
    EXPECT_FALSE(IsAutoVerified(pool, VerifiedAttribute::kPhoneNumber));
    EXPECT_FALSE(IsCaseSensitive(PoolThatIgnoresCase()));
}

}  // namespace
}  // namespace cardea
