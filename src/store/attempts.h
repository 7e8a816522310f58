#pragma once
// Attempts in the store: bounded counters for lock-out and for limits a user and hour. Keys are HMACs of names, so that
// unknown users are counted as known ones are and the table tells no names.

#include "model/pool.h"
#include "store/store.h"

namespace cardea {

struct Attempts {
    std::int64_t count = 0;
    Instant first;  // when this run of attempts began
    Instant last;
};

std::optional<Attempts> FindAttempts(sql::Connection& db, const PoolId& pool, std::string_view key);
// Writes the counter, to be swept after expires_at.
void PutAttempts(sql::Connection& db, const PoolId& pool, std::string_view key, const Attempts& attempts,
                 Instant expires_at);
void RemoveAttempts(sql::Connection& db, const PoolId& pool, std::string_view key);

}  // namespace cardea
