// JSON, and the shapes that requests are read into.
#include "codec/json.h"

#include "base/check.h"
#include "codec/shape.h"
#include "targets.h"

namespace cardea {

namespace {

enum class Colour : std::uint8_t { kRed, kGreen };

}  // namespace

template <>
struct EnumNames<Colour> {
    static constexpr std::array<std::string_view, 2> kNames{"RED", "GREEN"};
};

namespace {

constexpr Limits kName{.min = 2, .max = 8, .pattern = "[\\p{L}\\p{N}]+"};
constexpr Limits kNames{.max = 3, .item = &kName};
constexpr Limits kTags{.max = 3, .item = &kName, .key = &kName};

struct Inner {
    std::string deep;
    static constexpr auto kFields = Fields(Field<&Inner::deep>("Deep", kName));
};

// One member of each kind.
struct Everything {
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
        Fields(Field<&Everything::name>("Name", kName), Field<&Everything::hidden>("Hidden"),
               Field<&Everything::count>("Count"), Field<&Everything::flag>("Flag"),
               Field<&Everything::colour>("Colour"), Field<&Everything::at>("At"),
               Field<&Everything::names>("Names", kNames), Field<&Everything::tags>("Tags", kTags),
               Field<&Everything::inner>("Inner"), Field<&Everything::inners>("Inners"));
};

// What is printed is JSON that reads back as the same.
std::string PrintAgain(const std::string& json) {
    const auto document = JsonDocument::Parse(json);
    CHECK(document.has_value());
    return document->Root().Print();
}

}  // namespace

void FuzzJson(std::string_view bytes) {
    const auto document = JsonDocument::Parse(bytes);
    if (!document) return;
    const std::string printed = document->Root().Print();
    CHECK(PrintAgain(printed) == printed);
    Everything value;
    Violations bad;
    if (ParseShape(document->Root(), value, bad)) return;
    const std::string shaped = PrintShape(value);
    CHECK(JsonDocument::Parse(shaped).has_value());
    JsonWriter redacted;
    PrintRedacted(kShape<Everything>, &value, redacted);
    CHECK(JsonDocument::Parse(redacted.View()).has_value());
}

}  // namespace cardea
