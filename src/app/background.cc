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
    for (int count = 0;; ++count) {
        {
            auto stopping = stopping_.Lock();
            const auto until = Monotonic() + kTick;
            while (!*stopping && stopping.WaitUntil(stop_, until) == std::cv_status::no_timeout) continue;
            if (*stopping) return;
        }
        try {
            Tick(count);
        } catch (const std::exception& error) {
            Log(LogLevel::kWarning, "background_failed", {{"what", error.what()}});
        }
    }
}

void Background::Tick(int count) {
    services_.directory.Refresh();
    services_.keyring.FillReservoir(reserve_, services_.clock.Now());
    if (count % 10 != 0) return;
    const Instant now = services_.clock.Now();
    services_.store.Transact([&](sql::Connection& db) {
        SweepExpired(db, now, kSweepRows);
        SweepDeletedGroups(db, kSweepRows);
        SweepDeletedPools(db, kSweepRows);
    });
}

}  // namespace cardea
