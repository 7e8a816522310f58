#include "base/secret.h"

#include <algorithm>
#include <concepts>
#include <gtest/gtest.h>
#include <new>
#include <ostream>

#include "base/log.h"

namespace cardea {
namespace {

// Where a Secret lives and dies while its bytes stay in view: short texts live inside the object itself.
template <class Use>
std::string BytesLeftBy(const Use& use) {
    alignas(Secret) unsigned char place[sizeof(Secret)] = {};
    Secret* secret = new (place) Secret(std::string("hunter2"));
    use(*secret);
    secret->~Secret();
    return {reinterpret_cast<const char*>(place), sizeof place};
}

TEST(Secret, IsWipedWhenItDies) {
    EXPECT_EQ(BytesLeftBy([](Secret&) {}).find("hunter2"), std::string::npos);
    EXPECT_EQ(BytesLeftBy([](Secret&) {}).find("unter"), std::string::npos);
}

TEST(Secret, IsWipedWhenItIsMovedFromOrReplaced) {
    Secret first(std::string("hunter2"));
    Secret second(std::move(first));
    EXPECT_EQ(second.Reveal(), "hunter2");
    EXPECT_TRUE(first.Empty());
    const unsigned char* object = reinterpret_cast<const unsigned char*>(&first);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(object), sizeof first).find("unter"), std::string::npos);

    EXPECT_EQ(BytesLeftBy([](Secret& secret) { secret = Secret(std::string("x")); }).find("unter"), std::string::npos);
    Secret target;
    target = std::move(second);
    EXPECT_EQ(target.Reveal(), "hunter2");
    EXPECT_TRUE(second.Empty());
}

TEST(Secret, IsCopiedWhole) {
    const Secret first(std::string("a long secret that needs memory of its own \0 to the end", 55));
    Secret second = first;
    EXPECT_EQ(second.Reveal(), first.Reveal());
    second = second;
    EXPECT_EQ(second.Reveal(), first.Reveal());
    Secret& same = second;
    second = std::move(same);
    EXPECT_EQ(second.Reveal(), first.Reveal());
}

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};

TEST(Secret, CannotBeComparedPrintedOrLogged) {
    static_assert(!std::equality_comparable<Secret>);
    static_assert(!Printable<Secret> && Printable<int>);
    static_assert(!std::is_constructible_v<LogField, std::string_view, Secret>);
    static_assert(!std::is_convertible_v<std::string, Secret>);
    static_assert(!std::is_convertible_v<Secret, std::string_view>);
}

TEST(ConstantTimeEqual, ComparesEveryByteAndTheLength) {
    EXPECT_TRUE(ConstantTimeEqual("", ""));
    EXPECT_TRUE(ConstantTimeEqual(std::string_view("a\0b", 3), std::string_view("a\0b", 3)));
    EXPECT_FALSE(ConstantTimeEqual(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
    EXPECT_FALSE(ConstantTimeEqual("a", ""));
    EXPECT_FALSE(ConstantTimeEqual("abc", "abcd"));
    const std::string text(64, 'x');
    for (std::size_t i = 0; i < text.size(); ++i)
        for (int bit = 0; bit < 8; ++bit) {
            std::string other = text;
            other[i] = static_cast<char>(other[i] ^ (1 << bit));
            EXPECT_FALSE(ConstantTimeEqual(text, other));
        }
    EXPECT_TRUE(ConstantTimeEqual(Secret("same"), Secret("same")));
    EXPECT_FALSE(ConstantTimeEqual(Secret("same"), Secret("sane")));
}

TEST(WipeMemory, LeavesOnlyZeroes) {
    char bytes[32];
    std::fill(std::begin(bytes), std::end(bytes), 'x');
    WipeMemory(bytes, 16);
    EXPECT_EQ(std::count(bytes, bytes + 16, '\0'), 16);
    EXPECT_EQ(std::count(bytes + 16, bytes + 32, 'x'), 16);
}

}  // namespace
}  // namespace cardea
