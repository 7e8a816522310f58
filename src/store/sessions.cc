#include "store/sessions.h"

#include <algorithm>

namespace cardea {

namespace {

constexpr std::string_view kConsume =
    "INSERT INTO consumed_sessions (user_id, pool_id, session_id, expires_at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (user_id, pool_id, session_id) DO NOTHING";
constexpr std::string_view kRevoke =
    "INSERT INTO revoked_sign_ins (user_id, pool_id, origin_jti, expires_at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (user_id, pool_id, origin_jti) DO UPDATE SET expires_at = "
    "CASE WHEN excluded.expires_at > revoked_sign_ins.expires_at THEN excluded.expires_at "
    "ELSE revoked_sign_ins.expires_at END";
constexpr std::string_view kStartFamily =
    "INSERT INTO token_families (user_id, pool_id, origin_jti, generation, rotated_at, expires_at) "
    "VALUES ($1, $2, $3, 1, $4, $5) ON CONFLICT (user_id, pool_id, origin_jti) DO NOTHING";
constexpr std::string_view kAdvanceFamily =
    "UPDATE token_families SET generation = generation + 1, rotated_at = $1, expires_at = $2 "
    "WHERE user_id = $3 AND pool_id = $4 AND origin_jti = $5 AND generation = $6";

// Each deletes by an index on expires_at: now, limit.
constexpr std::string_view kSweeps[] = {
    "DELETE FROM consumed_sessions WHERE (user_id, pool_id, session_id) IN (SELECT user_id, pool_id, session_id "
    "FROM consumed_sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
    "DELETE FROM revoked_sign_ins WHERE (user_id, pool_id, origin_jti) IN (SELECT user_id, pool_id, origin_jti "
    "FROM revoked_sign_ins WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
    "DELETE FROM token_families WHERE (user_id, pool_id, origin_jti) IN (SELECT user_id, pool_id, origin_jti "
    "FROM token_families WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
    "DELETE FROM codes WHERE (user_id, pool_id, purpose) IN (SELECT user_id, pool_id, purpose "
    "FROM codes WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
    "DELETE FROM attempts WHERE (attempt_key, pool_id) IN (SELECT attempt_key, pool_id "
    "FROM attempts WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)"};

}  // namespace

bool ConsumeSession(sql::Connection& db, const PoolId& pool, const UserId& user, std::string_view session_id,
                    Instant expires_at) {
    return Execute(db, kConsume, {user.Text(), pool.Text(), sql::Bytes{session_id}, ToMicroseconds(expires_at)}) == 1;
}

void RevokeSignIn(sql::Connection& db, const PoolId& pool, const UserId& user, std::string_view origin_jti,
                  Instant expires_at) {
    Execute(db, kRevoke, {user.Text(), pool.Text(), origin_jti, ToMicroseconds(expires_at)});
}

// A family that was never rotated has no row.
bool AdvanceFamily(sql::Connection& db, const PoolId& pool, const UserId& user, std::string_view origin_jti,
                   std::int64_t generation, Instant now, Instant expires_at) {
    if (generation == 0)
        return Execute(db, kStartFamily,
                       {user.Text(), pool.Text(), origin_jti, ToMicroseconds(now), ToMicroseconds(expires_at)}) == 1;
    return Execute(db, kAdvanceFamily,
                   {ToMicroseconds(now), ToMicroseconds(expires_at), user.Text(), pool.Text(), origin_jti,
                    generation}) == 1;
}

std::int64_t SweepExpired(sql::Connection& db, Instant now, int limit) {
    std::int64_t most = 0;
    for (const std::string_view sweep : kSweeps)
        most = std::max(most, Execute(db, sweep, {ToMicroseconds(now), std::int64_t{limit}}));
    return most;
}

}  // namespace cardea
