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

void RequireOver(const std::optional<Attempts>& failures, Instant now) {
    if (failures && Counts(*failures, now) && now < LockedUntil(*failures))
        throw ApiError(Error::kNotAuthorized, "Password attempts exceeded");
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
    Lockout lockout{std::move(key), std::nullopt};
    lockout.failures = ctx.store().Read([&](sql::Connection& db) { return FindAttempts(db, pool.id, lockout.key); });
    RequireOver(lockout.failures, ctx.now);
    return lockout;
}

void CountFailure(sql::Connection& db, const Pool& pool, const Lockout& lockout, Instant now) {
    Attempts failures = FindAttempts(db, pool.id, lockout.key).value_or(Attempts{});
    if (!Counts(failures, now)) failures = {.count = 0, .first = now, .last = now};
    ++failures.count;
    failures.last = now;
    PutAttempts(db, pool.id, lockout.key, failures, now + kQuiet);
}

void ResetFailures(sql::Connection& db, const Pool& pool, const Lockout& lockout, Instant now) {
    RequireOver(FindAttempts(db, pool.id, lockout.key), now);
    RemoveAttempts(db, pool.id, lockout.key);
}

void ForgetFailures(Context& ctx, const Pool& pool, const UserId& user) {
    const std::string key = LockoutKey(ctx, pool, user);
    const auto failures = ctx.store().Read([&](sql::Connection& db) { return FindAttempts(db, pool.id, key); });
    if (failures) ctx.store().Transact([&](sql::Connection& db) { RemoveAttempts(db, pool.id, key); });
}

}  // namespace cardea
