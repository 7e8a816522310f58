#include "base/function_ref.h"

#include <gtest/gtest.h>

namespace cardea {
namespace {

TEST(FunctionRef, CallsWhatItRefersTo) {
    const auto call = [](FunctionRef<int(int)> function) { return function(20); };
    int extra = 1;
    EXPECT_EQ(call([&](int value) { return value + extra; }), 21);
    struct Counter {
        int calls = 0;
        int operator()(int value) { return value + ++calls; }
    } counter;
    EXPECT_EQ(call(counter), 21);
    EXPECT_EQ(call(counter), 22);  // it refers, it does not copy
}

}  // namespace
}  // namespace cardea
