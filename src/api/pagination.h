#pragma once
// Pagination tokens: a listing's cursor as a caller sees it, which is opaque and comes back unchanged or not at all.
//
//   const auto after = UnwrapToken(ctx, "ListGroups " + pool.id.Text(), in.next_token);
//   auto page = ctx.store().Read([&](sql::Connection& db) { return ListGroups(db, pool.id, after, limit); });
//   if (page.next) response.next_token = WrapToken(ctx, "ListGroups " + pool.id.Text(), *page.next);
//
// A token carries a MAC under the account's key over the listing that it belongs to (`kind`: the operation and what it
// lists, with its filter), so that a cursor reaches the store only where this account wrote it for that very listing.

#include <optional>
#include <string>
#include <string_view>

#include "flows/context.h"

namespace cardea {

// base64url without padding: [A-Za-z0-9_-]+.
std::string WrapToken(Context& ctx, std::string_view kind, const std::string& cursor);

// The cursor; nothing where there is no token (the first page). Throws InvalidParameterException "Invalid pagination
// token" for one that this account did not make for `kind`, or that is older than `lifetime` (fact sheet user pools
// A.7: those of ListUsers end after an hour).
std::optional<std::string> UnwrapToken(Context& ctx, std::string_view kind, const std::optional<std::string>& token,
                                       std::optional<Duration> lifetime = std::nullopt);

}  // namespace cardea
