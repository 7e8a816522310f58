#pragma once
// User pools in the store. A pool is one JSON document with a version.

#include "model/pool.h"
#include "store/store.h"

namespace cardea {

template <class T>
struct Versioned {
    T value;
    std::int64_t version;  // starts at 1, grows by one with each change
};

void AddPool(sql::Connection& db, const Pool& pool);
std::optional<Versioned<Pool>> FindPool(sql::Connection& db, const PoolId& id);
// Writes where `version` still stands; false where another writer came first or the pool is gone.
bool ReplacePool(sql::Connection& db, const Pool& pool, std::int64_t version);
// Removes the pool's head, its clients and keys at once: nothing of it can be found or opened any more. The rows of its
// users and groups are left to SweepDeletedPools. False where there is no such pool.
bool DeletePool(sql::Connection& db, const PoolId& id);
// Deletes up to `limit` rows that deleted pools left behind; returns how many.
std::int64_t SweepDeletedPools(sql::Connection& db, int limit);
// Those of one region (all where it is empty), newest first.
Page<Pool> ListPools(sql::Connection& db, std::string_view region, const std::optional<std::string>& after, int limit);
std::int64_t CountPools(sql::Connection& db);
std::int64_t CountUsers(sql::Connection& db, const PoolId& id);  // from counters, not by counting
// Grows with every change of any pool or client: a process whose cache is of this version is up to date.
std::int64_t ConfigurationVersion(sql::Connection& db);

}  // namespace cardea
