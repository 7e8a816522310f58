#include "base/clock.h"

#include <cstdio>

namespace cardea {

namespace {

struct Civil {
    int year;
    unsigned month, day;
    int hour, minute, second, millisecond;
};

Civil ToCivil(Instant at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::milliseconds>(at - day));
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            static_cast<int>(time.hours().count()),
            static_cast<int>(time.minutes().count()),
            static_cast<int>(time.seconds().count()),
            static_cast<int>(time.subseconds().count())};
}

}  // namespace

Instant SystemClock::Now() const {
    return std::chrono::floor<Duration>(std::chrono::system_clock::now()) + Duration(offset_.load());
}

std::chrono::steady_clock::time_point Monotonic() { return std::chrono::steady_clock::now(); }

std::string ToIso8601(Instant at) {
    const Civil c = ToCivil(at);
    char out[64];
    std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day, c.hour, c.minute,
                  c.second, c.millisecond);
    return out;
}

std::string ToIso8601Basic(Instant at) {
    const Civil c = ToCivil(at);
    char out[64];
    std::snprintf(out, sizeof out, "%04d%02u%02uT%02d%02d%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
    return out;
}

}  // namespace cardea
