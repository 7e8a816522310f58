#include "flows/lockout.h"

#include <algorithm>

#include "flows/keyring.h"

namespace cardea {

namespace {

constexpr std::string_view kPurpose = "lockout";
constexpr std::int64_t kFreeFailures = 5;
constexpr Duration kLongestLock = std::chrono::minutes(15);
constexpr Duration kQuiet = std::chrono::minutes(15);
// 2^10 s are more than the longest lock: no shift beyond it.
constexpr std::int64_t kMostDoublings = 10;

bool IsLocked(const std::optional<Attempts>& failures, Instant now) {
    // By the count first: another process's clock, or a request that began later, may have failed in our future.
    return failures && failures->count >= kFreeFailures && Counts(*failures, now) && now < LockedUntil(*failures);
}

void RequireOver(const std::optional<Attempts>& failures, Instant now) {
    if (IsLocked(failures, now)) throw AttemptsExceeded();
}

// How many passwords may be looked at together: those that would not lock if they all failed, or else one.
std::size_t Room(const std::optional<Attempts>& failures, Instant now) {
    if (!failures || !Counts(*failures, now)) return kFreeFailures;
    return static_cast<std::size_t>(std::max<std::int64_t>(kFreeFailures - failures->count, 1));
}

}  // namespace

std::string LockoutKey(Context& ctx, const Pool& pool, const UserId& user) {
    return ctx.services.keyring.Mac(pool.id, kPurpose, "user|" + user.Text());
}

std::string LockoutKeyOfName(Context& ctx, const Pool& pool, std::string_view name) {
    return ctx.services.keyring.Mac(pool.id, kPurpose, "name|" + AliasKey(pool, name));
}

Instant LockedUntil(const Attempts& failures) {
    if (failures.count < kFreeFailures) return failures.last;
    const std::int64_t doublings = std::min(failures.count - kFreeFailures, kMostDoublings);
    return failures.last + std::min<Duration>(std::chrono::seconds(std::int64_t{1} << doublings), kLongestLock);
}

bool Counts(const Attempts& failures, Instant now) { return failures.count > 0 && now < failures.last + kQuiet; }

Lockout RequireUnlocked(Context& ctx, const Pool& pool, std::string key) {
    LockoutGate::Pass pass = ctx.services.lockout_gate.Enter(key);
    for (;;) {
        // Before the counter is read: who leaves after this has counted as being ahead, who left before it has written.
        const std::size_t ahead = pass.Ahead();
        auto failures = ctx.store().Read([&](sql::Connection& db) { return FindAttempts(db, pool.id, key); });
        RequireOver(failures, ctx.now);
        const std::size_t room = Room(failures, ctx.now);
        if (ahead < room)
            return {.key = std::move(key), .failures = failures, .crowded = ahead > 0, .pass = std::move(pass)};
        pass.WaitUntilFewerThan(room);
    }
}

void AdmitSuccess(Context& ctx, const Pool& pool, const Lockout& lockout) {
    if (!lockout.NeedsReset(ctx.now)) return;
    // Nothing was counted before: those who came first may have succeeded too, and then there is nothing to write.
    if (!lockout.failures &&
        !ctx.store().Read([&](sql::Connection& db) { return FindAttempts(db, pool.id, lockout.key); }))
        return;
    ctx.store().Transact([&](sql::Connection& db) { ResetFailures(db, pool, lockout, ctx.now); });
}

bool CountFailure(sql::Connection& db, const Pool& pool, const Lockout& lockout, Instant now) {
    Attempts failures = FindAttempts(db, pool.id, lockout.key).value_or(Attempts{});
    const bool locked = IsLocked(failures, now);
    if (!Counts(failures, now)) failures = {.count = 0, .first = now, .last = now};
    ++failures.count;
    // A request that waited is older than the failure before it.
    failures.last = std::max(failures.last, now);
    PutAttempts(db, pool.id, lockout.key, failures, failures.last + kQuiet);
    return !locked;
}

void ResetFailures(sql::Connection& db, const Pool& pool, const Lockout& lockout, Instant now) {
    RequireOver(FindAttempts(db, pool.id, lockout.key), now);
    RemoveAttempts(db, pool.id, lockout.key);
}

ApiError AttemptsExceeded() { return {Error::kNotAuthorized, "Password attempts exceeded"}; }

void ForgetFailures(Context& ctx, const Pool& pool, const UserId& user) {
    const std::string key = LockoutKey(ctx, pool, user);
    const auto failures = ctx.store().Read([&](sql::Connection& db) { return FindAttempts(db, pool.id, key); });
    if (failures) ctx.store().Transact([&](sql::Connection& db) { RemoveAttempts(db, pool.id, key); });
}

}  // namespace cardea
