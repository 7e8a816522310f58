#pragma once
// A user's row as it is written, by one and by many; and what hangs on a user, by table: shared by the deletion of one
// user and the sweep of a deleted pool.

#include <array>
#include <span>
#include <string_view>

#include "model/user.h"
#include "store/sql.h"

namespace cardea {

// Every column of `users`, and the values of a user in that order. `names` and `attributes` are printed (rows.h) and
// outlive the values.
inline constexpr char kUserTableColumns[] =
    "user_id, pool_id, version, sign_outs, enabled, created_at, modified_at, status, username, email, phone_number, "
    "name, given_name, family_name, preferred_username, names, attributes";
std::array<sql::Value, 17> UserTableValues(const User& user, std::string_view names, std::string_view attributes);

// Deletes the user's row and every row that hangs on it, and its aliases; leaves the pool's counters alone.
void DeleteUserRows(sql::Connection& db, const PoolId& pool, const UserId& id, std::span<const Alias> names);

// Adds `change` to the pool's count of users.
void CountUser(sql::Connection& db, const PoolId& pool, const UserId& id, std::int64_t change);

}  // namespace cardea
