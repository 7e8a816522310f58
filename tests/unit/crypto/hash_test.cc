#include "crypto/hash.h"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

#include "codec/base64.h"
#include "codec/hex.h"

namespace cardea {
namespace {

std::string Hex(const Secret& secret) { return HexEncode(secret.Reveal()); }
std::string FromHex(std::string_view hex) { return HexDecode(hex).value(); }

TEST(Hash, DigestsTheVectorsOfFips180) {
    EXPECT_EQ(HexEncode(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(HexEncode(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(HexEncode(Sha256(std::string(1'000'000, 'a'))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, AStreamDigestsPartsAndStartsAgain) {
    Sha256Stream stream;
    stream.Update("a").Update("").Update("bc");
    EXPECT_EQ(stream.Finish(), Sha256("abc"));
    EXPECT_EQ(stream.Finish(), Sha256(""));
    // The thread's own context is another one.
    stream.Update("a");
    EXPECT_EQ(Sha256("other"), Sha256("other"));
    EXPECT_EQ(stream.Update("bc").Finish(), Sha256("abc"));
}

TEST(Hash, AuthenticatesTheVectorsOfRfc4231) {
    EXPECT_EQ(HexEncode(HmacSha256(std::string(20, '\x0b'), "Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(HexEncode(HmacSha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(HexEncode(HmacSha256(std::string(20, '\xaa'), std::string(50, '\xdd'))),
              "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    EXPECT_EQ(HexEncode(HmacSha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hash, KeysOfABlockAndAroundItDiffer) {
    EXPECT_NE(HmacSha256(std::string(63, 'k'), "m"), HmacSha256(std::string(64, 'k'), "m"));
    EXPECT_NE(HmacSha256(std::string(64, 'k'), "m"), HmacSha256(std::string(65, 'k'), "m"));
    EXPECT_EQ(HexEncode(HmacSha256("", "")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// Fact sheet user pools B.12.
TEST(Hash, MakesTheSecretHashOfTheFactSheet) {
    EXPECT_EQ(Base64Encode(HmacSha256("1example23secret45", "alice1example23456789")),
              "QXaFmE4IlNHH8f9rf90xFQ0uxmsXO9sSanC6yz1/fys=");
}

TEST(Hash, DerivesTheVectorsOfRfc5869) {
    EXPECT_EQ(
        Hex(Hkdf(std::string(22, '\x0b'), FromHex("000102030405060708090a0b0c"), FromHex("f0f1f2f3f4f5f6f7f8f9"), 42)),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    EXPECT_EQ(Hex(Hkdf(std::string(22, '\x0b'), "", "", 42)),
              "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    std::string material, salt, info;
    for (int i = 0; i < 80; ++i) {
        material += static_cast<char>(i);
        salt += static_cast<char>(0x60 + i);
        info += static_cast<char>(0xb0 + i);
    }
    EXPECT_EQ(Hex(Hkdf(material, salt, info, 82)),
              "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da327560"
              "0c2f09b8"
              "367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
}

TEST(Hash, DerivesLengthsAcrossBlocks) {
    const std::string key(32, 'k');
    const std::string longest = std::string(HkdfExpand(key, "i", 255 * 32).Reveal());
    for (const std::size_t length :
         {std::size_t{0}, std::size_t{1}, std::size_t{32}, std::size_t{33}, std::size_t{384}})
        EXPECT_EQ(HkdfExpand(key, "i", length).Reveal(), longest.substr(0, length));
    EXPECT_DEATH(HkdfExpand(key, "i", 255 * 32 + 1), "CHECK failed");
}

TEST(Hash, ThreadsDoNotDisturbEachOther) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([t] {
            const std::string text(static_cast<std::size_t>(100 + t), static_cast<char>('a' + t));
            const std::string digest = Sha256(text), code = HmacSha256(text, text);
            for (int i = 0; i < 500; ++i) {
                EXPECT_EQ(Sha256(text), digest);
                EXPECT_EQ(HmacSha256(text, text), code);
            }
        });
    for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace cardea
