#include "base/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace cardea {
namespace {

// Chi-squared against the uniform distribution, in standard deviations from what is expected.
double Surprise(const std::vector<std::size_t>& counts) {
    std::size_t total = 0;
    for (const std::size_t count : counts) total += count;
    const double expected = static_cast<double>(total) / static_cast<double>(counts.size());
    double sum = 0;
    for (const std::size_t count : counts) sum += std::pow(static_cast<double>(count) - expected, 2) / expected;
    const double freedom = static_cast<double>(counts.size() - 1);
    return (sum - freedom) / std::sqrt(2 * freedom);
}

TEST(Random, IsUniformBelowABound) {
    SeededRandom random(1);
    for (const std::uint32_t bound : {2u, 3u, 10u, 62u, 1000u}) {
        std::vector<std::size_t> counts(bound);
        for (std::size_t i = 0; i < 200 * bound; ++i) ++counts[RandomBelow(random, bound)];
        EXPECT_LT(std::abs(Surprise(counts)), 5) << bound;
    }
    EXPECT_EQ(RandomBelow(random, 1), 0u);
}

// Gives what it is told: shows which values are drawn again.
class GivenRandom final : public Random {
 public:
    explicit GivenRandom(std::vector<std::uint32_t> values) : values_(std::move(values)) {}
    void Fill(std::span<unsigned char> out) override {
        ASSERT_EQ(out.size(), 4u);
        const std::uint32_t value = values_.at(next_++);
        std::copy_n(reinterpret_cast<const unsigned char*>(&value), 4, out.begin());
    }
    std::size_t Drawn() const { return next_; }

 private:
    std::vector<std::uint32_t> values_;
    std::size_t next_ = 0;
};

TEST(Random, DrawsAgainWhatWouldBiasTheResult) {
    // 2^32 - 1 = 10 * 429496729 + 5: the values from 4294967290 on would make small digits likelier.
    GivenRandom biased({4294967295u, 4294967290u, 4294967289u});
    EXPECT_EQ(RandomBelow(biased, 10), 9u);
    EXPECT_EQ(biased.Drawn(), 3u);
}

TEST(Random, MakesTextsOfTheAlphabet) {
    SeededRandom random(2);
    const std::string text = RandomText(random, "abc", 3000);
    EXPECT_EQ(text.size(), 3000u);
    for (const char c : {'a', 'b', 'c'}) EXPECT_NEAR(std::count(text.begin(), text.end(), c), 1000, 150);
    EXPECT_EQ(RandomText(random, "abc", 0), "");
}

TEST(Random, MakesUuidsOfVersion4) {
    SystemRandom random;
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string uuid = RandomUuid(random);
        ASSERT_EQ(uuid.size(), 36u);
        for (std::size_t at = 0; at < uuid.size(); ++at) {
            const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
            EXPECT_EQ(uuid[at] == '-', dash);
            EXPECT_NE(std::string_view("0123456789abcdef-").find(uuid[at]), std::string_view::npos);
        }
        EXPECT_EQ(uuid[14], '4');
        EXPECT_NE(std::string_view("89ab").find(uuid[19]), std::string_view::npos);
        EXPECT_TRUE(seen.insert(uuid).second);
    }
}

TEST(SeededRandom, RepeatsItself) {
    SeededRandom first(7), second(7), other(8);
    const std::string bytes = RandomBytes(first, 100);
    EXPECT_EQ(bytes, RandomBytes(second, 100));
    EXPECT_NE(bytes, RandomBytes(other, 100));
}

TEST(SystemRandom, FillsEveryByteOfEverySize) {
    SystemRandom random;
    for (const std::size_t size : {1u, 7u, 4095u, 4096u, 4097u, 20'000u}) {
        std::string seen(size, '\0');
        for (int i = 0; i < 40; ++i) {
            const std::string bytes = RandomBytes(random, size);
            for (std::size_t at = 0; at < size; ++at) seen[at] = static_cast<char>(seen[at] | bytes[at]);
        }
        // After forty draws a byte that is filled has every bit set once, but for one chance in 2^37.
        EXPECT_EQ(static_cast<std::size_t>(std::count(seen.begin(), seen.end(), '\xff')), size);
    }
    std::vector<std::size_t> counts(256);
    for (const char c : RandomBytes(random, 200'000)) ++counts[static_cast<unsigned char>(c)];
    EXPECT_LT(std::abs(Surprise(counts)), 6);
}

TEST(SystemRandom, GivesEachThreadItsOwn) {
    SystemRandom random;
    std::array<std::string, 8> bytes;
    std::vector<std::thread> threads;
    for (std::string& each : bytes) threads.emplace_back([&] { each = RandomBytes(random, 16); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(std::set<std::string>(bytes.begin(), bytes.end()).size(), bytes.size());
}

TEST(SystemRandom, GivesAForkedChildItsOwn) {
    SystemRandom random;
    RandomBytes(random, 16);  // the parent's buffer is full now
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        const std::string bytes = RandomBytes(random, 16);
        _exit(write(ends[1], bytes.data(), bytes.size()) == 16 ? 0 : 1);
    }
    const std::string own = RandomBytes(random, 16);
    std::string theirs(16, '\0');
    ASSERT_EQ(read(ends[0], theirs.data(), theirs.size()), 16);
    int status = 0;
    waitpid(child, &status, 0);
    close(ends[0]);
    close(ends[1]);
    EXPECT_NE(own, theirs);
}

}  // namespace
}  // namespace cardea
