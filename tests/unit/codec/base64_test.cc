#include "codec/base64.h"

#include <gtest/gtest.h>

namespace cardea {
namespace {

TEST(Base64, EncodesTheVectorsOfRfc4648) {
    EXPECT_EQ(Base64Encode(""), "");
    EXPECT_EQ(Base64Encode("f"), "Zg==");
    EXPECT_EQ(Base64Encode("fo"), "Zm8=");
    EXPECT_EQ(Base64Encode("foo"), "Zm9v");
    EXPECT_EQ(Base64Encode("foob"), "Zm9vYg==");
    EXPECT_EQ(Base64Encode("fooba"), "Zm9vYmE=");
    EXPECT_EQ(Base64Encode("foobar"), "Zm9vYmFy");
    EXPECT_EQ(Base64UrlEncode("foob"), "Zm9vYg");
}

TEST(Base64, TheTwoSpellingsDifferInTwoCharacters) {
    const std::string bytes = "\xfb\xff\xbf";
    EXPECT_EQ(Base64Encode(bytes), "+/+/");
    EXPECT_EQ(Base64UrlEncode(bytes), "-_-_");
    EXPECT_EQ(Base64Decode("+/+/"), bytes);
    EXPECT_EQ(Base64UrlDecode("-_-_"), bytes);
    EXPECT_EQ(Base64Decode("-_-_"), std::nullopt);
    EXPECT_EQ(Base64UrlDecode("+/+/"), std::nullopt);
}

TEST(Base64, ReadsBackEveryByteAtEveryLength) {
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(Base64Decode(Base64Encode(bytes)), bytes);
        EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)), bytes);
        bytes += static_cast<char>(i * 7);
    }
}

TEST(Base64, RefusesWhatIsNotCanonical) {
    for (const char* text : {"Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zh==", "Zm9=", "Zm8=Zm8=", "Zg==\n",
                             " Zg==", "Zm9v Zm9", "Zm9vZ", "Zm\xc3\xa9", "Zm9*"})
        EXPECT_EQ(Base64Decode(text), std::nullopt) << text;
    for (const char* text : {"Zg==", "Zh", "Zm9", "Z", "Zm9vZ", "Zm 9", "Zm9v\n", "Zm9v=", "."})
        EXPECT_EQ(Base64UrlDecode(text), std::nullopt) << text;
    EXPECT_EQ(Base64Decode(std::string("Zg=\0", 4)), std::nullopt);
    EXPECT_EQ(Base64Decode(""), "");
}

TEST(Base64, TakesALargeText) {
    const std::string bytes(3'000'000, 'x');
    EXPECT_EQ(Base64Decode(Base64Encode(bytes)), bytes);
}

}  // namespace
}  // namespace cardea
