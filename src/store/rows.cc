#include "store/rows.h"

#include "codec/json.h"

namespace cardea {

namespace {

JsonDocument ParseColumn(std::string_view column, JsonKind kind, const char* what) {
    auto document = JsonDocument::Parse(column);
    if (!document || document->Root().Kind() != kind) throw sql::DatabaseError(std::string("not JSON: ") + what);
    return std::move(*document);
}

Attributes ParseAttributes(std::string_view column) {
    const JsonDocument document = ParseColumn(column, JsonKind::kObject, "a user's attributes");
    Attributes attributes;
    document.Root().ForEachMember([&](std::string_view name, JsonValue value) {
        if (value.Kind() != JsonKind::kText) throw sql::DatabaseError("a user's attribute is no text");
        attributes.emplace_hint(attributes.end(), name, value.Text());
    });
    return attributes;
}

std::optional<std::string> TextOrNothing(const sql::Row& row, int column) {
    if (row.IsNull(column)) return std::nullopt;
    return std::string(row.Text(column));
}

}  // namespace

User ReadUser(const sql::Row& row, const PoolId& pool, int first_column) {
    const int c = first_column;
    const auto status = EnumFrom<UserStatus>(row.Text(c + 3));
    if (!status) throw sql::DatabaseError("a user's status is unknown");
    return {.pool_id = pool,
            .id = UserId(std::string(row.Text(c))),
            .username = std::string(row.Text(c + 1)),
            .status = *status,
            .enabled = row.Whole(c + 4) != 0,
            .created_at = FromMicroseconds(row.Whole(c + 5)),
            .modified_at = FromMicroseconds(row.Whole(c + 6)),
            .attributes = ParseAttributes(row.Text(c + 2)),
            .sign_outs = row.Whole(c + 7),
            .version = row.Whole(c + 8)};
}

Group ReadGroup(const sql::Row& row, const PoolId& pool, int first_column) {
    const int c = first_column;
    Group group{.pool_id = pool,
                .id = GroupId(std::string(row.Text(c))),
                .name = std::string(row.Text(c + 1)),
                .description = TextOrNothing(row, c + 2),
                .role_arn = TextOrNothing(row, c + 3),
                .precedence = std::nullopt,
                .created_at = FromMicroseconds(row.Whole(c + 5)),
                .modified_at = FromMicroseconds(row.Whole(c + 6))};
    if (!row.IsNull(c + 4)) group.precedence = static_cast<int>(row.Whole(c + 4));
    return group;
}

std::string PrintAttributes(const Attributes& attributes) {
    JsonWriter out;
    out.BeginObject();
    for (const auto& [name, value] : attributes) out.Key(name).Text(value);
    out.EndObject();
    return out.Take();
}

std::string PrintNames(std::span<const Alias> names) {
    JsonWriter out;
    out.BeginArray();
    for (const Alias& alias : names) out.Whole(static_cast<std::int64_t>(alias.kind)).Text(alias.key);
    out.EndArray();
    return out.Take();
}

std::vector<Alias> ParseNames(std::string_view column) {
    const JsonDocument document = ParseColumn(column, JsonKind::kArray, "a user's names");
    std::vector<Alias> names;
    std::optional<AliasKind> kind;
    document.Root().ForEachItem([&](JsonValue item) {
        if (item.Kind() != (kind ? JsonKind::kText : JsonKind::kWhole))
            throw sql::DatabaseError("a user's name is odd");
        if (kind) {
            names.push_back({*kind, std::string(item.Text())});
            kind.reset();
        } else {
            kind = static_cast<AliasKind>(item.Whole());
        }
    });
    return names;
}

std::map<std::string, AliasKind> KindByKey(std::span<const Alias> names) {
    std::map<std::string, AliasKind> kinds;
    for (const Alias& alias : names) kinds.emplace(alias.key, alias.kind);
    return kinds;
}

std::optional<std::string_view> SearchedPart(std::optional<std::string_view> value) {
    if (!value) return std::nullopt;
    std::size_t characters = 0;
    for (std::size_t i = 0; i < value->size(); ++i) {
        const bool starts = (static_cast<unsigned char>((*value)[i]) & 0xC0) != 0x80;
        if (starts && ++characters > kSearchedCharacters) return value->substr(0, i);
    }
    return value;
}

std::int64_t ShardOf(const UserId& id) {
    static constexpr std::uint64_t kShards = 64;
    std::uint64_t hash = 14695981039346656037u;  // FNV-1a
    for (const char c : id.Text()) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return static_cast<std::int64_t>((hash >> 32) % kShards);
}

}  // namespace cardea
