#include "crypto/signing_key.h"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

#include "codec/base64.h"
#include "codec/hex.h"
#include "unit/crypto/rfc7515_key.h"

namespace cardea {
namespace {

Secret Rfc7515Pkcs8() { return Secret(Base64Decode(kRfc7515Pkcs8).value()); }

// Made once: a key takes a while.
const GeneratedKey& Fresh() {
    static const GeneratedKey key = [] {
        SeededRandom random(7);
        return GenerateSigningKey(random);
    }();
    return key;
}

TEST(SigningKey, SignsTheVectorOfRfc7515) {
    const auto key = SigningKey::Load("kid", Rfc7515Pkcs8());
    ASSERT_NE(key, nullptr);
    const std::string input = std::string(kRfc7515Header) + "." + kRfc7515Payload;
    EXPECT_EQ(Base64UrlEncode(key->Sign(input)), kRfc7515Signature);
    EXPECT_EQ(key->Public().modulus, kRfc7515Modulus);
    EXPECT_EQ(key->Public().exponent, "AQAB");
    const auto published = VerifyKey::Load(kRfc7515Modulus, "AQAB");
    ASSERT_NE(published, nullptr);
    EXPECT_TRUE(published->Verify(input, Base64UrlDecode(kRfc7515Signature).value()));
}

TEST(SigningKey, AFreshKeyLoadsAndItsPublicHalfVerifies) {
    const GeneratedKey& made = Fresh();
    EXPECT_EQ(made.kid.size(), 44u);
    EXPECT_EQ(Base64Decode(made.kid)->size(), 32u);
    EXPECT_EQ(made.exponent, "AQAB");
    EXPECT_EQ(Base64UrlDecode(made.modulus)->size(), 256u);
    const auto key = SigningKey::Load(made.kid, made.pkcs8);
    ASSERT_NE(key, nullptr);
    EXPECT_EQ(key->Kid(), made.kid);
    EXPECT_EQ(key->Public().modulus, made.modulus);
    const auto published = VerifyKey::Load(made.modulus, made.exponent);
    ASSERT_NE(published, nullptr);
    EXPECT_TRUE(published->Verify("message", key->Sign("message")));
    EXPECT_TRUE(published->Verify("", key->Sign("")));
    EXPECT_FALSE(published->Verify("massage", key->Sign("message")));
}

// OpenSSL 3.0 keeps the first key in a reused context and reports success: see pkey_contexts.h.
TEST(SigningKey, KeysUsedInTurnSignEachForItself) {
    const auto a = SigningKey::Load("a", Rfc7515Pkcs8());
    const auto b = SigningKey::Load("b", Fresh().pkcs8);
    const auto verify_a = VerifyKey::Load(kRfc7515Modulus, "AQAB");
    const auto verify_b = VerifyKey::Load(Fresh().modulus, Fresh().exponent);
    for (int i = 0; i < 3; ++i) {
        const std::string by_a = a->Sign("m"), by_b = b->Sign("m");
        EXPECT_TRUE(verify_a->Verify("m", by_a));
        EXPECT_TRUE(verify_b->Verify("m", by_b));
        EXPECT_FALSE(verify_a->Verify("m", by_b));
        EXPECT_FALSE(verify_b->Verify("m", by_a));
    }
}

TEST(SigningKey, ThreadsShareAKey) {
    const auto key = SigningKey::Load("kid", Rfc7515Pkcs8());
    const auto published = VerifyKey::Load(kRfc7515Modulus, "AQAB");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 10; ++i) {
                const std::string message = std::to_string(t * 100 + i);
                EXPECT_TRUE(published->Verify(message, key->Sign(message)));
                EXPECT_FALSE(published->Verify(message + "x", key->Sign(message)));
            }
        });
    for (auto& thread : threads) thread.join();
}

