// LoadUsers: many users by Connection::Load, a table at a time and each in the order of its key.
#include <algorithm>
#include <map>

#include "store/rows.h"
#include "store/user_rows.h"
#include "store/users.h"

namespace cardea {

namespace {

constexpr std::string_view kUserTable[] = {
    "user_id",   "pool_id", "version",      "sign_outs", "enabled",    "created_at",  "modified_at",        "status",
    "username",  "email",   "phone_number", "name",      "given_name", "family_name", "preferred_username", "names",
    "attributes"};
constexpr std::string_view kCredentialTable[] = {"user_id", "pool_id", "scheme",   "salt",
                                                 "sealed",  "set_at",  "temporary"};
constexpr std::string_view kAliasTable[] = {"alias_key", "pool_id", "user_id", "kind"};

sql::Value Searched(const User& user, std::string_view attribute) {
    return sql::OrNull(SearchedPart(Find(user.attributes, attribute)));
}

void LoadUserTable(sql::Connection& db, std::span<const UserRow* const> rows) {
    auto at = rows.begin();
    std::string names;
    std::string attributes;
    db.Load("users", kUserTable, [&](std::span<sql::Value> values) {
        if (at == rows.end()) return false;
        const User& user = (*at)->user;
        names = PrintNames((*at)->aliases);
        attributes = PrintAttributes(user.attributes);
        ++at;
        const sql::Value made[] = {user.id.Text(),
                                   user.pool_id.Text(),
                                   user.version,
                                   user.sign_outs,
                                   std::int64_t{user.enabled},
                                   ToMicroseconds(user.created_at),
                                   ToMicroseconds(user.modified_at),
                                   NameOf(user.status),
                                   user.username,
                                   Searched(user, "email"),
                                   Searched(user, "phone_number"),
                                   Searched(user, "name"),
                                   Searched(user, "given_name"),
                                   Searched(user, "family_name"),
                                   Searched(user, "preferred_username"),
                                   names,
                                   attributes};
        std::copy(std::begin(made), std::end(made), values.begin());
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
