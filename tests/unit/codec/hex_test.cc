#include "codec/hex.h"

#include <gtest/gtest.h>

#include "codec/percent.h"

namespace cardea {
namespace {

TEST(Hex, WritesLowerCaseAndReadsEither) {
    EXPECT_EQ(HexEncode(std::string("\x00\x0f\xa0\xff", 4)), "000fa0ff");
    EXPECT_EQ(HexDecode("000fA0fF"), std::string("\x00\x0f\xa0\xff", 4));
    EXPECT_EQ(HexEncode(""), "");
    EXPECT_EQ(HexDecode(""), "");
}

TEST(Hex, RefusesOddLengthsAndOtherCharacters) {
    for (const char* text : {"0", "000", "0g", "g0", "0x00", " 0", "+1", "0\n"})
        EXPECT_EQ(HexDecode(text), std::nullopt) << text;
}

TEST(Percent, KeepsUnreservedCharactersOnly) {
    const std::string unreserved = "ABCXYZabcxyz0189-._~";
    EXPECT_EQ(PercentEncode(unreserved), unreserved);
    EXPECT_EQ(PercentEncode("a b+c/d%e*'"), "a%20b%2Bc%2Fd%25e%2A%27");
    EXPECT_EQ(PercentEncode("a/b c", Slash::kKeep), "a/b%20c");
    EXPECT_EQ(PercentEncode("\xe1\x88\xb4"), "%E1%88%B4");
}

TEST(Percent, DecodesEitherCaseAndLeavesThePlus) {
    EXPECT_EQ(PercentDecode("a%20b%2fc%2Fd+e"), "a b/c/d+e");
    EXPECT_EQ(PercentDecode("%00"), std::string(1, '\0'));
    EXPECT_EQ(PercentDecode(""), "");
}

TEST(Percent, RefusesABrokenEscape) {
    for (const char* text : {"%", "%2", "a%", "%g0", "%0g", "%%20", "% 20"})
        EXPECT_EQ(PercentDecode(text), std::nullopt) << text;
}

}  // namespace
}  // namespace cardea
