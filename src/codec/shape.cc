#include "codec/shape.h"

#include <cmath>
#include <stdexcept>

#include "base/check.h"
#include "codec/pattern.h"
#include "codec/text.h"

namespace cardea {

namespace {

constexpr std::int64_t kNoMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kNoMax = std::numeric_limits<std::int64_t>::max();

std::string JoinNames(std::span<const std::string_view> names) {
    std::string out = "[";
    for (const std::string_view name : names) {
        if (out.size() > 1) out += ", ";
        out += name;
    }
    return out + "]";
}

// The phrases of the constraints that a length or a number breaks (fact sheet user pools A.4).
template <class Report>
void CheckRange(std::int64_t value, const Limits& limits, std::string_view what, Report report) {
    if (limits.max != kNoMax && value > limits.max)
        report("Member must have " + std::string(what) + " less than or equal to " + std::to_string(limits.max));
    if (limits.min != kNoMin && value < limits.min)
        report("Member must have " + std::string(what) + " greater than or equal to " + std::to_string(limits.min));
}

template <class Report>
void CheckText(std::string_view text, const Limits& limits, Report report) {
    CheckRange(static_cast<std::int64_t>(Utf16Length(text)), limits, "length", report);
    // A value far beyond its limit is not worth matching.
    const bool too_long = limits.max != kNoMax && text.size() > static_cast<std::size_t>(limits.max) * 4;
    if (!limits.pattern.empty() && !too_long && !MatchesPattern(limits.pattern, text))
        report("Member must satisfy regular expression pattern: " + std::string(limits.pattern));
}

std::string ConstraintsOf(const Limits& limits, std::span<const std::string_view> names) {
    std::string out;
    const auto add = [&](const std::string& phrase) { out += (out.empty() ? "" : ", ") + phrase; };
    if (limits.max != kNoMax) add("Member must have length less than or equal to " + std::to_string(limits.max));
    if (limits.min != kNoMin) add("Member must have length greater than or equal to " + std::to_string(limits.min));
    if (!limits.pattern.empty()) add("Member must satisfy regular expression pattern: " + std::string(limits.pattern));
    if (!names.empty()) add("Member must satisfy enum value set: " + JoinNames(names));
    return out;
}

std::string_view TokenName(const JsonValue& json) {
    switch (json.Kind()) {
        case JsonKind::kBoolean:
            return json.Boolean() ? "TRUE_VALUE" : "FALSE_VALUE";
        case JsonKind::kText:
            return "STRING_VALUE";
        default:
            return "NUMBER_VALUE";
    }
}

// What a message shows of a value: long ones are cut, between characters.
constexpr std::size_t kShownBytes = 1024;

std::string Shown(std::string_view value) {
    if (value.size() <= kShownBytes) return std::string(value);
    std::size_t end = kShownBytes;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xc0) == 0x80) --end;
    return std::string(value.substr(0, end)) + "...";
}

// Adds what one value breaks.
struct Report {
    Violations& bad;
    std::string_view shown;
    const Limits& limits;
    const std::string& path;
    void operator()(const std::string& phrase) const {
        if (limits.sensitive) return bad.Add(std::nullopt, path, phrase);
        const std::string quoted = "'" + Shown(shown) + "'";
        bad.Add(quoted, path, phrase);
    }
};

// Walks a JSON document beside the description of a structure. `bad` is null where a stored document is read back:
// what was written is not checked again.
class Parser {
 public:
    explicit Parser(Violations* bad) : bad_(bad) {}

    void Structure(const ShapeInfo& shape, JsonValue json, void* out, const std::string& prefix) {
        if (json.Kind() != JsonKind::kObject) return Refuse(json, "structure");
        // In the order of the rows, so that violations stand in the model's order. Where a member stands twice the
        // first one counts.
        for (const FieldInfo& field : shape.fields) {
            const auto value = json.Find(field.wire);
            if (value && value->Kind() != JsonKind::kNull) {
                if (!error_) Value(*field.type, *field.limits, *value, field.at(out), prefix + Path(field));
            } else if (field.required && bad_) {
                bad_->Add(field.limits->sensitive ? std::nullopt : std::optional<std::string_view>("null"),
                          prefix + Path(field), "Member must not be null");
            }
        }
    }

