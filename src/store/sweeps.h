#pragma once
// Sweeps of what deleted pools and groups left behind, for a database on which requests are under way.
//
// The ones of pools.h and groups.h forget a pool or group in which nothing is left. A request that was under way while
// it was deleted may leave something later: these look once more after kDeletedRemembered, and forget it then.

#include "base/clock.h"
#include "store/store.h"

namespace cardea {

// Longer than a request and its transaction can take.
inline constexpr Duration kDeletedRemembered = std::chrono::minutes(10);

// Deletes up to `limit` rows that deleted pools left behind; returns how many.
std::int64_t SweepDeletedPools(sql::Connection& db, Instant now, int limit);
// Of deleted groups.
std::int64_t SweepDeletedGroups(sql::Connection& db, Instant now, int limit);

}  // namespace cardea
