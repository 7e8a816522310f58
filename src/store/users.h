#pragma once
// Users in the store, and all that hangs on one: aliases, credential, password history.

#include <span>

#include "model/credential.h"
#include "model/group.h"
#include "model/user.h"
#include "store/store.h"

namespace cardea {

struct AddUserOutcome {
    bool added = false;
    AliasKind taken = AliasKind::kUsername;  // which name another user has, where not added
};
// Adds the user with its names; the username is the first of `aliases`.
AddUserOutcome AddUser(sql::Connection& db, const User& user, const std::optional<Credential>& credential,
                       std::span<const Alias> aliases);

struct FoundAlias {
    UserId user_id;
    AliasKind kind;
};
// Who has this name (AliasKey) in the pool.
std::optional<FoundAlias> FindAlias(sql::Connection& db, const PoolId& pool, std::string_view key);

std::optional<User> FindUser(sql::Connection& db, const PoolId& pool, const UserId& id);

// What a sign-in needs, in one statement.
struct SignInRecord {
    User user;
    std::optional<Credential> credential;
    std::vector<Group> groups;  // sorted by precedence
};
std::optional<SignInRecord> FindForSignIn(sql::Connection& db, const PoolId& pool, const UserId& id);

// What a token's use needs, in one statement: the user, its groups, and what became of the sign-in `origin_jti`.
struct TokenRecord {
    User user;
    std::vector<Group> groups;    // sorted by precedence; empty where not asked for
    bool revoked = false;         // the sign-in was revoked
    std::int64_t generation = 0;  // of the refresh token family; 0 where it was never rotated
    std::optional<Instant> rotated_at;
};
std::optional<TokenRecord> FindForToken(sql::Connection& db, const PoolId& pool, const UserId& id,
                                        std::string_view origin_jti, bool with_groups);

enum class Update : std::uint8_t { kUpdated, kConflict, kAliasTaken };
// Writes the user where its version still stands (and makes it one more), and changes its names. Names that the user
// has already may be added again.
Update UpdateUser(sql::Connection& db, User& user, std::span<const Alias> add = {}, std::span<const Alias> remove = {});
// Takes a name from whoever has it: its old owner's `<attribute>_verified` becomes false (forced alias creation).
void TakeAlias(sql::Connection& db, const PoolId& pool, const Alias& alias, Instant now);
// The user and all that hangs on it. False where there is none.
bool DeleteUser(sql::Connection& db, const PoolId& pool, const UserId& id);

void PutCredential(sql::Connection& db, const PoolId& pool, const Credential& credential);
std::optional<Credential> FindCredential(sql::Connection& db, const PoolId& pool, const UserId& id);
// Earlier credentials, newest first, at most `limit`; AddPasswordHistory keeps the newest `keep`.
std::vector<Credential> ListPasswordHistory(sql::Connection& db, const PoolId& pool, const UserId& id, int limit);
void AddPasswordHistory(sql::Connection& db, const PoolId& pool, const Credential& credential, int keep);

// ListUsers: which users, by an index. Values are compared byte by byte as stored, a prefix is a range.
struct UserFilter {
    enum class Field : std::uint8_t {
        kAll,
        kUsername,
        kEmail,
        kPhoneNumber,
        kName,
        kGivenName,
        kFamilyName,
        kPreferredUsername,
        kUserStatus,
        kEnabled,
        kSub
    };
    Field field = Field::kAll;
    bool prefix = false;
    std::string value;  // kUserStatus: the wire's name; kEnabled: "Enabled" or "Disabled"
};
// Cost grows with the page, not with the pool. `after` is a cursor that an earlier page gave.
Page<User> ListUsers(sql::Connection& db, const PoolId& pool, const UserFilter& filter,
                     const std::optional<std::string>& after, int limit);

// Loads many users the quickest way (import, benchmarks). Their names are trusted to be free: one that is taken throws.
// Quickest in batches of some ten thousand; in the order of their ids and names twice as quick.
struct UserRow {
    User user;
    std::optional<Credential> credential;
    std::vector<Alias> aliases;
};
void LoadUsers(sql::Connection& db, std::span<const UserRow> users);

}  // namespace cardea
