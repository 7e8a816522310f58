// LoadUsers: many users by Connection::Load, a table at a time and each in the order of its key.
#include <algorithm>
#include <map>

#include "store/rows.h"
#include "store/user_rows.h"
#include "store/users.h"

namespace cardea {

namespace {

constexpr std::string_view kCredentialTable[] = {"user_id", "pool_id", "scheme",   "salt",
                                                 "sealed",  "set_at",  "temporary"};
constexpr std::string_view kAliasTable[] = {"alias_key", "pool_id", "user_id", "kind"};

// "a, b, c" as its parts.
std::vector<std::string_view> Split(std::string_view columns) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto comma = columns.find(", ");
        parts.push_back(columns.substr(0, comma));
        if (comma == std::string_view::npos) return parts;
        columns.remove_prefix(comma + 2);
    }
}

void LoadUserTable(sql::Connection& db, std::span<const UserRow* const> rows) {
    auto at = rows.begin();
    std::string names;
    std::string attributes;
    db.Load("users", Split(kUserTableColumns), [&](std::span<sql::Value> values) {
        if (at == rows.end()) return false;
        const User& user = (*at)->user;
        names = PrintNames((*at)->aliases);
        attributes = PrintAttributes(user.attributes);
        ++at;
        const auto made = UserTableValues(user, names, attributes);
        std::copy(made.begin(), made.end(), values.begin());
        return true;
    });
}

void LoadCredentialTable(sql::Connection& db, std::span<const UserRow* const> rows) {
    auto at = rows.begin();
    db.Load("credentials", kCredentialTable, [&](std::span<sql::Value> values) {
        while (at != rows.end() && !(*at)->credential) ++at;
        if (at == rows.end()) return false;
        const Credential& credential = *(*at)->credential;
        const sql::Value made[] = {(*at)->user.id.Text(),
                                   (*at)->user.pool_id.Text(),
                                   NameOf(credential.scheme),
                                   sql::Bytes{credential.salt},
                                   sql::Bytes{credential.sealed},
                                   ToMicroseconds(credential.set_at),
                                   std::int64_t{credential.temporary}};
        ++at;
        std::copy(std::begin(made), std::end(made), values.begin());
        return true;
    });
}

struct AliasRow {
    std::string_view key;
    AliasKind kind;
    const User* user;
};

void LoadAliasTable(sql::Connection& db, std::span<const UserRow* const> rows) {
    std::vector<AliasRow> aliases;
    for (const UserRow* row : rows)
        for (std::size_t i = 0; i < row->aliases.size(); ++i) {
            const Alias& alias = row->aliases[i];
            const auto earlier = std::span(row->aliases).first(i);
            const auto same = [&](const Alias& other) { return other.key == alias.key; };
            if (std::none_of(earlier.begin(), earlier.end(), same))
                aliases.push_back({alias.key, alias.kind, &row->user});
        }
    std::sort(aliases.begin(), aliases.end(), [](const AliasRow& a, const AliasRow& b) { return a.key < b.key; });
    auto at = aliases.begin();
    db.Load("aliases", kAliasTable, [&](std::span<sql::Value> values) {
        if (at == aliases.end()) return false;
        const sql::Value made[] = {at->key, at->user->pool_id.Text(), at->user->id.Text(),
                                   static_cast<std::int64_t>(at->kind)};
        ++at;
        std::copy(std::begin(made), std::end(made), values.begin());
        return true;
    });
}

}  // namespace

void LoadUsers(sql::Connection& db, std::span<const UserRow> users) {
    std::vector<const UserRow*> rows;
    rows.reserve(users.size());
    for (const UserRow& user : users) rows.push_back(&user);
    std::sort(rows.begin(), rows.end(), [](const UserRow* a, const UserRow* b) { return a->user.id < b->user.id; });
    LoadUserTable(db, rows);
    LoadCredentialTable(db, rows);
    LoadAliasTable(db, rows);
    struct Counted {
        const User* one;  // any user of the pool and shard
        std::int64_t count = 0;
    };
    std::map<std::pair<std::string, std::int64_t>, Counted> counts;
    for (const UserRow* row : rows) {
        Counted& counted = counts[{row->user.pool_id.Text(), ShardOf(row->user.id)}];
        counted.one = &row->user;
        ++counted.count;
    }
    for (const auto& [place, counted] : counts) CountUser(db, counted.one->pool_id, counted.one->id, counted.count);
}

}  // namespace cardea
