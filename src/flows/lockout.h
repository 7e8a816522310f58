#pragma once
// Lock-out: who fails too often must wait (fact sheet user pools D.16). Five failures in a row lock for a second, each
// further one for twice as long, up to fifteen minutes; a success or fifteen quiet minutes forget them all. One counter
// a user, whatever flow and door the passwords come through, and one a name that nobody has.
//
//   const Lockout lockout = RequireUnlocked(ctx, pool, LockoutKey(ctx, pool, user.id));    // one read
//   if (!CheckPassword(…)) ctx.store().Transact([&](sql::Connection& db) { CountFailure(db, pool, lockout, ctx.now);
//   }); else if (lockout.NeedsReset(ctx.now)) …

#include <optional>
#include <string>
#include <string_view>

#include "flows/context.h"
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

struct Lockout {
    std::string key;
    std::optional<Attempts> failures;  // as they were read

    bool NeedsReset(Instant now) const { return failures && Counts(*failures, now); }
};

// Reads the counter. Throws NotAuthorizedException "Password attempts exceeded" while it locks: nothing is counted and
// no password is looked at then.
Lockout RequireUnlocked(Context& ctx, const Pool& pool, std::string key);

// Inside Transact: one failure more. Concurrent failures all count.
void CountFailure(sql::Connection& db, const Pool& pool, const Lockout& lockout, Instant now);
// Inside Transact: forgets the failures after a success. Throws "Password attempts exceeded" where others have locked
// meanwhile: guesses made at the same time are no way around the lock.
void ResetFailures(sql::Connection& db, const Pool& pool, const Lockout& lockout, Instant now);
// For who sets a password in another way: forgets the failures whatever they are.
void ForgetFailures(Context& ctx, const Pool& pool, const UserId& user);

}  // namespace cardea
