#include "crypto/seal.h"

#include <gtest/gtest.h>
#include <numeric>
#include <thread>
#include <vector>

#include "codec/hex.h"

namespace cardea {
namespace {

// 0, 1, 2 … for a vector that was made elsewhere.
class CountingRandom final : public Random {
 public:
    void Fill(std::span<unsigned char> out) override {
        std::iota(out.begin(), out.end(), static_cast<unsigned char>(0));
    }
};

Secret Counted(int first) {
    std::string bytes(kKeySize, '\0');
    std::iota(bytes.begin(), bytes.end(), static_cast<char>(first));
    return Secret(std::move(bytes));
}

// The three vectors were computed with Python's `cryptography` from the formats that seal.h describes: what a store
// holds must stay readable.
TEST(Seal, WrapsAsDescribed) {
    const MasterKey master("m1", Counted(0));
    EXPECT_EQ(HexEncode(WrapKey(master, "pool|p|1", Counted(32))),
              "6d52eec8fb50b45a5e082ae885176e97d2918784b1273264c1a5ba87da522737746731077c031c45");
}

TEST(Seal, SealsAsDescribed) {
    CountingRandom random;
    const DataKey key(0x102, Counted(32));
    EXPECT_EQ(HexEncode(Seal(key, random, "totp", "users|42|totp", "seed")),
              "0100000102000102030405060708090a0bf882512ae689d9bacabd61e0a357111abd445d20");
}

TEST(Seal, DerivesAsDescribed) {
    const DataKey key(1, Counted(32));
    EXPECT_EQ(HexEncode(DeriveKey(key, "token", "ctx").Reveal()),
              "21a708296719ea2e9f70954e85e9e0da3e442b2277295d8cb8e2d3f30015c42b");
}

TEST(Seal, AWrappedKeyOpensOnlyWhereItBelongs) {
    const MasterKey master("m1", Counted(0));
    const std::string wrapped = WrapKey(master, "pool|a|1", Counted(7));
    EXPECT_EQ(UnwrapKey(master, "pool|a|1", wrapped)->Reveal(), Counted(7).Reveal());
    EXPECT_FALSE(UnwrapKey(master, "pool|b|1", wrapped));
    EXPECT_FALSE(UnwrapKey(MasterKey("m1", Counted(1)), "pool|a|1", wrapped));
    EXPECT_FALSE(UnwrapKey(master, "pool|a|1", wrapped.substr(1)));
    EXPECT_FALSE(UnwrapKey(master, "pool|a|1", wrapped + std::string(8, '\0')));
    EXPECT_FALSE(UnwrapKey(master, "pool|a|1", ""));
    for (std::size_t bit = 0; bit < wrapped.size() * 8; ++bit) {
        std::string changed = wrapped;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(UnwrapKey(master, "pool|a|1", changed)) << bit;
    }
}

TEST(Seal, ABlobOpensOnlyWhereItBelongs) {
    SeededRandom random(1);
    const DataKey key(3, MakeKey(random));
    const std::string blob = Seal(key, random, "totp", "users|42|totp", "seed");
    EXPECT_EQ(Open(key, "totp", "users|42|totp", blob)->Reveal(), "seed");
    EXPECT_FALSE(Open(key, "totp", "users|43|totp", blob));
    EXPECT_FALSE(Open(key, "password", "users|42|totp", blob));
    EXPECT_FALSE(Open(DataKey(3, MakeKey(random)), "totp", "users|42|totp", blob));
    for (std::size_t bit = 0; bit < blob.size() * 8; ++bit) {
        std::string changed = blob;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(Open(key, "totp", "users|42|totp", changed)) << bit;
    }
    for (std::size_t size = 0; size < blob.size(); ++size)
        EXPECT_FALSE(Open(key, "totp", "users|42|totp", blob.substr(0, size))) << size;
}

TEST(Seal, TheSameTextIsSealedDifferentlyEachTime) {
    SeededRandom random(1);
    const DataKey key(1, MakeKey(random));
    EXPECT_NE(Seal(key, random, "p", "a", "text"), Seal(key, random, "p", "a", "text"));
    EXPECT_EQ(Open(key, "p", "a", Seal(key, random, "p", "a", ""))->Reveal(), "");
}

TEST(Seal, ARingOpensWithTheVersionThatTheBlobNames) {
    SeededRandom random(1);
    const std::vector<std::shared_ptr<const DataKey>> ring = {std::make_shared<DataKey>(2, MakeKey(random)),
                                                              std::make_shared<DataKey>(1, MakeKey(random))};
    const std::string newer = Seal(*ring[0], random, "p", "a", "two");
    const std::string older = Seal(*ring[1], random, "p", "a", "one");
    EXPECT_EQ(Open(ring, "p", "a", newer)->Reveal(), "two");
    EXPECT_EQ(Open(ring, "p", "a", older)->Reveal(), "one");
    EXPECT_EQ(SealedVersion(newer), 2u);
    EXPECT_EQ(SealedVersion(""), std::nullopt);
    EXPECT_FALSE(Open(*ring[1], "p", "a", newer));
    EXPECT_FALSE(Open(ring, "p", "a", Seal(DataKey(3, MakeKey(random)), random, "p", "a", "three")));
    EXPECT_FALSE(Open(ring, "p", "a", ""));
}

TEST(Seal, DerivedKeysDifferByPurposeContextAndKey) {
    SeededRandom random(1);
    const DataKey key(1, MakeKey(random)), other(1, MakeKey(random));
    const Secret derived = DeriveKey(key, "token", "1");
    EXPECT_EQ(derived.Reveal().size(), kKeySize);
    EXPECT_EQ(derived.Reveal(), DeriveKey(key, "token", "1").Reveal());
    EXPECT_NE(derived.Reveal(), DeriveKey(key, "token", "2").Reveal());
    EXPECT_NE(derived.Reveal(), DeriveKey(key, "session", "1").Reveal());
    EXPECT_NE(derived.Reveal(), DeriveKey(other, "token", "1").Reveal());
    EXPECT_NE(key.ForLabel("seal|token").Reveal(), key.ForLabel("derive|token").Reveal());
}

TEST(Seal, ManyThreadsShareADataKey) {
    SeededRandom seeded(1);
    const DataKey key(1, MakeKey(seeded));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&key, t] {
            SystemRandom random;
            for (int i = 0; i < 100; ++i) {
                const std::string purpose = "p" + std::to_string((i + t) % 10);
                EXPECT_EQ(Open(key, purpose, "a", Seal(key, random, purpose, "a", "text"))->Reveal(), "text");
            }
        });
    for (auto& thread : threads) thread.join();
}

TEST(Seal, LabelsFromInputAreAProgrammersMistake) {
    const DataKey key(1, Counted(0));
    EXPECT_DEATH(for (int i = 0; i < 300; ++i) key.ForLabel(std::to_string(i)), "CHECK failed");
    EXPECT_DEATH(DataKey(1, Secret("short")), "CHECK failed");
    EXPECT_DEATH(MasterKey("m", Secret("short")), "CHECK failed");
}

}  // namespace
}  // namespace cardea
