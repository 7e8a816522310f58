#include "store/aliases.h"

#include "store/users.h"

namespace cardea {

namespace {

constexpr std::string_view kAdd =
    "INSERT INTO aliases (alias_key, pool_id, user_id, kind) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (alias_key, pool_id) DO NOTHING";
constexpr std::string_view kFind = "SELECT user_id, kind FROM aliases WHERE alias_key = $1 AND pool_id = $2";
constexpr std::string_view kSetKind =
    "UPDATE aliases SET kind = $1 WHERE alias_key = $2 AND pool_id = $3 AND user_id = $4";
constexpr std::string_view kDelete = "DELETE FROM aliases WHERE alias_key = $1 AND pool_id = $2 AND user_id = $3";

}  // namespace

std::optional<FoundAlias> FindAlias(sql::Connection& db, const PoolId& pool, std::string_view key) {
    std::optional<FoundAlias> found;
    Query(db, kFind, {key, pool.Text()}, [&](const sql::Row& row) {
        found = {UserId(std::string(row.Text(0))), static_cast<AliasKind>(row.Whole(1))};
    });
    return found;
}

std::optional<AliasKind> ChangeAliases(sql::Connection& db, const PoolId& pool, const UserId& user,
                                       const std::map<std::string, AliasKind>& before,
                                       const std::map<std::string, AliasKind>& after) {
    std::vector<std::string_view> added;
    for (const auto& [key, kind] : after) {
        if (before.contains(key)) continue;
        if (Execute(db, kAdd, {key, pool.Text(), user.Text(), static_cast<std::int64_t>(kind)}) == 1) {
            added.push_back(key);
            continue;
        }
        for (const std::string_view mine : added) Execute(db, kDelete, {mine, pool.Text(), user.Text()});
        return kind;
    }
    for (const auto& [key, kind] : before) {
        const auto kept = after.find(key);
        if (kept == after.end())
            Execute(db, kDelete, {key, pool.Text(), user.Text()});
        else if (kept->second != kind)
            Execute(db, kSetKind, {static_cast<std::int64_t>(kept->second), key, pool.Text(), user.Text()});
    }
    return std::nullopt;
}

}  // namespace cardea
