#include "delivery/timed.h"

#include <gtest/gtest.h>
#include <set>
#include <vector>

namespace cardea {
namespace {

using std::chrono::milliseconds;

// A mail server whose every send takes as long as the test says, by a clock that the test has.
class Timed : public testing::Test {
 protected:
    struct Slow final : Delivery {
        explicit Slow(Timed& test) : test(test) {}
        Delivered Send(const Message&) override {
            test.now += test.takes;
            ++test.sent;
            return test.answer;
        }
        Timed& test;
    };
    void Send(milliseconds how_long) {
        takes = how_long;
        EXPECT_EQ(timed.Send({}), answer);
    }
    // How long a simulated send waited; nothing where it did not.
    std::vector<milliseconds> Simulate() {
        waited.clear();
        EXPECT_EQ(timed.Simulate({}), answer);
        return waited;
    }

    TimedDelivery::Time now;
    milliseconds takes{0};
    Delivered answer = Delivered::kYes;
    int sent = 0;
    std::vector<milliseconds> waited;
    SeededRandom random{1};
    TimedDelivery timed{std::make_unique<Slow>(*this),
                        random,
                        {.now = [this] { return now; },
                         .wait =
                             [this](std::chrono::steady_clock::duration time) {
                                 waited.push_back(std::chrono::duration_cast<milliseconds>(time));
                             }}};
};

TEST_F(Timed, WaitsNotBeforeTheFirstSendIsKnown) { EXPECT_TRUE(Simulate().empty()); }

TEST_F(Timed, WaitsAsLongAsARecentSendAndSendsNothing) {
    Send(milliseconds(120));
    EXPECT_EQ(Simulate(), std::vector{milliseconds(120)});
    EXPECT_EQ(sent, 1);
}

TEST_F(Timed, DrawsAmongTheLastEight) {
    Send(milliseconds(5000));
    for (int i = 1; i <= 8; ++i) Send(milliseconds(i));
    std::set<milliseconds> seen;
    for (int i = 0; i < 200; ++i)
        for (const milliseconds each : Simulate()) seen.insert(each);
    EXPECT_EQ(seen.size(), 8u);
    EXPECT_EQ(*seen.begin(), milliseconds(1));
    EXPECT_EQ(*seen.rbegin(), milliseconds(8));
}

TEST_F(Timed, FailsAsRecentSendsFailed) {
    answer = Delivered::kNo;
    Send(milliseconds(10000));
    EXPECT_EQ(Simulate(), std::vector{milliseconds(10000)});
}

}  // namespace
}  // namespace cardea
