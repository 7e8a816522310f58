#include "base/id.h"

#include <gtest/gtest.h>
#include <unordered_set>

namespace cardea {
namespace {

TEST(Id, OfDifferentThingsCannotBeConfused) {
    using PoolId = Id<struct PoolTag>;
    using ClientId = Id<struct ClientTag>;
    static_assert(!std::is_convertible_v<std::string, PoolId>);
    static_assert(!std::is_constructible_v<PoolId, ClientId>);
    EXPECT_EQ(PoolId("a"), PoolId("a"));
    EXPECT_LT(PoolId("a"), PoolId("b"));
    EXPECT_TRUE(PoolId().Empty());
    const std::unordered_set<PoolId> set = {PoolId("a"), PoolId("b"), PoolId("a")};
    EXPECT_EQ(set.size(), 2u);
}

}  // namespace
}  // namespace cardea