TEST(SigningKey, RefusesWhatIsNoRsaKeyOfItsSize) {
    const std::string der = Base64Decode(kRfc7515Pkcs8).value();
    EXPECT_EQ(SigningKey::Load("k", Secret("")), nullptr);
    EXPECT_EQ(SigningKey::Load("k", Secret("nonsense")), nullptr);
    EXPECT_EQ(SigningKey::Load("k", Secret(der.substr(0, der.size() - 1))), nullptr);
    EXPECT_EQ(SigningKey::Load("k", Secret(der + "x")), nullptr);
    EXPECT_EQ(SigningKey::Load("k", Secret(std::string(10'000, '\x30'))), nullptr);
    // The Ed25519 key of RFC 8410 §10.3.
    const std::string ed25519 =
        HexDecode("302e020100300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842")
            .value();
    EXPECT_EQ(SigningKey::Load("k", Secret(ed25519)), nullptr);
}

TEST(VerifyKey, RefusesChangedSignatures) {
    const auto published = VerifyKey::Load(kRfc7515Modulus, "AQAB");
    const std::string input = std::string(kRfc7515Header) + "." + kRfc7515Payload;
    const std::string signature = Base64UrlDecode(kRfc7515Signature).value();
    for (std::size_t byte = 0; byte < signature.size(); byte += 15) {
        std::string changed = signature;
        changed[byte] = static_cast<char>(changed[byte] ^ 1);
        EXPECT_FALSE(published->Verify(input, changed));
    }
    EXPECT_FALSE(published->Verify(input, ""));
    EXPECT_FALSE(published->Verify(input, signature.substr(1)));
    EXPECT_FALSE(published->Verify(input, std::string(1, '\0') + signature));
    EXPECT_FALSE(published->Verify(input, signature + "x"));
    EXPECT_FALSE(published->Verify(input, std::string(100'000, 'x')));
    EXPECT_FALSE(published->Verify(input, std::string(256, '\xff')));
    EXPECT_TRUE(published->Verify(input, signature));
}

TEST(VerifyKey, RefusesNumbersThatAreNoKey) {
    const std::string n = kRfc7515Modulus;
    EXPECT_EQ(VerifyKey::Load("", "AQAB"), nullptr);
    EXPECT_EQ(VerifyKey::Load(n, ""), nullptr);
    EXPECT_EQ(VerifyKey::Load(n, "AQ"), nullptr);      // 1
    EXPECT_EQ(VerifyKey::Load(n, "Ag"), nullptr);      // 2
    EXPECT_EQ(VerifyKey::Load(n, "AAEAAQ"), nullptr);  // a zero in front
    EXPECT_EQ(VerifyKey::Load(n, "AQABAQABAQ"), nullptr);
    EXPECT_EQ(VerifyKey::Load(n, "AQAB="), nullptr);
    EXPECT_NE(VerifyKey::Load(n, "Aw"), nullptr);  // 3
    EXPECT_EQ(VerifyKey::Load(n.substr(0, 170), "AQAB"), nullptr);
    EXPECT_EQ(VerifyKey::Load("AA" + n, "AQAB"), nullptr);
    EXPECT_EQ(VerifyKey::Load(std::string(683, '_'), "AQAB"), nullptr);
    EXPECT_EQ(VerifyKey::Load(std::string(1'000'000, '_'), "AQAB"), nullptr);
    // 1,024 bits.
    EXPECT_EQ(VerifyKey::Load("vrRBPtunJHLcOO4E1-_I75JdOuysWxkb8j_sEuW_-VR3Fjj1Hy45X1_"
                              "yMPiAM8uvVGK7uL9sujjowWz1OkyxRLWfVPfsAH4z89W56Epyizr-go_zpN_7RHuy53gTqMEVGMHiOvXiYL97-"
                              "MjESvlyjgLolXr2q83elHsoj9feIyk",
                              "AQAB"),
              nullptr);
    // An even modulus.
    EXPECT_EQ(VerifyKey::Load(Base64UrlEncode(std::string(256, '\xfe')), "AQAB"), nullptr);
}

}  // namespace
}  // namespace cardea
