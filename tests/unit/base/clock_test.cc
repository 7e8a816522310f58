#include "base/clock.h"

#include <gtest/gtest.h>

namespace cardea {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(Clock, PrintsIso8601) {
    EXPECT_EQ(ToIso8601(FromSeconds(0)), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(ToIso8601(FromSeconds(1795262400)), "2026-11-21T12:00:00.000Z");
    EXPECT_EQ(ToIso8601(FromMicroseconds(1'795'262'399'999'999)), "2026-11-21T11:59:59.999Z");
    EXPECT_EQ(ToIso8601(FromSeconds(951782400)), "2000-02-29T00:00:00.000Z");
    EXPECT_EQ(ToIso8601(FromMicroseconds(-1)), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(ToIso8601Basic(FromSeconds(1795262400)), "20261121T120000Z");
    EXPECT_EQ(ToIso8601Basic(FromSeconds(0)), "19700101T000000Z");
}

TEST(Clock, ConvertsWholeUnits) {
    EXPECT_EQ(ToSeconds(FromMicroseconds(1'999'999)), 1);
    EXPECT_EQ(ToSeconds(FromMicroseconds(-1)), -1);  // rounds down, not towards zero
    EXPECT_EQ(ToMicroseconds(FromSeconds(3)), 3'000'000);
}

TEST(Clock, StandsStillUntilItIsMoved) {
    ManualClock clock(FromSeconds(100));
    EXPECT_EQ(clock.Now(), FromSeconds(100));
    clock.Advance(seconds(5));
    EXPECT_EQ(clock.Now(), FromSeconds(105));
}

TEST(Clock, OfTheSystemCanBeMovedAhead) {
    SystemClock clock;
    const Instant before = clock.Now();
    clock.Advance(hours(1));
    EXPECT_GE(clock.Now(), before + hours(1));
    EXPECT_LT(clock.Now(), before + hours(1) + std::chrono::minutes(1));
}

}  // namespace
}  // namespace cardea
