#include "crypto/srp.h"

#include <gtest/gtest.h>
#include <numeric>
#include <thread>
#include <vector>

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "crypto/srp_client.h"
#include "crypto/srp_group.h"

namespace cardea {
namespace {

// The vector of fact sheet user pools D.5.
constexpr char kPool[] = "AbCdEf123";
constexpr char kUser[] = "alice";
const Secret kPassword("Passw0rd!");
const std::string kSalt = HexDecode("a1b2c3d4e5f60718293a4b5c6d7e8f90").value();
const Secret kA(HexDecode("31939c5adddec942290b637530898a70f2d32453e5241f30a0550780e7586b07").value());
const Secret kB(HexDecode("5be551a192e32372d3dfca3025e3a6129aa00350e5ffceeb0184f61b25e23481").value());

std::string PadHash(std::string_view number) { return HexEncode(Sha256(SrpPad(number))); }
std::string ModulusBytes() { return ToBytes(Group().modulus.get()); }

SrpVerifier VectorVerifier() { return {kSalt, ComputeVerifier(kSalt, kPool, kUser, kPassword)}; }

TEST(Srp, AcceptsTheVectorOfTheFactSheet) {
    EXPECT_EQ(HexEncode(ToBytes(Group().multiplier.get())),
              "538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6");
    EXPECT_EQ(HexEncode(SrpPrivateKey(kSalt, kPool, kUser, kPassword).Reveal()),
              "06ef8b933c5057424d63b891e59608f13a34c72747faafc39e3daa3fdab09e35");
    const SrpVerifier stored = VectorVerifier();
    EXPECT_EQ(PadHash(stored.verifier.Reveal()), "49c641edbf44bea5065d255cffb661db8cb8f3d2835823675934be46e876781a");
    const SrpClient client(kA);
    EXPECT_EQ(PadHash(client.PublicA()), "b193c2c2666a8cadef99614f3a95bb7b9e45ba083c40b6dec900b8efb5918c99");
    const SrpChallenge challenge = StartSrpWith(kB, stored).value();
    EXPECT_EQ(PadHash(challenge.public_b), "c6db0a1adb2ff45b8667e5413ba22ea63419295ab007a004762dd8a8f51f1184");
    EXPECT_EQ(HexEncode(SrpScrambler(client.PublicA(), challenge.public_b)),
              "11cb937e24cf6601f96c9ebbd68d8f8b757ff1564b219c8b4de31d0777611395");
    const Secret key = FinishSrp(stored, client.PublicA(), challenge).value();
    EXPECT_EQ(HexEncode(key.Reveal()), "98f42bb0cd0f6589ce756b71e4e050cc");
    EXPECT_EQ(client.Key(challenge.public_b, SrpPrivateKey(kSalt, kPool, kUser, kPassword))->Reveal(), key.Reveal());
    const std::string block = Base64Decode("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").value();
    EXPECT_EQ(Base64Encode(ClaimSignature(key, {kPool, kUser, block, "Tue May 6 00:09:40 UTC 2025"})),
              "WbsyvxVVU4QXC/uJggElJHW+QXVWcsMFiRD2ZSqgY5c=");
}

TEST(Srp, AcceptsTheDeviceVectorOfTheFactSheet) {
    std::string bytes(40, '\0');
    std::iota(bytes.begin(), bytes.end(), '\0');
    const Secret password(Base64Encode(bytes));
    const char* group = "-v7w9UcY6";
    const char* device = "us-east-1_a1b2c3d4-5678-90ab-cdef-aabbccddeeff";
    EXPECT_EQ(HexEncode(SrpPrivateKey(kSalt, group, device, password).Reveal()),
              "f24c3121d977ee3af8e3203a909f940fd0e3c9cef44837d4c991d8c9c6f10050");
    const Secret verifier = ComputeVerifier(kSalt, group, device, password);
    EXPECT_EQ(PadHash(verifier.Reveal()), "1652f6fc1502f876352d4cfe908d1ef290ea391719827482a44b959b8df092b5");
    // As the client sends the two: with a zero in front where the top bit is set.
    const auto accepted = AcceptVerifier(SrpPad(kSalt), SrpPad(verifier.Reveal()));
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->verifier.Reveal(), verifier.Reveal());
    EXPECT_TRUE(CheckPassword(*accepted, group, device, password));
}

TEST(Srp, PadsAsTwosComplement) {
    EXPECT_EQ(SrpPad(""), std::string(1, '\0'));
    EXPECT_EQ(SrpPad(std::string(3, '\0')), std::string(1, '\0'));
    EXPECT_EQ(SrpPad("\x7f"), "\x7f");
    EXPECT_EQ(SrpPad("\x80"), std::string("\0\x80", 2));
    EXPECT_EQ(SrpPad(std::string("\0\0\x7f\0", 4)), std::string("\x7f\0", 2));
}

TEST(Srp, PowersMatchGeneralExponentiation) {
    SeededRandom random(3);
    std::vector<std::string> exponents = {std::string(32, '\0'), std::string(31, '\0') + '\x01',
                                          std::string(32, '\xff'), '\x80' + std::string(31, '\0'),
                                          std::string(31, '\0') + '\x40'};
    for (int i = 0; i < 20; ++i) exponents.push_back(RandomBytes(random, 32));
    for (const std::string& exponent : exponents) {
        const BigNumberPtr e = ToNumber(exponent), expected = NewNumber();
        ASSERT_EQ(BN_mod_exp(expected.get(), Group().generator.get(), e.get(), Group().modulus.get(), SrpScratch()), 1);
        EXPECT_EQ(FixedBasePower(Secret(exponent)).Reveal(), ToBytes(expected.get(), kSrpNumberSize))
            << HexEncode(exponent);
    }
    EXPECT_DEATH(FixedBasePower(Secret("short")), "CHECK failed");
}

TEST(Srp, ChecksPasswords) {
    SeededRandom random(1);
    const SrpVerifier stored = MakeVerifier(random, kPool, kUser, kPassword);
    EXPECT_EQ(stored.salt.size(), 16u);
    EXPECT_EQ(stored.verifier.Reveal().size(), kSrpNumberSize);
    EXPECT_TRUE(CheckPassword(stored, kPool, kUser, kPassword));
    EXPECT_FALSE(CheckPassword(stored, kPool, kUser, Secret("passw0rd!")));
    EXPECT_FALSE(CheckPassword(stored, kPool, kUser, Secret("")));
    EXPECT_FALSE(CheckPassword(stored, kPool, "alicf", kPassword));
    EXPECT_FALSE(CheckPassword(stored, "AbCdEf124", kUser, kPassword));
    EXPECT_FALSE(CheckPassword({stored.salt, Secret("")}, kPool, kUser, kPassword));
    EXPECT_NE(MakeVerifier(random, kPool, kUser, kPassword).verifier.Reveal(), stored.verifier.Reveal());
}

TEST(Srp, ASaltNeverStartsWithAZero) {
    class Zeros final : public Random {
     public:
        void Fill(std::span<unsigned char> out) override {
            for (unsigned char& byte : out) byte = 1;
            if (++calls_ < 3) out[0] = 0;
        }

     private:
        int calls_ = 0;
    } random;
    EXPECT_EQ(MakeVerifier(random, kPool, kUser, kPassword).salt, std::string(16, '\x01'));
}

TEST(Srp, BothSidesAgreeForEverySizeOfA) {
    SeededRandom random(5);
    const SrpVerifier stored = MakeVerifier(random, kPool, kUser, kPassword);
    const Secret x = SrpPrivateKey(stored.salt, kPool, kUser, kPassword);
    for (const std::size_t size : {std::size_t{1}, std::size_t{32}, std::size_t{128}, std::size_t{384}}) {
        const SrpClient client(Secret('\x03' + RandomBytes(random, size - 1)));
        const SrpChallenge challenge = StartSrp(random, stored);
        const auto key = FinishSrp(stored, client.PublicA(), challenge);
        ASSERT_TRUE(key);
        EXPECT_EQ(key->Reveal(), client.Key(challenge.public_b, x)->Reveal());
        EXPECT_NE(key->Reveal(),
                  client.Key(challenge.public_b, SrpPrivateKey(stored.salt, kPool, kUser, Secret("wrong")))->Reveal());
    }
}

TEST(Srp, RefusesAnAThatFixesTheKey) {
    const SrpVerifier stored = VectorVerifier();
    const SrpChallenge challenge = StartSrpWith(kB, stored).value();
    EXPECT_FALSE(FinishSrp(stored, "", challenge));
    EXPECT_FALSE(FinishSrp(stored, std::string(1, '\0'), challenge));
    EXPECT_FALSE(FinishSrp(stored, std::string(385, '\0'), challenge));
    EXPECT_FALSE(FinishSrp(stored, ModulusBytes(), challenge));
    EXPECT_FALSE(FinishSrp(stored, '\0' + ModulusBytes(), challenge));
    const BigNumberPtr twice = NewNumber();
    ASSERT_EQ(BN_lshift1(twice.get(), Group().modulus.get()), 1);
    EXPECT_FALSE(FinishSrp(stored, ToBytes(twice.get()), challenge));
    EXPECT_FALSE(FinishSrp(stored, std::string(386, '\x01'), challenge));
    EXPECT_FALSE(FinishSrp(stored, std::string(1'000'000, '\x01'), challenge));
}

TEST(Srp, HashesAnAAboveTheModulusAsItWasSent) {
    const SrpVerifier stored = VectorVerifier();
    const SrpChallenge challenge = StartSrpWith(kB, stored).value();
    const std::string above(384, '\xff');
    EXPECT_TRUE(FinishSrp(stored, above, challenge));
    EXPECT_EQ(FinishSrp(stored, above, challenge)->Reveal(), FinishSrp(stored, '\0' + above, challenge)->Reveal());
}

TEST(Srp, ReadsHexAsClientsWriteIt) {
    EXPECT_EQ(SrpFromHex("0F"), "\x0f");
    EXPECT_EQ(SrpFromHex("f"), "\x0f");
    EXPECT_EQ(SrpFromHex("aBc"), "\x0a\xbc");
    EXPECT_EQ(SrpFromHex("0000a0"), "\xa0");
    EXPECT_EQ(SrpFromHex(""), "");
    EXPECT_EQ(SrpFromHex("00"), "");
    EXPECT_EQ(SrpFromHex("0x0f"), std::nullopt);
    EXPECT_EQ(SrpFromHex("-1"), std::nullopt);
    EXPECT_EQ(SrpFromHex(" f"), std::nullopt);
    EXPECT_EQ(SrpFromHex(std::string(770, 'f'))->size(), 385u);
    EXPECT_EQ(SrpFromHex(std::string(771, 'f')), std::nullopt);
}

TEST(Srp, RefusesADevicesVerifierThatIsNoGroupElement) {
    const std::string good = '\x02' + std::string(383, '\x01');
    EXPECT_TRUE(AcceptVerifier("salt", good));
    EXPECT_TRUE(AcceptVerifier("salt", "\x02"));
    EXPECT_FALSE(AcceptVerifier("", good));
    EXPECT_FALSE(AcceptVerifier(std::string(65, 's'), good));
    EXPECT_FALSE(AcceptVerifier("salt", ""));
    EXPECT_FALSE(AcceptVerifier("salt", std::string(384, '\0')));
    EXPECT_FALSE(AcceptVerifier("salt", "\x01"));
    EXPECT_FALSE(AcceptVerifier("salt", ModulusBytes()));
    std::string minus_one = ModulusBytes();
    minus_one.back() = '\xfe';
    EXPECT_FALSE(AcceptVerifier("salt", minus_one));
    EXPECT_FALSE(AcceptVerifier("salt", std::string(386, '\0') + "\x02"));
}

TEST(Srp, ANameThatNobodyHasAlwaysLooksTheSame) {
    const Secret key(std::string(32, 'k'));
    const SrpVerifier first = UnknownUserVerifier(key, kPool, "nobody");
    EXPECT_EQ(first.salt.size(), 16u);
    EXPECT_NE(first.salt.front(), '\0');
    EXPECT_EQ(first.salt, UnknownUserVerifier(key, kPool, "nobody").salt);
    EXPECT_NE(first.salt, UnknownUserVerifier(key, kPool, "nobodx").salt);
    EXPECT_NE(first.salt, UnknownUserVerifier(Secret(std::string(32, 'K')), kPool, "nobody").salt);
    EXPECT_TRUE(AcceptVerifier(first.salt, first.verifier.Reveal()));
    SeededRandom random(1);
    const SrpChallenge challenge = StartSrp(random, first);
    EXPECT_TRUE(FinishSrp(first, SrpClient(kA).PublicA(), challenge));
}

TEST(Srp, ThreadsShareTheTable) {
    const std::string expected(FixedBasePower(kA).Reveal());
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 5; ++i) EXPECT_EQ(FixedBasePower(kA).Reveal(), expected);
        });
    for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace cardea
