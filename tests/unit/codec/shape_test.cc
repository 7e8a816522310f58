#include "codec/shape.h"

#include <gtest/gtest.h>

namespace cardea {
namespace {

enum class Colour : std::uint8_t { kRed, kGreen };

}  // namespace

template <>
struct EnumNames<Colour> {
    static constexpr std::array<std::string_view, 2> kNames{"RED", "GREEN"};
    static constexpr std::array<std::string_view, 2> kListed{"GREEN", "RED"};
};

namespace {

constexpr Limits kName{.min = 2, .max = 4, .pattern = "[a-z]+"};
constexpr Limits kHidden{.min = 3, .sensitive = true};
constexpr Limits kNames{.max = 2, .item = &kName};
constexpr Limits kTags{.item = &kName, .key = &kName};
constexpr Limits kCount{.min = 0, .max = 60};

struct Inner {
    std::string deep;
    static constexpr auto kFields = Fields(Field<&Inner::deep>("Deep", kName));
};

struct Outer {
    std::string name;
    std::optional<Secret> hidden;
    std::optional<int> count;
    std::optional<bool> flag;
    std::optional<Colour> colour;
    std::optional<Instant> at;
    std::optional<std::vector<std::string>> names;
    std::optional<std::map<std::string, std::string>> tags;
    std::optional<Inner> inner;
    std::optional<std::vector<Inner>> inners;

    static constexpr auto kFields =
        Fields(Field<&Outer::name>("Name", kName), Field<&Outer::hidden>("Hidden", kHidden),
               Field<&Outer::count>("Count", kCount), Field<&Outer::flag>("Flag"), Field<&Outer::colour>("Colour"),
               Field<&Outer::at>("At"), Field<&Outer::names>("Names", kNames), Field<&Outer::tags>("Tags", kTags),
               Field<&Outer::inner>("Inner"), Field<&Outer::inners>("Inners"));
};

struct Derived : Inner {
    using Inherits = Inner;
    std::optional<int> more;
    static constexpr auto kFields = FieldsAfter<Derived, Inner>(Field<&Derived::more>("More"));
};

struct Parsed {
    Outer value;
    std::string message;
    std::string type_error;
};

Parsed Parse(std::string_view json) {
    Parsed out;
    const auto document = JsonDocument::Parse(json);
    Violations bad;
    if (auto error = ParseShape(document->Root(), out.value, bad)) out.type_error = error->message;
    if (bad.Any()) out.message = bad.Message();
    return out;
}

TEST(Shape, ReadsEveryKindOfMember) {
    const auto parsed =
        Parse(R"({"Name":"abc","Hidden":"secret","Count":7,"Flag":true,"Colour":"GREEN","At":1548099495.428,
        "Names":["ab","cd"],"Tags":{"ab":"cd"},"Inner":{"Deep":"xy"},"Inners":[{"Deep":"pq"},{"Deep":"rs"}],"Unknown":{"x":1}})");
    EXPECT_EQ(parsed.message, "");
    EXPECT_EQ(parsed.type_error, "");
    EXPECT_EQ(parsed.value.name, "abc");
    EXPECT_EQ(parsed.value.hidden->Reveal(), "secret");
    EXPECT_EQ(parsed.value.count, 7);
    EXPECT_EQ(parsed.value.colour, Colour::kGreen);
    EXPECT_EQ(ToMicroseconds(*parsed.value.at), 1548099495428000);
    EXPECT_EQ(parsed.value.names->at(1), "cd");
    EXPECT_EQ(parsed.value.inners->at(1).deep, "rs");
}

TEST(Shape, PrintsWhatItReadAndLeavesOutWhatIsAbsent) {
    Outer value;
    value.name = "abc";
    value.at = FromMicroseconds(1548099495428000);
    value.inners = {{.deep = "pq"}};
    value.tags = std::map<std::string, std::string>{{"k", "v\n"}};
    EXPECT_EQ(PrintShape(value), R"({"Name":"abc","At":1548099495.428,"Tags":{"k":"v\n"},"Inners":[{"Deep":"pq"}]})");
    EXPECT_EQ(PrintShape(LoadShape<Outer>(PrintShape(value))), PrintShape(value));
}

TEST(Shape, HidesSensitiveMembersWhereAsked) {
    Outer value;
    value.name = "abc";
    value.hidden = Secret("password");
    JsonWriter out;
    PrintRedacted(kShape<Outer>, &value, out);
    EXPECT_EQ(out.View(), R"({"Name":"abc","Hidden":"HIDDEN_DUE_TO_SECURITY_REASONS"})");
}

TEST(Shape, NamesEveryViolationInOneMessage) {
    EXPECT_EQ(Parse(R"({"Count":61,"Hidden":"ab"})").message,
              "3 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be "
              "null; Value at "
              "'hidden' failed to satisfy constraint: Member must have length greater than or equal to 3; Value '61' "
              "at 'count' "
              "failed to satisfy constraint: Member must have value less than or equal to 60");
}

TEST(Shape, NamesTheConstraintInTheWordsOfTheService) {
    EXPECT_EQ(Parse(R"({"Name":"ABCDE"})").message,
              "2 validation errors detected: Value 'ABCDE' at 'name' failed to satisfy constraint: Member must have "
              "length less than or "
              "equal to 4; Value 'ABCDE' at 'name' failed to satisfy constraint: Member must satisfy regular "
              "expression pattern: [a-z]+");
    EXPECT_EQ(Parse(R"({"Name":"abc","Colour":"BLUE"})").message,
              "1 validation error detected: Value 'BLUE' at 'colour' failed to satisfy constraint: Member must satisfy "
              "enum value set: "
              "[GREEN, RED]");
    EXPECT_EQ(Parse(R"({"Name":"abc","Inner":{}})").message,
              "1 validation error detected: Value null at 'inner.deep' failed to satisfy constraint: Member must not "
              "be null");
    EXPECT_EQ(Parse(R"({"Name":"abc","Inners":[{"Deep":"ok"},{}]})").message,
              "1 validation error detected: Value null at 'inners.2.member.deep' failed to satisfy constraint: Member "
              "must not be null");
    EXPECT_EQ(Parse(R"({"Name":"abc","Names":["ab","X"]})").message,
              "1 validation error detected: Value '[ab, X]' at 'names' failed to satisfy constraint: Member must "
              "satisfy constraint: [Member "
              "must have length less than or equal to 4, Member must have length greater than or equal to 2, Member "
              "must satisfy regular "
              "expression pattern: [a-z]+]");
    EXPECT_EQ(Parse(R"({"Name":"abc","Names":["ab","ab","ab"]})").message,
              "1 validation error detected: Value '[ab, ab, ab]' at 'names' failed to satisfy constraint: Member must "
              "have length less than "
              "or equal to 2");
    EXPECT_EQ(Parse(R"({"Name":"abc","Tags":{"ab":"x"}})").message,
              "1 validation error detected: Value '{ab=x}' at 'tags' failed to satisfy constraint: Map value must "
              "satisfy constraint: [Member "
              "must have length less than or equal to 4, Member must have length greater than or equal to 2, Member "
              "must satisfy regular "
              "expression pattern: [a-z]+]");
}

TEST(Shape, TheMessageStaysSmallWhateverTheRequest) {
    std::string names = R"({"Name":"abc","Names":[")" + std::string(1000000, 'a') + "\"]}";
    EXPECT_LT(Parse(names).message.size(), 4096u);
    std::string inners = R"({"Name":"abc","Inners":[{})";
    for (int i = 0; i < 100000; ++i) inners += ",{}";
    EXPECT_LT(Parse(inners + "]}").message.size(), std::size_t{20} * 1024);
    EXPECT_LT(Parse(R"({"Name":")" + std::string(1000000, 'A') + "\"}").message.size(), 8192u);
    EXPECT_LT(Parse(R"({"Name":"abc","Tags":{"ab":")" + std::string(1000000, 'A') + "\"}}").message.size(), 8192u);
}

