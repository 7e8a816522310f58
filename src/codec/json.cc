#include "codec/json.h"

#include <charconv>
#include <cstring>
#include <simdjson.h>
#include <vector>

#include "base/check.h"

namespace cardea {

namespace {

constexpr std::size_t kDepth = 32;
constexpr std::size_t kKeptCapacity = std::size_t{256} * 1024;

}  // namespace

using Element = simdjson::dom::element;
static_assert(sizeof(Element) <= 16 && std::is_trivially_copyable_v<Element>);

struct JsonAccess {
    static Element Native(const JsonValue& value) {
        Element out;
        std::memcpy(static_cast<void*>(&out), value.native_, sizeof out);
        return out;
    }
    static JsonValue Wrap(const Element& element) {
        JsonValue out;
        std::memcpy(out.native_, static_cast<const void*>(&element), sizeof element);
        return out;
    }
};

struct JsonDocument::Parser {
    simdjson::dom::parser native;
    // Parsers that no document uses, kept for the thread's next one.
    static std::vector<std::unique_ptr<Parser>>& Idle() {
        static thread_local std::vector<std::unique_ptr<Parser>> idle;
        return idle;
    }
};

JsonKind JsonValue::Kind() const {
    switch (JsonAccess::Native(*this).type()) {
        case simdjson::dom::element_type::ARRAY:
            return JsonKind::kArray;
        case simdjson::dom::element_type::OBJECT:
            return JsonKind::kObject;
        case simdjson::dom::element_type::INT64:
            return JsonKind::kWhole;
        case simdjson::dom::element_type::UINT64:
        case simdjson::dom::element_type::DOUBLE:
            return JsonKind::kReal;
        case simdjson::dom::element_type::STRING:
            return JsonKind::kText;
        case simdjson::dom::element_type::BOOL:
            return JsonKind::kBoolean;
        case simdjson::dom::element_type::NULL_VALUE:
            break;
    }
    return JsonKind::kNull;
}

bool JsonValue::Boolean() const {
    bool out = false;
    CHECK(JsonAccess::Native(*this).get(out) == simdjson::SUCCESS);
    return out;
}

std::int64_t JsonValue::Whole() const {
    std::int64_t out = 0;
    CHECK(JsonAccess::Native(*this).get(out) == simdjson::SUCCESS);
    return out;
}

double JsonValue::Real() const {
    double out = 0;
    CHECK(JsonAccess::Native(*this).get(out) == simdjson::SUCCESS);
    return out;
}

std::string_view JsonValue::Text() const {
    std::string_view out;
    CHECK(JsonAccess::Native(*this).get(out) == simdjson::SUCCESS);
    return out;
}

std::size_t JsonValue::ItemCount() const {
    std::size_t count = 0;
    ForEachItem([&](JsonValue) { ++count; });
    return count;
}

std::optional<JsonValue> JsonValue::Find(std::string_view key) const {
    std::optional<JsonValue> found;
    if (Kind() != JsonKind::kObject) return found;
    ForEachMember([&](std::string_view name, JsonValue value) {
        if (name == key && !found) found = value;
    });
    return found;
}

void JsonValue::EachMember(void* visit, void (*call)(void*, std::string_view, JsonValue)) const {
    simdjson::dom::object object;
    CHECK(JsonAccess::Native(*this).get(object) == simdjson::SUCCESS);
    for (const simdjson::dom::key_value_pair member : object) call(visit, member.key, JsonAccess::Wrap(member.value));
}

void JsonValue::EachItem(void* visit, void (*call)(void*, JsonValue)) const {
    simdjson::dom::array array;
    CHECK(JsonAccess::Native(*this).get(array) == simdjson::SUCCESS);
    for (const Element item : array) call(visit, JsonAccess::Wrap(item));
}

std::string JsonValue::Print() const { return simdjson::minify(JsonAccess::Native(*this)); }

JsonDocument::JsonDocument(std::unique_ptr<Parser> parser) : parser_(std::move(parser)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;

JsonDocument::~JsonDocument() {
    if (parser_ && parser_->native.capacity() <= kKeptCapacity) Parser::Idle().push_back(std::move(parser_));
}

std::optional<JsonDocument> JsonDocument::Parse(std::string_view text, JsonFault* fault) {
    auto& idle = Parser::Idle();
    std::unique_ptr<Parser> parser;
    if (idle.empty()) {
        parser = std::make_unique<Parser>();
    } else {
        parser = std::move(idle.back());
        idle.pop_back();
    }
    JsonDocument document(std::move(parser));
    simdjson::dom::parser& native = document.parser_->native;
    if (native.max_depth() != kDepth && native.allocate(4096, kDepth) != simdjson::SUCCESS) return std::nullopt;
    Element root;
    const simdjson::error_code error = native.parse(text.data(), text.size()).get(root);
    if (error != simdjson::SUCCESS) {
        if (fault) *fault = error == simdjson::NUMBER_ERROR ? JsonFault::kNumber : JsonFault::kSyntax;
        return std::nullopt;
    }
    document.root_ = JsonAccess::Wrap(root);
    return document;
}

void AppendJsonText(std::string& out, std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, plain, i - plain);
        plain = i + 1;
        out += '\\';
        switch (c) {
            case '"':
            case '\\':
                out += static_cast<char>(c);
                break;
            case '\n':
                out += 'n';
                break;
            case '\r':
                out += 'r';
                break;
            case '\t':
                out += 't';
                break;
            case '\b':
                out += 'b';
                break;
            case '\f':
                out += 'f';
                break;
            default:
                out += "u00";
                out += kHex[c >> 4];
                out += kHex[c & 15];
        }
    }
    out.append(text, plain);
    out += '"';
}

void JsonWriter::Separate() {
    if (out_.empty()) return;
    const char last = out_.back();
    if (last != '{' && last != '[' && last != ':') out_ += ',';
}

JsonWriter& JsonWriter::Open(char c) {
    Separate();
    out_ += c;
    return *this;
}

JsonWriter& JsonWriter::Close(char c) {
    out_ += c;
    return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
    Separate();
    AppendJsonText(out_, key);
    out_ += ':';
    return *this;
}

JsonWriter& JsonWriter::Text(std::string_view value) {
    Separate();
    AppendJsonText(out_, value);
    return *this;
}

JsonWriter& JsonWriter::Whole(std::int64_t value) {
    Separate();
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out_.append(digits, end);
    return *this;
}

JsonWriter& JsonWriter::Boolean(bool value) { return Raw(value ? "true" : "false"); }

JsonWriter& JsonWriter::Time(Instant value) {
    const std::int64_t milliseconds = std::chrono::floor<std::chrono::milliseconds>(value).time_since_epoch().count();
    CHECK(milliseconds >= 0);
    Whole(milliseconds / 1000);
    const auto rest = static_cast<int>(milliseconds % 1000);
    out_ += '.';
    out_ += static_cast<char>('0' + rest / 100);
    out_ += static_cast<char>('0' + rest / 10 % 10);
    out_ += static_cast<char>('0' + rest % 10);
    return *this;
}

JsonWriter& JsonWriter::Raw(std::string_view json) {
    Separate();
    out_ += json;
    return *this;
}

}  // namespace cardea
