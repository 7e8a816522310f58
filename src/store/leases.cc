#include "store/leases.h"

namespace cardea {

namespace {

// A lease that ends in a far future is of a clock that went back (development's does), and holds nobody up.
constexpr std::string_view kHold =
    "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET "
    "holder = excluded.holder, expires_at = excluded.expires_at "
    "WHERE leases.holder = excluded.holder OR leases.expires_at <= $4 OR leases.expires_at > $5";
constexpr std::string_view kRelease = "DELETE FROM leases WHERE name = $1 AND holder = $2";

constexpr int kFarFuture = 10;  // lease times

}  // namespace

bool HoldLease(sql::Connection& db, std::string_view name, std::string_view holder, Instant now, Duration time) {
    return Execute(db, kHold,
                   {name, holder, ToMicroseconds(now + time), ToMicroseconds(now),
                    ToMicroseconds(now + kFarFuture * time)}) == 1;
}

void ReleaseLease(sql::Connection& db, std::string_view name, std::string_view holder) {
    Execute(db, kRelease, {name, holder});
}

}  // namespace cardea
