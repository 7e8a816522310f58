#pragma once
// JSON: a reader that validates the whole document first (simdjson's DOM), and a writer that appends.
//
//   const auto document = JsonDocument::Parse(body);
//   if (!document) …                                   // not JSON, or too deep
//   document->Root().ForEachMember([](std::string_view key, JsonValue value) { … });
//
//   JsonWriter out;
//   out.BeginObject().Key("Name").Text(name).EndObject();
//   return out.Take();

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace cardea {

enum class JsonKind : std::uint8_t { kNull, kBoolean, kWhole, kReal, kText, kArray, kObject };

// A value inside a JsonDocument: valid while the document lives. Cheap to copy.
class JsonValue {
 public:
    JsonKind Kind() const;
    // Each of these CHECKs that the value is of its kind.
    bool Boolean() const;
    std::int64_t Whole() const;
    double Real() const;
    std::string_view Text() const;
    std::size_t ItemCount() const;

    // The member of that name, the first one where a name stands twice; nothing where this is no object.
    std::optional<JsonValue> Find(std::string_view key) const;
    // Calls visit(key, value) for each member of an object, in order.
    template <class Visit>
    void ForEachMember(Visit visit) const {
        EachMember(&visit,
                   [](void* v, std::string_view key, JsonValue value) { (*static_cast<Visit*>(v))(key, value); });
    }
    // Calls visit(value) for each item of an array, in order.
    template <class Visit>
    void ForEachItem(Visit visit) const {
        EachItem(&visit, [](void* v, JsonValue value) { (*static_cast<Visit*>(v))(value); });
    }
    // The value as compact JSON text.
    std::string Print() const;

 private:
    friend class JsonDocument;
    friend struct JsonAccess;
    void EachMember(void* visit, void (*call)(void*, std::string_view, JsonValue)) const;
    void EachItem(void* visit, void (*call)(void*, JsonValue)) const;
    alignas(8) unsigned char native_[16];
};

// Why a text is no document.
enum class JsonFault : std::uint8_t {
    kSyntax,  // not JSON, not UTF-8, or too deep
    kNumber   // a number that is malformed or fits neither 64 bits nor a double
};

// A parsed document. Movable; its parser's memory is kept for the thread's next document.
class JsonDocument {
 public:
    // Nothing where the text is not valid JSON (RFC 8259, UTF-8) or nests deeper than 32 levels; `fault`, where it is
    // given, says why.
    static std::optional<JsonDocument> Parse(std::string_view text, JsonFault* fault = nullptr);
    JsonValue Root() const { return root_; }
    JsonDocument(JsonDocument&&) noexcept;
    JsonDocument& operator=(JsonDocument&&) = delete;
    ~JsonDocument();

 private:
    struct Parser;
    explicit JsonDocument(std::unique_ptr<Parser> parser);
    std::unique_ptr<Parser> parser_;
    JsonValue root_;
};

// Appends compact JSON. Commas are its own business.
class JsonWriter {
 public:
    JsonWriter& BeginObject() { return Open('{'); }
    JsonWriter& EndObject() { return Close('}'); }
    JsonWriter& BeginArray() { return Open('['); }
    JsonWriter& EndArray() { return Close(']'); }
    JsonWriter& Key(std::string_view key);
    JsonWriter& Text(std::string_view value);
    JsonWriter& Whole(std::int64_t value);
    JsonWriter& Boolean(bool value);
    // Seconds since 1970 with milliseconds, as AWS JSON 1.1 writes times: 1548099495.428
    JsonWriter& Time(Instant value);
    // A value that is JSON already.
    JsonWriter& Raw(std::string_view json);
    std::string_view View() const { return out_; }
    std::string Take() { return std::move(out_); }

 private:
    JsonWriter& Open(char c);
    JsonWriter& Close(char c);
    void Separate();
    std::string out_;
};

// The text in quotes, escaped.
void AppendJsonText(std::string& out, std::string_view text);

}  // namespace cardea