TEST(Shape, CutsAValueBetweenCharacters) {
    std::string long_name = "A";
    for (int i = 0; i < 1000; ++i) long_name += "\xc3\xa9";
    EXPECT_TRUE(JsonDocument::Parse("\"" + Parse(R"({"Name":")" + long_name + "\"}").message + "\""));
}

TEST(Shape, RefusesOtherJsonTypes) {
    EXPECT_EQ(Parse(R"({"Count":5.5})").type_error, "NUMBER_VALUE can not be converted to an Integer");
    EXPECT_EQ(Parse(R"({"Name":17})").type_error, "NUMBER_VALUE can not be converted to a String");
    EXPECT_EQ(Parse(R"({"Name":true})").type_error, "TRUE_VALUE can not be converted to a String");
    EXPECT_EQ(Parse(R"({"Count":"7"})").type_error, "STRING_VALUE can not be converted to an Integer");
    EXPECT_EQ(Parse(R"({"Count":99999999999})").type_error, "NUMBER_VALUE can not be converted to an Integer");
    EXPECT_EQ(Parse(R"({"Name":{}})").type_error, "Start of structure or map found where not expected.");
    EXPECT_EQ(Parse(R"({"Inner":[]})").type_error, "Start of list found where not expected");
    EXPECT_EQ(Parse(R"({"Names":"ab"})").type_error, "Expected list or null");
    EXPECT_EQ(Parse(R"({"Names":[1]})").type_error, "NUMBER_VALUE can not be converted to a String");
}

TEST(Shape, TakesNullAsAbsentAndTheFirstOfTwo) {
    const auto parsed = Parse(R"({"Name":"abc","Name":"xyz","Count":null})");
    EXPECT_EQ(parsed.value.name, "abc");
    EXPECT_FALSE(parsed.value.count.has_value());
    EXPECT_EQ(parsed.message, "");
}

TEST(Shape, CountsLengthsInUtf16Units) {
    EXPECT_EQ(Parse(R"({"Name":"abc","Hidden":"éé"})").message.substr(0, 30), "1 validation error detected: V");
    EXPECT_EQ(Parse(R"({"Name":"abc","Hidden":"😀é"})").message, "");
}

TEST(Shape, InheritsTheRowsOfABase) {
    Derived value;
    value.deep = "ab";
    value.more = 3;
    EXPECT_EQ(PrintShape(value), R"({"Deep":"ab","More":3})");
    EXPECT_EQ(LoadShape<Derived>(R"({"More":4,"Deep":"cd"})").deep, "cd");
}

TEST(Shape, DoesNotLoadWhatItDidNotWrite) {
    EXPECT_THROW(LoadShape<Outer>("{"), std::runtime_error);
    EXPECT_THROW(LoadShape<Outer>(R"({"Name":1})"), std::runtime_error);
    EXPECT_THROW(LoadShape<Outer>(R"({"Colour":"BLUE"})"), std::runtime_error);
}

TEST(Shape, PathsAreInLowerCamelCase) {
    EXPECT_EQ(LowerCamel("UserPoolId"), "userPoolId");
    EXPECT_EQ(LowerCamel("CSS"), "CSS");
    EXPECT_EQ(LowerCamel(""), "");
}

}  // namespace
}  // namespace cardea