    std::optional<WireTypeError> TakeError() { return std::move(error_); }

 private:
    std::string Path(const FieldInfo& field) const { return bad_ ? LowerCamel(field.wire) : std::string(); }

    void Value(const TypeInfo& type, const Limits& limits, JsonValue json, void* out, const std::string& path) {
        if (type.optional) out = type.emplace(out);
        switch (type.kind) {
            case TypeKind::kText:
                return Text(type, limits, json, out, path);
            case TypeKind::kEnum:
                return Enum(type, limits, json, out, path);
            case TypeKind::kBoolean:
                if (json.Kind() != JsonKind::kBoolean) return Refuse(json, "a Boolean");
                return type.set_whole(out, json.Boolean());
            case TypeKind::kWhole:
                return Whole(type, limits, json, out, path);
            case TypeKind::kTime:
                return Time(type, json, out);
            case TypeKind::kList:
                return List(type, limits, json, out, path);
            case TypeKind::kMap:
                return Map(type, limits, json, out, path);
            case TypeKind::kStructure:
                return Structure(*type.shape, json, out, bad_ ? path + "." : path);
        }
    }

    void Text(const TypeInfo& type, const Limits& limits, JsonValue json, void* out, const std::string& path) {
        if (json.Kind() != JsonKind::kText) return Refuse(json, "a String");
        type.set_text(out, json.Text());
        if (bad_) CheckText(json.Text(), limits, Report{*bad_, json.Text(), limits, path});
    }

    void Enum(const TypeInfo& type, const Limits& limits, JsonValue json, void* out, const std::string& path) {
        if (json.Kind() != JsonKind::kText) return Refuse(json, "a String");
        for (std::size_t i = 0; i < type.names.size(); ++i)
            if (type.names[i] == json.Text()) return type.set_whole(out, static_cast<std::int64_t>(i));
        if (bad_)
            Report{*bad_, json.Text(), limits, path}("Member must satisfy enum value set: " + JoinNames(type.listed));
        else
            throw std::runtime_error("a stored document has an unknown value of an enumeration");
    }

    void Whole(const TypeInfo& type, const Limits& limits, JsonValue json, void* out, const std::string& path) {
        std::int64_t value = 0;
        if (json.Kind() == JsonKind::kWhole)
            value = json.Whole();
        else if (json.Kind() == JsonKind::kReal && std::abs(json.Real()) < 9e15 &&
                 std::trunc(json.Real()) == json.Real())
            value = static_cast<std::int64_t>(json.Real());
        else
            return Refuse(json, "an Integer");
        if (value < type.least || value > type.greatest) return Refuse(json, "an Integer");
        type.set_whole(out, value);
        const std::string shown = std::to_string(value);
        if (bad_) CheckRange(value, limits, "value", Report{*bad_, shown, limits, path});
    }

    void Time(const TypeInfo& type, JsonValue json, void* out) {
        double seconds = 0;
        if (json.Kind() == JsonKind::kWhole)
            seconds = static_cast<double>(json.Whole());
        else if (json.Kind() == JsonKind::kReal)
            seconds = json.Real();
        else
            return Refuse(json, "a Timestamp");
        if (!(std::abs(seconds) < 1e11)) return Refuse(json, "a Timestamp");
        type.set_whole(out, std::llround(seconds * 1e3) * 1000);
    }

