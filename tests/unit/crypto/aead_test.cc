#include "crypto/aead.h"

#include <gtest/gtest.h>

#include "codec/hex.h"

namespace cardea {
namespace {

std::string FromHex(std::string_view hex) { return HexDecode(hex).value(); }

// The Galois/Counter Mode of Operation (McGrew, Viega), appendix B, test cases 13 to 16.
TEST(Aead, SealsTheVectorsOfGcm) {
    const Secret zero(std::string(32, '\0'));
    const std::string nonce(12, '\0');
    EXPECT_EQ(HexEncode(AesGcmSeal(zero, nonce, "", "")), "530f8afbc74536b9a963b4f1c4cb738b");
    EXPECT_EQ(HexEncode(AesGcmSeal(zero, nonce, "", std::string(16, '\0'))),
              "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
    const Secret key(FromHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
    const std::string plaintext = FromHex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de6"
        "57ba637b39");
    const std::string aad = FromHex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    const std::string sealed = AesGcmSeal(key, FromHex("cafebabefacedbaddecaf888"), aad, plaintext);
    EXPECT_EQ(HexEncode(sealed),
              "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e63"
              "93ba7a0abcc9f662"
              "76fc6ece0f4e1768cddf8853bb2d551b");
    EXPECT_EQ(AesGcmOpen(key, FromHex("cafebabefacedbaddecaf888"), aad, sealed)->Reveal(), plaintext);
}

TEST(Aead, RefusesEveryChangedBit) {
    const Secret key(std::string(32, 'k'));
    const std::string nonce(12, 'n');
    const std::string sealed = AesGcmSeal(key, nonce, "aad", "text");
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        std::string changed = sealed;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(AesGcmOpen(key, nonce, "aad", changed)) << bit;
    }
    EXPECT_FALSE(AesGcmOpen(Secret(std::string(32, 'K')), nonce, "aad", sealed));
    EXPECT_FALSE(AesGcmOpen(key, std::string(12, 'N'), "aad", sealed));
    EXPECT_FALSE(AesGcmOpen(key, nonce, "aae", sealed));
    EXPECT_FALSE(AesGcmOpen(key, nonce, "", sealed));
    EXPECT_FALSE(AesGcmOpen(key, nonce.substr(1), "aad", sealed));
    EXPECT_TRUE(AesGcmOpen(key, nonce, "aad", sealed));
}

TEST(Aead, RefusesWhatIsTooShortAndTakesWhatIsEmpty) {
    const Secret key(std::string(32, 'k'));
    const std::string nonce(12, 'n');
    const std::string sealed = AesGcmSeal(key, nonce, "", "");
    EXPECT_EQ(sealed.size(), kAesGcmTagSize);
    EXPECT_TRUE(AesGcmOpen(key, nonce, "", sealed)->Empty());
    for (std::size_t size = 0; size < sealed.size(); ++size)
        EXPECT_FALSE(AesGcmOpen(key, nonce, "", sealed.substr(0, size)));
    EXPECT_FALSE(AesGcmOpen(key, "", "", sealed));
}

TEST(Aead, AThreadsContextForgetsTheKeyBefore) {
    const Secret a(std::string(32, 'a')), b(std::string(32, 'b'));
    const std::string nonce(12, 'n');
    const std::string by_a = AesGcmSeal(a, nonce, "", "text");
    const std::string by_b = AesGcmSeal(b, nonce, "", "text");
    EXPECT_NE(by_a, by_b);
    EXPECT_EQ(AesGcmSeal(a, nonce, "", "text"), by_a);
    EXPECT_FALSE(AesGcmOpen(b, nonce, "", by_a));
    EXPECT_TRUE(AesGcmOpen(b, nonce, "", by_b));
    EXPECT_TRUE(AesGcmOpen(a, nonce, "", by_a));
}

TEST(Aead, SealsALargeText) {
    const Secret key(std::string(32, 'k'));
    const std::string text(1'000'001, 'x');
    EXPECT_EQ(AesGcmOpen(key, std::string(12, 'n'), "", AesGcmSeal(key, std::string(12, 'n'), "", text))->Reveal(),
              text);
}

TEST(Aead, AKeyOfAnotherSizeIsAProgrammersMistake) {
    EXPECT_DEATH(AesGcmSeal(Secret(std::string(16, 'k')), std::string(12, 'n'), "", ""), "CHECK failed");
    EXPECT_DEATH(AesGcmSeal(Secret(std::string(32, 'k')), std::string(11, 'n'), "", ""), "CHECK failed");
}

}  // namespace
}  // namespace cardea
