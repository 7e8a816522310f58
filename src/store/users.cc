#include "store/users.h"

#include "base/check.h"
#include "store/aliases.h"
#include "store/rows.h"
#include "store/statement.h"
#include "store/user_rows.h"

namespace cardea {

namespace {

constexpr auto kAdd = Join("INSERT INTO users (", kUserTableColumns,
                           ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
constexpr auto kFind = Join("SELECT ", kUserColumns, " FROM users WHERE users.user_id = $1 AND users.pool_id = $2");
constexpr std::string_view kFindNames = "SELECT names, version FROM users WHERE user_id = $1 AND pool_id = $2";
constexpr std::string_view kUpdate =
    "UPDATE users SET version = version + 1, sign_outs = $1, enabled = $2, modified_at = $3, status = $4, "
    "username = $5, email = $6, phone_number = $7, name = $8, given_name = $9, family_name = $10, "
    "preferred_username = $11, attributes = $12, names = COALESCE($13, names) "
    "WHERE user_id = $14 AND pool_id = $15 AND version = $16";

constexpr std::string_view kDelete = "DELETE FROM users WHERE user_id = $1 AND pool_id = $2";
constexpr std::string_view kDeleteParts[] = {"DELETE FROM memberships WHERE user_id = $1 AND pool_id = $2",
                                             "DELETE FROM credentials WHERE user_id = $1 AND pool_id = $2",
                                             "DELETE FROM password_history WHERE user_id = $1 AND pool_id = $2",
                                             "DELETE FROM codes WHERE user_id = $1 AND pool_id = $2",
                                             "DELETE FROM consumed_sessions WHERE user_id = $1 AND pool_id = $2",
                                             "DELETE FROM revoked_sign_ins WHERE user_id = $1 AND pool_id = $2",
                                             "DELETE FROM token_families WHERE user_id = $1 AND pool_id = $2"};
constexpr std::string_view kListGroupIds = "SELECT group_id FROM memberships WHERE user_id = $1 AND pool_id = $2";
constexpr std::string_view kDeleteMember = "DELETE FROM members WHERE group_id = $1 AND user_id = $2";
constexpr std::string_view kCountUser =
    "INSERT INTO pool_users (pool_id, shard, user_count) VALUES ($1, $2, $3) "
    "ON CONFLICT (pool_id, shard) DO UPDATE SET user_count = pool_users.user_count + excluded.user_count";

sql::Value Searched(const User& user, std::string_view attribute) {
    return sql::OrNull(SearchedPart(Find(user.attributes, attribute)));
}

}  // namespace

std::array<sql::Value, 17> UserTableValues(const User& user, std::string_view names, std::string_view attributes) {
    return {user.id.Text(),
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
}

AddUserOutcome AddUser(sql::Connection& db, const User& user, const std::optional<Credential>& credential,
                       std::span<const Alias> aliases) {
    if (const auto taken = ChangeAliases(db, user.pool_id, user.id, {}, KindByKey(aliases)))
        return {.added = false, .taken = *taken};
    const std::string names = PrintNames(aliases);
    const std::string attributes = PrintAttributes(user.attributes);
    db.Execute(kAdd, UserTableValues(user, names, attributes));
    if (credential) PutCredential(db, user.pool_id, *credential);
    CountUser(db, user.pool_id, user.id, 1);
    return {.added = true};
}

std::optional<User> FindUser(sql::Connection& db, const PoolId& pool, const UserId& id) {
    std::optional<User> user;
    Query(db, kFind, {id.Text(), pool.Text()}, [&](const sql::Row& row) { user = ReadUser(row, pool); });
    return user;
}

namespace {

struct StoredNames {
    std::vector<Alias> names;
    std::int64_t version = 0;
};

std::optional<StoredNames> FindNames(sql::Connection& db, const PoolId& pool, const UserId& id) {
    std::optional<StoredNames> found;
    Query(db, kFindNames, {id.Text(), pool.Text()}, [&](const sql::Row& row) {
        found = {ParseNames(row.Text(0)), row.Whole(1)};
    });
    return found;
}

bool Contains(std::span<const Alias> names, const Alias& wanted) {
    for (const Alias& alias : names)
        if (alias.kind == wanted.kind && alias.key == wanted.key) return true;
    return false;
}

// The names stay as they are where none are given.
bool UpdateRow(sql::Connection& db, const User& user, const std::optional<std::string>& names) {
    return Execute(db, kUpdate,
                   {user.sign_outs, std::int64_t{user.enabled}, ToMicroseconds(user.modified_at), NameOf(user.status),
                    user.username, Searched(user, "email"), Searched(user, "phone_number"), Searched(user, "name"),
                    Searched(user, "given_name"), Searched(user, "family_name"), Searched(user, "preferred_username"),
                    PrintAttributes(user.attributes), sql::OrNull(names), user.id.Text(), user.pool_id.Text(),
                    user.version}) == 1;
}

}  // namespace

// The names come first, because they can be taken back: when one of them is another user's, nothing has happened. The
// row cannot change between its two statements: a transaction that writes it meets nobody, or is begun again.
Update UpdateUser(sql::Connection& db, User& user, std::span<const Alias> add, std::span<const Alias> remove) {
    if (add.empty() && remove.empty()) {
        if (!UpdateRow(db, user, std::nullopt)) return Update::kConflict;
        ++user.version;
        return Update::kUpdated;
    }
    const auto stored = FindNames(db, user.pool_id, user.id);
    if (!stored || stored->version != user.version) return Update::kConflict;
    std::vector<Alias> names;
    for (const Alias& alias : stored->names)
        if (!Contains(remove, alias)) names.push_back(alias);
    for (const Alias& alias : add)
        if (!Contains(names, alias)) names.push_back(alias);
    if (ChangeAliases(db, user.pool_id, user.id, KindByKey(stored->names), KindByKey(names)))
        return Update::kAliasTaken;
    if (!UpdateRow(db, user, PrintNames(names)))
        throw sql::DatabaseError("a user changed while its names did", sql::Refusal::kConflict);
    ++user.version;
    return Update::kUpdated;
}

void TakeAlias(sql::Connection& db, const PoolId& pool, const Alias& alias, Instant now) {
    const auto found = FindAlias(db, pool, alias.key);
    // A username is never taken from anybody.
    if (!found || found->kind == AliasKind::kUsername) return;
    auto owner = FindUser(db, pool, found->user_id);
    if (!owner) return;
    if (found->kind == AliasKind::kEmail) owner->attributes["email_verified"] = "false";
    if (found->kind == AliasKind::kPhoneNumber) owner->attributes["phone_number_verified"] = "false";
    owner->modified_at = now;
    const Alias removed[] = {{found->kind, alias.key}};
    if (UpdateUser(db, *owner, {}, removed) != Update::kUpdated)
        throw sql::DatabaseError("a user changed while its name was taken", sql::Refusal::kConflict);
}

bool DeleteUser(sql::Connection& db, const PoolId& pool, const UserId& id) {
    const auto stored = FindNames(db, pool, id);
    if (!stored) return false;
    DeleteUserRows(db, pool, id, stored->names);
    CountUser(db, pool, id, -1);
    return true;
}

void DeleteUserRows(sql::Connection& db, const PoolId& pool, const UserId& id, std::span<const Alias> names) {
    CHECK(!ChangeAliases(db, pool, id, KindByKey(names), {}));
    std::vector<std::string> groups;
    Query(db, kListGroupIds, {id.Text(), pool.Text()}, [&](const sql::Row& row) { groups.emplace_back(row.Text(0)); });
    for (const std::string& group : groups) Execute(db, kDeleteMember, {group, id.Text()});
    for (const std::string_view statement : kDeleteParts) Execute(db, statement, {id.Text(), pool.Text()});
    Execute(db, kDelete, {id.Text(), pool.Text()});
}

void CountUser(sql::Connection& db, const PoolId& pool, const UserId& id, std::int64_t change) {
    Execute(db, kCountUser, {pool.Text(), ShardOf(id), change});
}

}  // namespace cardea
