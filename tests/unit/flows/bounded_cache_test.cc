#include "flows/bounded_cache.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace cardea {
namespace {

TEST(BoundedCache, FindsWhatWasPutUntilItIsErased) {
    BoundedCache<int, std::string> cache{10};
    EXPECT_EQ(cache.Find(1), nullptr);
    cache.Put(1, "one");
    cache.Put(2, "two");
    cache.Put(1, "uno");
    EXPECT_EQ(*cache.Find(1), "uno");
    EXPECT_EQ(cache.Size(), 2U);
    cache.Erase(1);
    EXPECT_EQ(cache.Find(1), nullptr);
    EXPECT_EQ(*cache.Find(2), "two");
    cache.Clear();
    EXPECT_EQ(cache.Size(), 0U);
}

TEST(BoundedCache, NeverKeepsMoreThanItMay) {
    BoundedCache<int, int> cache{10};
    for (int i = 0; i < 1000; ++i) {
        cache.Put(i, i);
        ASSERT_LE(cache.Size(), 10U);
        for (int back = 0; back < 5 && back <= i; ++back) ASSERT_NE(cache.Find(i - back), nullptr) << i << ' ' << back;
    }
}

TEST(BoundedCache, KeepsWhatIsAskedForAgain) {
    BoundedCache<int, int> cache{10};
    cache.Put(-1, 7);
    for (int i = 0; i < 1000; ++i) {
        cache.Put(i, i);
        ASSERT_NE(cache.Find(-1), nullptr) << i;
    }
    EXPECT_EQ(*cache.Find(-1), 7);
    EXPECT_EQ(cache.Find(0), nullptr);
}

TEST(BoundedCache, ForgetsInBothGenerations) {
    BoundedCache<int, int> cache{4};
    for (int i = 0; i < 4; ++i) cache.Put(i, i);
    EXPECT_EQ(cache.Size(), 4U);
    cache.EraseIf([](int value) { return value % 2 == 0; });
    EXPECT_EQ(cache.Size(), 2U);
    cache.Erase(1);
    cache.Put(3, 30);
    EXPECT_EQ(cache.Size(), 1U);
    EXPECT_EQ(*cache.Find(3), 30);
}

TEST(BoundedCache, HoldsValuesThatCanOnlyBeMoved) {
    BoundedCache<int, std::unique_ptr<int>> cache{2};
    cache.Put(1, std::make_unique<int>(1));
    cache.Put(2, std::make_unique<int>(2));
    EXPECT_EQ(**cache.Find(1), 1);
    EXPECT_EQ(**cache.Find(2), 2);
}

}  // namespace
}  // namespace cardea