    void List(const TypeInfo& type, const Limits& limits, JsonValue json, void* out, const std::string& path) {
        if (json.Kind() != JsonKind::kArray) return Refuse(json, "list");
        const std::size_t count = json.ItemCount();
        const Limits& item_limits = limits.item ? *limits.item : kFree;
        const bool of_text = type.item->kind == TypeKind::kText || type.item->kind == TypeKind::kEnum;
        Limits quoted = limits;
        quoted.sensitive =
            limits.sensitive || item_limits.sensitive || (!of_text && count > 0);  // structures have no short text
        const std::string shown = bad_ && !quoted.sensitive ? ShownList(json) : std::string();
        if (bad_) CheckRange(static_cast<std::int64_t>(count), limits, "length", Report{*bad_, shown, quoted, path});
        if (bad_ && limits.max != kNoMax && count > static_cast<std::size_t>(limits.max)) return;
        int index = 0;
        bool bad_text = false;
        json.ForEachItem([&](JsonValue item) {
            ++index;
            if (error_ || item.Kind() == JsonKind::kNull || (bad_ && bad_->Full())) return;
            if (of_text)
                bad_text |= ListedText(type, item_limits, item, out, path);
            else
                Value(*type.item, item_limits, item, type.append(out), path + "." + std::to_string(index) + ".member");
        });
        // AWS reports the list, not the item.
        if (bad_text)
            Report{*bad_, shown, quoted,
                   path}("Member must satisfy constraint: [" + ConstraintsOf(item_limits, type.item->listed) + "]");
    }

    // Reads a text inside a list; whether it breaks a constraint.
    bool ListedText(const TypeInfo& list, const Limits& limits, JsonValue item, void* out, const std::string& path) {
        Violations inner;
        Parser parser(bad_ ? &inner : nullptr);
        parser.Value(*list.item, limits, item, list.append(out), path);
        error_ = parser.TakeError();
        return inner.Any();
    }

    void Map(const TypeInfo& type, const Limits& limits, JsonValue json, void* out, const std::string& path) {
        if (json.Kind() != JsonKind::kObject) return Refuse(json, "map");
        const Limits& value_limits = limits.item ? *limits.item : kFree;
        const Limits& key_limits = limits.key ? *limits.key : kFree;
        bool bad_key = false, bad_value = false;
        std::string shown = "{";
        json.ForEachMember([&](std::string_view key, JsonValue value) {
            if (error_ || value.Kind() == JsonKind::kNull) return;
            Violations inner;
            Parser parser(bad_ ? &inner : nullptr);
            parser.Value(*type.item, value_limits, value, type.insert(out, key), path);
            error_ = parser.TakeError();
            bad_value |= inner.Any();
            if (bad_) CheckText(key, key_limits, [&](const std::string&) { bad_key = true; });
            if (value.Kind() == JsonKind::kText && shown.size() <= kShownBytes)
                shown += (shown.size() > 1 ? ", " : "") + Shown(key) + "=" + Shown(value.Text());
        });
        if (!bad_) return;
        shown += "}";
        const auto report = Report{*bad_, shown, limits, path};
        CheckRange(static_cast<std::int64_t>(type.size(out)), limits, "length", report);
        if (bad_key) report("Map keys must satisfy constraint: [" + ConstraintsOf(key_limits, {}) + "]");
        if (bad_value)
            report("Map value must satisfy constraint: [" + ConstraintsOf(value_limits, type.item->listed) + "]");
    }

    // The items as a message shows them: [a, b]
    static std::string ShownList(JsonValue json) {
        std::string out = "[";
        json.ForEachItem([&](JsonValue item) {
            if (item.Kind() == JsonKind::kText && out.size() <= kShownBytes)
                out += (out.size() > 1 ? ", " : "") + Shown(item.Text());
        });
        return out + "]";
    }

    void Refuse(JsonValue json, std::string_view wanted) {
        if (!bad_) throw std::runtime_error("a stored document has a member of another type");
        const bool scalar = wanted.starts_with("a");
        if (json.Kind() == JsonKind::kObject)
            error_ = {"Start of structure or map found where not expected."};
        else if (json.Kind() == JsonKind::kArray)
            error_ = {"Start of list found where not expected"};
        else if (scalar)
            error_ = {std::string(TokenName(json)) + " can not be converted to " + std::string(wanted)};
        else
            error_ = {"Expected " + std::string(wanted) + " or null"};
    }

