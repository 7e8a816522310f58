#pragma once
// What hangs on a user, by table: shared by the deletion of one user and the sweep of a deleted pool.

#include <span>

#include "model/user.h"
#include "store/sql.h"

namespace cardea {

// Deletes the user's row and every row that hangs on it, and its aliases; leaves the pool's counters alone.
void DeleteUserRows(sql::Connection& db, const PoolId& pool, const UserId& id, std::span<const Alias> names);

// Adds `change` to the pool's count of users.
void CountUser(sql::Connection& db, const PoolId& pool, const UserId& id, std::int64_t change);

}  // namespace cardea
