#include "crypto/jwe.h"

#include <gtest/gtest.h>
#include <numeric>

#include "codec/base64.h"

namespace cardea {
namespace {

class CountingRandom final : public Random {
 public:
    void Fill(std::span<unsigned char> out) override {
        std::iota(out.begin(), out.end(), static_cast<unsigned char>(0));
    }
};

Secret Key() {
    std::string bytes(32, '\0');
    std::iota(bytes.begin(), bytes.end(), '\0');
    return Secret(std::move(bytes));
}

constexpr char kHeader[] = R"({"cty":"JWT","enc":"A256GCM","alg":"dir"})";
// Made with Python's `cryptography` for the key 00 01 … 1f and the nonce 00 01 … 0b, and read back by `jwcrypto`.
constexpr char kToken[] =
    "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiZGlyIn0..AAECAwQFBgcICQoL.PCClbqfH-Dm8Y-o.72s9TR72_vXkiaXpMRk_qA";

TEST(Jwe, WritesWhatAnotherLibraryReads) {
    CountingRandom random;
    EXPECT_EQ(EncryptJwe(Key(), kHeader, R"({"sub":"1"})", random), kToken);
}

TEST(Jwe, ReadsBackWhatItWrote) {
    const auto jwe = ParseJwe(kToken);
    ASSERT_TRUE(jwe);
    EXPECT_EQ(jwe->header, kHeader);
    EXPECT_EQ(DecryptJwe(Key(), *jwe)->Reveal(), R"({"sub":"1"})");
    EXPECT_FALSE(DecryptJwe(Secret(std::string(32, 'k')), *jwe));
    SeededRandom random(1);
    const auto empty = ParseJwe(EncryptJwe(Key(), "{}", "", random));
    ASSERT_TRUE(empty);
    EXPECT_TRUE(DecryptJwe(Key(), *empty)->Empty());
}

// Every character of the token matters: a change is refused either by the reader or by the tag.
TEST(Jwe, RefusesEveryChangedCharacter) {
    for (std::size_t i = 0; i + 1 < sizeof kToken; ++i) {
        for (const char c : {'A', 'B', '.', '=', '-'}) {
            std::string changed = kToken;
            if (changed[i] == c) continue;
            changed[i] = c;
            const auto jwe = ParseJwe(changed);
            EXPECT_FALSE(jwe && DecryptJwe(Key(), *jwe)) << i << c;
        }
    }
}

TEST(Jwe, AHeaderOfTheSameMeaningIsAnother) {
    auto jwe = ParseJwe(kToken).value();
    jwe.associated_data = Base64UrlEncode(R"({"enc":"A256GCM","cty":"JWT","alg":"dir"})");
    EXPECT_FALSE(DecryptJwe(Key(), jwe));
}

TEST(Jwe, RefusesWhatIsNoToken) {
    const std::string nonce(16, 'A'), tag = Base64UrlEncode(std::string(16, 't'));
    EXPECT_TRUE(ParseJwe("e30.." + nonce + ".YQ." + tag));
    for (const std::string& text :
         {std::string(), std::string("...."), "e30.a." + nonce + ".YQ." + tag, ".." + nonce + ".YQ." + tag,
          "e30.." + nonce + ".YQ." + tag + ".", "e30.." + nonce + ".YQ", "e30..AAAA.YQ." + tag,
          "e30.." + nonce + "AAAA.YQ." + tag, "e30.." + nonce + ".YQ.AAAA", "e30.." + nonce + ".Y." + tag,
          "e30.." + nonce + ".YQ." + tag + "\n", "e30=.." + nonce + ".YQ." + tag})
        EXPECT_FALSE(ParseJwe(text)) << text;
    EXPECT_FALSE(ParseJwe(std::string(1'000'000, '.')));
}

TEST(Jwe, HoldsItsLimit) {
    SeededRandom random(1);
    const std::string token = EncryptJwe(Key(), "{}", std::string(6000, 'x'), random);
    EXPECT_LE(token.size(), kMaxJweSize);
    EXPECT_TRUE(ParseJwe(token));
    EXPECT_FALSE(ParseJwe(token + std::string(kMaxJweSize, 'A')));
    EXPECT_DEATH(EncryptJwe(Key(), "{}", std::string(7000, 'x'), random), "CHECK failed");
}

}  // namespace
}  // namespace cardea
