#include "crypto/password_hash.h"

#include <gtest/gtest.h>

namespace cardea {
namespace {

// From the test file of the reference implementation: "password" with the salt "somesalt", 256 KiB, 2 passes.
constexpr char kOneLane[] = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
constexpr char kTwoLanes[] = "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc";

TEST(PasswordHash, VerifiesTheReferencesVectors) {
    EXPECT_TRUE(VerifyPasswordHash(kOneLane, Secret("password")));
    EXPECT_TRUE(VerifyPasswordHash(kTwoLanes, Secret("password")));
    EXPECT_FALSE(VerifyPasswordHash(kOneLane, Secret("Password")));
    EXPECT_FALSE(VerifyPasswordHash(kOneLane, Secret("")));
    EXPECT_TRUE(NeedsRehash(kOneLane));
}

TEST(PasswordHash, VerifiesWhatItMade) {
    SeededRandom random(1);
    const Secret password("p\xc3\xa4ssw\0rd");
    const std::string stored = HashPassword(random, password);
    EXPECT_TRUE(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_TRUE(VerifyPasswordHash(stored, password));
    EXPECT_FALSE(VerifyPasswordHash(stored, Secret("password")));
    EXPECT_FALSE(NeedsRehash(stored));
    EXPECT_NE(HashPassword(random, password), stored);
}

TEST(PasswordHash, TakesAnEmptyAndALongPassword) {
    SeededRandom random(1);
    EXPECT_TRUE(VerifyPasswordHash(HashPassword(random, Secret("")), Secret("")));
    const Secret longest(std::string(100'000, 'x'));
    EXPECT_TRUE(VerifyPasswordHash(HashPassword(random, longest), longest));
}

// Nothing here reaches Argon2: the parameters are refused before memory is taken for them.
TEST(PasswordHash, RefusesOtherTexts) {
    const std::string end = "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    for (const std::string& text :
         {std::string(),
          std::string("$"),
          "$argon2i$v=19$m=256,t=2,p=1" + end,
          "$argon2id$v=16$m=256,t=2,p=1" + end,
          "$argon2id$m=256,t=2,p=1" + end,
          "$argon2id$v=19$m=4294967295,t=2,p=1" + end,
          "$argon2id$v=19$m=262145,t=2,p=1" + end,
          "$argon2id$v=19$m=99999999999999999999,t=2,p=1" + end,
          "$argon2id$v=19$m=256,t=11,p=1" + end,
          "$argon2id$v=19$m=256,t=2,p=17" + end,
          "$argon2id$v=19$m=256,t=0,p=1" + end,
          "$argon2id$v=19$m=0256,t=2,p=1" + end,
          "$argon2id$v=19$m=-1,t=2,p=1" + end,
          "$argon2id$v=19$m=+1,t=2,p=1" + end,
          "$argon2id$v=19$m=7,t=2,p=1" + end,
          "$argon2id$v=19$m=256,t=2,p=1,x=1" + end,
          "$argon2id$v=19$t=2,m=256,p=1" + end,
          "$argon2id$v=19$m=256,t=2,p=1" + end + "$",
          "$argon2id$v=19$m=256,t=2,p=1" + end + "=",
          std::string(kOneLane) + std::string(300, 'A'),
          std::string("$argon2id$v=19$m=256,t=2,p=1$c29tZQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"),
          std::string("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$AAAA"),
          std::string("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$"),
          std::string("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ")}) {
        EXPECT_FALSE(VerifyPasswordHash(text, Secret("password"))) << text;
        EXPECT_TRUE(NeedsRehash(text)) << text;
    }
}

}  // namespace
}  // namespace cardea
