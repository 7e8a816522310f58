#pragma once
// Time: Instant, and the only place where a clock is read. A request reads it once, at its door.

#include <atomic>
#include <chrono>
#include <string>

namespace cardea {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

// Thread-safe.
class Clock {
 public:
    virtual ~Clock() = default;
    virtual Instant Now() const = 0;
};

// The system's clock, moved ahead by what Advance was told: development and tests move time, production never does.
class SystemClock final : public Clock {
 public:
    Instant Now() const override;
    void Advance(Duration by) { offset_.fetch_add(by.count()); }
    // Back to the system's time.
    void Restore() { offset_.store(0); }

 private:
    std::atomic<Duration::rep> offset_{0};
};

// A clock that stands still until it is told to move.
class ManualClock final : public Clock {
 public:
    explicit ManualClock(Instant start) : now_(start.time_since_epoch().count()) {}
    Instant Now() const override { return Instant(Duration(now_.load())); }
    void Advance(Duration by) { now_.fetch_add(by.count()); }

 private:
    std::atomic<Duration::rep> now_;
};

// Monotonic time, for measuring how long something took; has no relation to the calendar.
std::chrono::steady_clock::time_point Monotonic();

constexpr std::int64_t ToSeconds(Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}
constexpr std::int64_t ToMicroseconds(Instant at) { return at.time_since_epoch().count(); }
constexpr Instant FromSeconds(std::int64_t seconds) { return Instant(std::chrono::seconds(seconds)); }
constexpr Instant FromMicroseconds(std::int64_t microseconds) { return Instant(Duration(microseconds)); }

// "2026-11-21T12:00:00.000Z" (RFC 3339, milliseconds).
std::string ToIso8601(Instant at);
// "20261121T120000Z", as SigV4 dates are written.
std::string ToIso8601Basic(Instant at);

}  // namespace cardea
