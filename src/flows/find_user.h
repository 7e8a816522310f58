#pragma once
// Finding the user that a caller names.

#include <optional>
#include <string_view>

#include "flows/context.h"
#include "model/pool.h"
#include "model/user.h"

namespace cardea {

// The user with this name: username, an alias that the pool has, or the sub (fact sheet user pools B.6).
std::optional<UserId> ResolveUser(Context& ctx, const Pool& pool, std::string_view name);
std::optional<User> FindUserByName(Context& ctx, const Pool& pool, std::string_view name);
// Throws UserNotFoundException "User does not exist."
User RequireUser(Context& ctx, const Pool& pool, std::string_view name);

// The made-up id of a name that nobody has: looks like a sub, and is the same for the same name (fact sheet user pools
// B.11). Reads are made with it as they are with a user's.
UserId IdOfNobody(Context& ctx, const Pool& pool, std::string_view name);

}  // namespace cardea
