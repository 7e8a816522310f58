#pragma once
// Leases: of several processes on one database, one does a job. A lease that its holder does not renew ends by itself.
//
//   if (HoldLease(db, "background", process_id, now, kLeaseTime)) …      // until now + kLeaseTime it is this process

#include "base/clock.h"
#include "store/store.h"

namespace cardea {

// Takes the lease, or keeps it, until now + time; false where another holder has it. Clocks of the processes may differ
// by less than `time`.
bool HoldLease(sql::Connection& db, std::string_view name, std::string_view holder, Instant now, Duration time);
// Gives it up before its end; nothing where another holder has it.
void ReleaseLease(sql::Connection& db, std::string_view name, std::string_view holder);

}  // namespace cardea
