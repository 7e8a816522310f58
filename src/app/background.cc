#include "app/background.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "flows/directory.h"
#include "flows/keyring.h"
#include "store/groups.h"
#include "store/pools.h"
#include "store/sessions.h"

namespace cardea {

namespace {

constexpr auto kTick = std::chrono::seconds(1);
// Rows that one sweep deletes of each kind: a few milliseconds of the writer.
constexpr int kSweepRows = 500;
// Of each second.
constexpr std::chrono::milliseconds kSweepTime{250};

}  // namespace

Background::Background(Services& services, int reserve)
    : services_(services), reserve_(reserve), thread_([this] { Run(); }) {}

Background::~Background() {
    *stopping_.Lock() = true;
    stop_.notify_all();
    thread_.join();
}

void Background::Run() {
    // Making a key takes a core for a tenth of a second: requests go first.
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 10);
    for (;;) {
        {
            auto stopping = stopping_.Lock();
            const auto until = Monotonic() + kTick;
            while (!*stopping && stopping.WaitUntil(stop_, until) == std::cv_status::no_timeout) continue;
            if (*stopping) return;
        }
        try {
            Tick();
        } catch (const std::exception& error) {
            Log(LogLevel::kWarning, "background_failed", {{"what", error.what()}});
        }
    }
}

void Background::Tick() {
    services_.directory.Refresh();
    services_.keyring.FillReservoir(reserve_, services_.clock.Now());
    const auto until = Monotonic() + kSweepTime;
    Sweep(until, [&](sql::Connection& db) { return SweepExpired(db, services_.clock.Now(), kSweepRows); });
    Sweep(until, [](sql::Connection& db) { return SweepDeletedGroups(db, kSweepRows); });
    Sweep(until, [](sql::Connection& db) { return SweepDeletedPools(db, kSweepRows); });
}

// In small transactions, so that callers' come between, until there is no more or the time is over.
void Background::Sweep(std::chrono::steady_clock::time_point until, FunctionRef<std::int64_t(sql::Connection&)> sweep) {
    do {
        const auto swept = services_.store.Transact([&](sql::Connection& db) { return sweep(db); });
        if (swept < kSweepRows || *stopping_.Lock()) return;
    } while (Monotonic() < until);
}

}  // namespace cardea
