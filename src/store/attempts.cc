#include "store/attempts.h"

namespace cardea {

namespace {

constexpr std::string_view kFind =
    "SELECT failures, first_at, last_at FROM attempts WHERE attempt_key = $1 AND pool_id = $2";
constexpr std::string_view kPut =
    "INSERT INTO attempts (attempt_key, pool_id, failures, first_at, last_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (attempt_key, pool_id) DO UPDATE SET failures = excluded.failures, "
    "first_at = excluded.first_at, last_at = excluded.last_at, expires_at = excluded.expires_at";
constexpr std::string_view kRemove = "DELETE FROM attempts WHERE attempt_key = $1 AND pool_id = $2";

}  // namespace

std::optional<Attempts> FindAttempts(sql::Connection& db, const PoolId& pool, std::string_view key) {
    std::optional<Attempts> found;
    Query(db, kFind, {sql::Bytes{key}, pool.Text()}, [&](const sql::Row& row) {
        found = {row.Whole(0), FromMicroseconds(row.Whole(1)), FromMicroseconds(row.Whole(2))};
    });
    return found;
}

void PutAttempts(sql::Connection& db, const PoolId& pool, std::string_view key, const Attempts& attempts,
                 Instant expires_at) {
    Execute(db, kPut,
            {sql::Bytes{key}, pool.Text(), attempts.count, ToMicroseconds(attempts.first),
             ToMicroseconds(attempts.last), ToMicroseconds(expires_at)});
}

void RemoveAttempts(sql::Connection& db, const PoolId& pool, std::string_view key) {
    Execute(db, kRemove, {sql::Bytes{key}, pool.Text()});
}

}  // namespace cardea
