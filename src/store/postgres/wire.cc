#include "store/postgres/wire.h"

#include "store/postgres/text.h"

namespace cardea::postgres {

namespace {

// pg_type.dat: these numbers never change.
constexpr Oid kBool = 16;
constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kText = 25;

// In network order.
template <class Whole>
std::string Encode(Whole value) {
    std::string out(sizeof value, '\0');
    for (std::size_t i = 0; i < sizeof value; ++i)
        out[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> 8 * (sizeof value - 1 - i) & 0xff);
    return out;
}

std::int64_t Decode(std::string_view bytes) {
    std::uint64_t value = static_cast<signed char>(bytes.front()) < 0 ? ~std::uint64_t{0} : 0;
    for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(value);
}

}  // namespace

Parameters::Parameters(std::span<const sql::Value> values) {
    const auto add = [this](Oid type, std::string_view bytes) {
        types_.push_back(type);
        pointers_.push_back(bytes.data() ? bytes.data() : "");
        lengths_.push_back(static_cast<int>(bytes.size()));
        formats_.push_back(1);
    };
    for (const sql::Value& value : values) {
        if (std::holds_alternative<std::monostate>(value)) {
            add(0, "");
            pointers_.back() = nullptr;
        } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
            add(kInt8, owned_.emplace_back(Encode(*whole)));
        } else if (const auto* text = std::get_if<std::string_view>(&value)) {
            add(kText, NeedsEscape(*text) ? owned_.emplace_back(Escape(*text)) : *text);
        } else {
            add(kBytea, std::get<sql::Bytes>(value).bytes);
        }
    }
}

std::string_view ResultRow::Raw(int column) const {
    return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

std::int64_t ResultRow::Whole(int column) const {
    if (IsNull(column)) return 0;
    const Oid type = PQftype(result_, column);
    if (type != kInt8 && type != kInt4 && type != kInt2 && type != kBool)
        throw sql::DatabaseError("PostgreSQL: a column of type " + std::to_string(type) + " is no whole number");
    return Decode(Raw(column));
}

std::string_view ResultRow::Text(int column) const {
    const Oid type = PQftype(result_, column);
    if (type == kInt8 || type == kInt4 || type == kInt2 || type == kBool)
        throw sql::DatabaseError("PostgreSQL: a column of type " + std::to_string(type) + " is no text");
    const std::string_view raw = Raw(column);
    if (type == kBytea || !IsEscaped(raw)) return raw;
    return unescaped_.emplace_back(Unescape(raw));
}

void BeginCopy(std::string& out) {
    out.append("PGCOPY\n\377\r\n\0", 11);
    out += Encode(std::int32_t{0});  // flags
    out += Encode(std::int32_t{0});  // no extension
}

void AppendCopyRow(std::string& out, std::span<const sql::Value> values) {
    out += Encode(static_cast<std::int16_t>(values.size()));
    const auto add = [&](std::string_view bytes) {
        out += Encode(static_cast<std::int32_t>(bytes.size()));
        out += bytes;
    };
    for (const sql::Value& value : values) {
        if (std::holds_alternative<std::monostate>(value)) {
            out += Encode(std::int32_t{-1});
        } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
            add(Encode(*whole));
        } else if (const auto* text = std::get_if<std::string_view>(&value)) {
            if (NeedsEscape(*text))
                add(Escape(*text));
            else
                add(*text);
        } else {
            add(std::get<sql::Bytes>(value).bytes);
        }
    }
}

void EndCopy(std::string& out) { out += Encode(std::int16_t{-1}); }

}  // namespace cardea::postgres
