#pragma once
// What must be remembered of sign-ins that carry their own state: used challenges, revoked sign-ins, rotated refresh
// tokens. Each row is swept when what it guards against has expired by itself.

#include "model/user.h"
#include "store/store.h"

namespace cardea {

// Marks a challenge's session as used; false where it was used before.
bool ConsumeSession(sql::Connection& db, const PoolId& pool, const UserId& user, std::string_view session_id,
                    Instant expires_at);

// Ends a sign-in: its refresh tokens and, in Cardea's own operations, its access tokens.
void RevokeSignIn(sql::Connection& db, const PoolId& pool, const UserId& user, std::string_view origin_jti,
                  Instant expires_at);

// Moves a refresh token family from `generation` to the next; false where it is not there any more.
bool AdvanceFamily(sql::Connection& db, const PoolId& pool, const UserId& user, std::string_view origin_jti,
                   std::int64_t generation, Instant now, Instant expires_at);

// Deletes up to `limit` expired rows of each of the tables above, of codes and of attempts; returns how many of the
// table that had most.
std::int64_t SweepExpired(sql::Connection& db, Instant now, int limit);

}  // namespace cardea