    Violations* bad_;
    std::optional<WireTypeError> error_;
};

void PrintValue(const TypeInfo& type, const Limits& limits, const void* value, JsonWriter& out, bool redact);

void PrintFields(const ShapeInfo& shape, const void* value, JsonWriter& out, bool redact) {
    out.BeginObject();
    for (const FieldInfo& field : shape.fields) {
        const void* member = field.at(const_cast<void*>(value));
        if (field.type->optional) member = field.type->inner(member);
        if (!member) continue;
        out.Key(field.wire);
        PrintValue(*field.type, *field.limits, member, out, redact);
    }
    out.EndObject();
}

void PrintValue(const TypeInfo& type, const Limits& limits, const void* value, JsonWriter& out, bool redact) {
    if (redact && (limits.sensitive || type.secret)) {
        out.Text("HIDDEN_DUE_TO_SECURITY_REASONS");
        return;
    }
    const Limits& inner = limits.item ? *limits.item : kFree;
    struct Walk {
        const TypeInfo& item;
        const Limits& limits;
        JsonWriter& out;
        bool redact;
    } walk{type.item ? *type.item : type, inner, out, redact};
    const auto visit = [](void* at, std::string_view key, const void* item) {
        const auto& w = *static_cast<Walk*>(at);
        if (key.data()) w.out.Key(key);
        PrintValue(w.item, w.limits, item, w.out, w.redact);
    };
    switch (type.kind) {
        case TypeKind::kText:
            out.Text(type.text(value));
            break;
        case TypeKind::kWhole:
            out.Whole(type.whole(value));
            break;
        case TypeKind::kBoolean:
            out.Boolean(type.whole(value) != 0);
            break;
        case TypeKind::kEnum:
            out.Text(type.names[static_cast<std::size_t>(type.whole(value))]);
            break;
        case TypeKind::kTime:
            out.Time(FromMicroseconds(type.whole(value)));
            break;
        case TypeKind::kStructure:
            PrintFields(*type.shape, value, out, redact);
            break;
        case TypeKind::kList:
            out.BeginArray();
            type.each(value, &walk, visit);
            out.EndArray();
            break;
        case TypeKind::kMap:
            out.BeginObject();
            type.each(value, &walk, visit);
            out.EndObject();
            break;
    }
}

}  // namespace

void Violations::Add(std::optional<std::string_view> value, std::string_view path, std::string_view constraint) {
    if (Full()) return;
    ++count_;
    if (!text_.empty()) text_ += "; ";
    text_ += "Value ";
    if (value) text_.append(*value).append(" ");
    text_.append("at '").append(path).append("' failed to satisfy constraint: ").append(constraint);
}

std::string Violations::Message() const {
    return std::to_string(count_) + (count_ == 1 ? " validation error detected: " : " validation errors detected: ") +
           text_;
}

std::optional<WireTypeError> ParseShape(const ShapeInfo& shape, JsonValue json, void* out, Violations& bad) {
    Parser parser(&bad);
    parser.Structure(shape, json, out, "");
    return parser.TakeError();
}

void PrintShape(const ShapeInfo& shape, const void* value, JsonWriter& out) { PrintFields(shape, value, out, false); }
void PrintRedacted(const ShapeInfo& shape, const void* value, JsonWriter& out) { PrintFields(shape, value, out, true); }

void LoadShape(const ShapeInfo& shape, std::string_view json, void* out) {
    const auto document = JsonDocument::Parse(json);
    if (!document) throw std::runtime_error("a stored document is not JSON");
    Parser(nullptr).Structure(shape, document->Root(), out, "");
}

std::string LowerCamel(std::string_view wire) {
    std::string out(wire);
    // As Java beans do it: CSS stays CSS, URLs stays URLs, UserPoolId becomes userPoolId.
    if (out.size() > 1 && out[1] >= 'A' && out[1] <= 'Z') return out;
    if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] - 'A' + 'a');
    return out;
}

}  // namespace cardea
