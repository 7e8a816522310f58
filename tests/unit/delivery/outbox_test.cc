#include "delivery/outbox.h"

#include <gtest/gtest.h>
#include <thread>

namespace cardea {
namespace {

Message To(std::string to, std::size_t body = 10) {
    Message message;
    message.to = std::move(to);
    message.body = Secret(std::string(body, 'x'));
    return message;
}

TEST(Outbox, ListsNewestFirst) {
    ManualClock clock(FromSeconds(1000));
    Outbox outbox(clock);
    EXPECT_EQ(outbox.Send(To("a")), Delivered::kYes);
    clock.Advance(std::chrono::seconds(1));
    outbox.Send(To("b"));
    const auto all = outbox.List("", 10);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].message.to, "b");
    EXPECT_EQ(all[0].at, FromSeconds(1001));
    EXPECT_EQ(all[1].message.to, "a");
    EXPECT_EQ(outbox.List("", 1).size(), 1u);
    ASSERT_EQ(outbox.List("a", 10).size(), 1u);
    EXPECT_TRUE(outbox.List("A", 10).empty());
    outbox.Clear();
    EXPECT_TRUE(outbox.List("", 10).empty());
}

TEST(Outbox, ForgetsTheOldestBeyondItsNumber) {
    ManualClock clock(FromSeconds(0));
    Outbox outbox(clock, {.messages = 3});
    for (int i = 0; i < 10; ++i) outbox.Send(To(std::to_string(i)));
    const auto all = outbox.List("", 100);
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all.back().message.to, "7");
}

TEST(Outbox, ForgetsTheOldestBeyondItsBytes) {
    ManualClock clock(FromSeconds(0));
    Outbox outbox(clock, {.bytes = 5000});
    for (int i = 0; i < 10; ++i) outbox.Send(To(std::to_string(i), 1000));
    const auto all = outbox.List("", 100);
    ASSERT_FALSE(all.empty());
    EXPECT_LE(all.size(), 4u);
    EXPECT_EQ(all.front().message.to, "9");
    EXPECT_EQ(outbox.Send(To("huge", 6000)), Delivered::kYes);
    EXPECT_EQ(outbox.List("", 100).front().message.to, "9");
    outbox.Clear();
    outbox.Send(To("after", 1000));
    EXPECT_EQ(outbox.List("", 100).size(), 1u);
}

TEST(Outbox, TakesMessagesFromManyThreads) {
    ManualClock clock(FromSeconds(0));
    Outbox outbox(clock, {.messages = 500});
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 500; ++n) outbox.Send(To("x"));
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(outbox.List("", 10'000).size(), 500u);
}

}  // namespace
}  // namespace cardea
