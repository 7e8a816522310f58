#include "base/check.h"

#include <gtest/gtest.h>

namespace cardea {
namespace {

TEST(CheckDeathTest, StopsTheProcessAndSaysWhere) {
    CHECK(1 + 1 == 2);
    EXPECT_DEATH(CHECK(1 + 1 == 3), "CHECK failed: 1 \\+ 1 == 3 at .*check_test.cc");
}

}  // namespace
}  // namespace cardea
