#include "net/server/input_buffer.h"

#include <gtest/gtest.h>

namespace cardea {
namespace {

void Put(InputBuffer& buffer, std::string_view text) {
    ASSERT_LE(text.size(), buffer.RoomSize());
    std::copy(text.begin(), text.end(), buffer.Room());
    buffer.Append(text.size());
}

TEST(InputBuffer, KeepsUnreadBytesInOneView) {
    InputBuffer buffer;
    EXPECT_TRUE(buffer.Empty());
    buffer.MakeRoom(8, 32);
    EXPECT_EQ(buffer.RoomSize(), 8u);
    Put(buffer, "abcdefgh");
    buffer.Consume(6);
    buffer.MakeRoom(8, 32);
    EXPECT_EQ(buffer.View(), "gh");
    EXPECT_EQ(buffer.RoomSize(), 6u);
    Put(buffer, "ijklmn");
    EXPECT_EQ(buffer.View(), "ghijklmn");
}

TEST(InputBuffer, GrowsByDoublingUpToItsBound) {
    InputBuffer buffer;
    std::size_t most = 0;
    while (buffer.View().size() < 32) {
        buffer.MakeRoom(8, 32);
        ASSERT_GT(buffer.RoomSize(), 0u);
        most = std::max(most, buffer.View().size() + buffer.RoomSize());
        Put(buffer, "x");
    }
    EXPECT_EQ(most, 32u);
}

TEST(InputBuffer, ShrinksWhenItIsEmptyAgain) {
    InputBuffer buffer;
    buffer.MakeRoom(64, 64);
    Put(buffer, std::string(64, 'x'));
    buffer.Consume(64);
    buffer.MakeRoom(8, 32);
    EXPECT_EQ(buffer.RoomSize(), 8u);
}

TEST(InputBuffer, WipesWhatWasConsumed) {
    InputBuffer buffer;
    buffer.MakeRoom(16, 16);
    const char* bytes = buffer.Room();
    Put(buffer, "password, rest");
    buffer.Consume(8);
    EXPECT_EQ(std::string(bytes, 10), std::string("\0\0\0\0\0\0\0\0, ", 10));
}

}  // namespace
}  // namespace cardea
