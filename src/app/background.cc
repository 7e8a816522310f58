#include "app/background.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "base/random.h"
#include "flows/directory.h"
#include "flows/keyring.h"
#include "store/leases.h"
#include "store/sessions.h"
#include "store/sweeps.h"

namespace cardea {

namespace {

constexpr auto kTick = std::chrono::seconds(1);
// Rows that one sweep deletes of each kind: a few milliseconds of the writer.
constexpr int kSweepRows = 500;
// Of each second.
constexpr std::chrono::milliseconds kSweepTime{250};
// So long nobody does the work after the process that did it died.
constexpr Duration kLeaseTime = std::chrono::seconds(30);
constexpr std::string_view kLease = "background";

}  // namespace

Background::Background(Services& services, int reserve)
    : services_(services),
      reserve_(reserve),
      holder_(RandomUuid(services.random)),
      follower_([this] { Follow(); }),
      worker_([this] { Work(); }) {}

Background::~Background() {
    *stopping_.Lock() = true;
    stop_.notify_all();
    follower_.join();
    worker_.join();
    if (lease_until_ == Instant()) return;
    try {
        services_.store.Transact([&](sql::Connection& db) { ReleaseLease(db, kLease, holder_); });
    } catch (const std::exception& error) {
        Log(LogLevel::kWarning, "lease_not_released", {{"what", error.what()}});
    }
}

void Background::Follow() {
    EachSecond(0, [this] {
        services_.directory.Refresh();
        services_.keyring.Refresh();
    });
}

void Background::Work() {
    // Making a key takes a core for a tenth of a second: requests go first.
    EachSecond(10, [this] { DoWork(); });
}

void Background::EachSecond(int nice, FunctionRef<void()> tick) {
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), nice);
    auto next = Monotonic() + kTick;
    for (;;) {
        {
            auto stopping = stopping_.Lock();
            while (!*stopping && stopping.WaitUntil(stop_, next) == std::cv_status::no_timeout) continue;
            if (*stopping) return;
        }
        next = Monotonic() + kTick;
        try {
            tick();
        } catch (const std::exception& error) {
            Log(LogLevel::kWarning, "background_failed", {{"what", error.what()}});
        }
    }
}

void Background::DoWork() {
    if (!HoldsLease()) return;
    services_.keyring.FillReservoir(reserve_, services_.clock.Now());
    const auto until = Monotonic() + kSweepTime;
    Sweep(until, [&](sql::Connection& db) { return SweepExpired(db, services_.clock.Now(), kSweepRows); });
    Sweep(until, [&](sql::Connection& db) { return SweepDeletedGroups(db, services_.clock.Now(), kSweepRows); });
    Sweep(until, [&](sql::Connection& db) { return SweepDeletedPools(db, services_.clock.Now(), kSweepRows); });
}

// Renewed when half of it is over: each time is a write. Development's clock may go back.
bool Background::HoldsLease() {
    const Instant now = services_.clock.Now();
    if (now + kLeaseTime / 2 < lease_until_ && lease_until_ <= now + kLeaseTime) return true;
    const bool holds =
        services_.store.Transact([&](sql::Connection& db) { return HoldLease(db, kLease, holder_, now, kLeaseTime); });
    lease_until_ = holds ? now + kLeaseTime : Instant();
    return holds;
}

// In small transactions, so that callers' come between, until there is no more or the time is over.
void Background::Sweep(std::chrono::steady_clock::time_point until, FunctionRef<std::int64_t(sql::Connection&)> sweep) {
    do {
        const auto swept = services_.store.Transact([&](sql::Connection& db) { return sweep(db); });
        if (swept < kSweepRows || *stopping_.Lock()) return;
    } while (Monotonic() < until);
}

}  // namespace cardea
