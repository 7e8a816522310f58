#include "codec/json.h"

#include <gtest/gtest.h>

#include "codec/pattern.h"
#include "codec/text.h"

namespace cardea {
namespace {

TEST(Json, ReadsAndPrintsADocument) {
    const auto document = JsonDocument::Parse(R"( {"a":[1,-2.5,true,null,"xA\n"],"b":{"c":"d"}} )");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->Root().Find("a")->ItemCount(), 5u);
    EXPECT_EQ(document->Root().Find("b")->Find("c")->Text(), "d");
    EXPECT_FALSE(document->Root().Find("x"));
    EXPECT_FALSE(document->Root().Find("a")->Find("x"));
    EXPECT_EQ(document->Root().Find("b")->Print(), R"({"c":"d"})");
}

TEST(Json, RefusesWhatIsNotJson) {
    for (const std::string_view text :
         {"", "{", "{'a':1}", "[1,]", "nul", "\"\xff\"", "{\"a\":1}x", "01", "\"\\ud800\""})
        EXPECT_FALSE(JsonDocument::Parse(text)) << text;
}

TEST(Json, RefusesWhatNestsTooDeep) {
    EXPECT_TRUE(JsonDocument::Parse(std::string(20, '[') + std::string(20, ']')));
    EXPECT_FALSE(JsonDocument::Parse(std::string(50, '[') + std::string(50, ']')));
    EXPECT_FALSE(JsonDocument::Parse(std::string(1000000, '[')));
}

TEST(Json, KeepsDocumentsApartThatLiveAtTheSameTime) {
    const auto first = JsonDocument::Parse(R"({"a":1})");
    const auto second = JsonDocument::Parse(R"({"a":2})");
    EXPECT_EQ(first->Root().Find("a")->Whole(), 1);
    EXPECT_EQ(second->Root().Find("a")->Whole(), 2);
}

TEST(Json, WritesEscapesAndTimes) {
    JsonWriter out;
    out.BeginObject()
        .Key("t")
        .Text("\"\\\x01\n/é")
        .Key("at")
        .Time(FromMicroseconds(1548099495000123))
        .Key("n")
        .Whole(-5);
    out.Key("list").BeginArray().Boolean(true).Raw("{}").EndArray().EndObject();
    EXPECT_EQ(out.Take(), "{\"t\":\"\\\"\\\\\\u0001\\n/é\",\"at\":1548099495.000,\"n\":-5,\"list\":[true,{}]}");
}

TEST(Pattern, MatchesTheWholeTextOnly) {
    EXPECT_TRUE(MatchesPattern("[a-z]+", "abc"));
    EXPECT_FALSE(MatchesPattern("[a-z]+", "abc1"));
    EXPECT_FALSE(MatchesPattern("[a-z]+", ""));
    EXPECT_TRUE(MatchesPattern(R"([\p{L}\p{M}\p{S}\p{N}\p{P}]+)", "Zoë-王+1"));
    EXPECT_FALSE(MatchesPattern(R"([\p{L}]+)", "\xff"));
}

TEST(Text, CountsUtf16Units) {
    EXPECT_EQ(Utf16Length(""), 0u);
    EXPECT_EQ(Utf16Length("aé王"), 3u);
    EXPECT_EQ(Utf16Length("😀"), 2u);
}

TEST(Json, SaysWhetherANumberIsTheFault) {
    for (const std::string_view text : {"18446744073709551616", "-9223372036854775809", "1e999", "01", "[1, 2.]"}) {
        JsonFault fault = JsonFault::kSyntax;
        EXPECT_FALSE(JsonDocument::Parse(text, &fault)) << text;
        EXPECT_EQ(fault, JsonFault::kNumber) << text;
    }
    for (const std::string_view text : {"", "{", "[1,]", "nope", "\"\xff\""}) {
        JsonFault fault = JsonFault::kNumber;
        EXPECT_FALSE(JsonDocument::Parse(text, &fault)) << text;
        EXPECT_EQ(fault, JsonFault::kSyntax) << text;
    }
    EXPECT_TRUE(JsonDocument::Parse("18446744073709551615"));
}

}  // namespace
}  // namespace cardea
