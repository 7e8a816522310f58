#pragma once
// Lock-out: who fails too often must wait (fact sheet user pools D.16). Five failures in a row lock for a second, each
// further one for twice as long, up to fifteen minutes; a success or fifteen quiet minutes forget them all. One counter
// a user, whatever flow and door the passwords come through, and one a name that nobody has.
//
//   const Lockout lockout = RequireUnlocked(ctx, pool, LockoutKey(ctx, pool, user.id));    // one read
//   if (CheckPassword(…)) AdmitSuccess(ctx, pool, lockout);
//   else told = ctx.store().Transact([&](sql::Connection& db) { return CountFailure(db, pool, lockout, ctx.now); });
//
// Passwords that come at the same moment are no way around it. In one process the gate keeps their order: each one is
// looked at as if those before it had failed, and waits for them where that would lock; so right ones are not refused.
// Processes that share a database meet in the counter's transaction: every failure counts, and who finds the counter
// locked by then is told nothing of its password.

#include <optional>
#include <string>
#include <string_view>

#include "flows/context.h"
#include "flows/lockout_gate.h"
#include "model/pool.h"
#include "model/user.h"
#include "store/attempts.h"

namespace cardea {

// Under which name failures are counted: a MAC, so that the table tells nobody's.
std::string LockoutKey(Context& ctx, const Pool& pool, const UserId& user);
std::string LockoutKeyOfName(Context& ctx, const Pool& pool, std::string_view name);

// Until when failures lock; before `last` where they do not.
Instant LockedUntil(const Attempts& failures);
// Whether failures still count at `now`.
bool Counts(const Attempts& failures, Instant now);

// One password's way through the lock-out. Held until it is judged and counted, and no longer: others wait for that.
struct Lockout {
    std::string key;
    std::optional<Attempts> failures;  // as they were read
    bool crowded = false;              // others were before it, and may have failed meanwhile
    LockoutGate::Pass pass;

    bool NeedsReset(Instant now) const { return crowded || (failures && Counts(*failures, now)); }
};

// Takes a place in the key's line and reads the counter. Throws NotAuthorizedException "Password attempts exceeded"
// while it locks: nothing is counted and no password is looked at then. Throws TooManyRequestsException where the line
// is too long.
Lockout RequireUnlocked(Context& ctx, const Pool& pool, std::string key);

// After a right password, before anything is given for it: forgets the failures there were. Throws "Password attempts
// exceeded" where others have locked meanwhile. Costs nothing where there was no failure and nobody else.
void AdmitSuccess(Context& ctx, const Pool& pool, const Lockout& lockout);

// Inside Transact: one failure more. Concurrent failures all count. False where others had locked already: then the
// answer is AttemptsExceeded, and not whether the password was wrong.
[[nodiscard]] bool CountFailure(sql::Connection& db, const Pool& pool, const Lockout& lockout, Instant now);
// Inside Transact: AdmitSuccess for who has other rows to write with it.
void ResetFailures(sql::Connection& db, const Pool& pool, const Lockout& lockout, Instant now);
// NotAuthorizedException "Password attempts exceeded".
ApiError AttemptsExceeded();
// For who sets a password in another way: forgets the failures whatever they are.
void ForgetFailures(Context& ctx, const Pool& pool, const UserId& user);

}  // namespace cardea
