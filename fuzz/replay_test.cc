// Runs every target over its corpus and over some thousands of mutations of it, the same ones each time.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "targets.h"

namespace cardea {
namespace {

constexpr int kMutations = 4000;     // of each target
constexpr std::size_t kMost = 4096;  // bytes of one
// What parsers have opinions about.
constexpr std::string_view kTokens[] = {"\r\n",
                                        "\r\n\r\n",
                                        "\n",
                                        "\"",
                                        "\\",
                                        "\\\"",
                                        "%",
                                        "%00",
                                        "=",
                                        "==",
                                        ",",
                                        ";",
                                        ":",
                                        "/",
                                        "[",
                                        "]",
                                        "{",
                                        "}",
                                        "<",
                                        ">",
                                        "@",
                                        ".",
                                        "..",
                                        "-1",
                                        "0",
                                        "4294967296",
                                        "18446744073709551616",
                                        "1e999",
                                        "null",
                                        "\xc3",
                                        "\xff",
                                        "\xef\xbb\xbf",
                                        "\\ud800"};

std::vector<std::string> ReadCorpus(std::string_view name) {
    const auto folder = std::filesystem::path(CARDEA_SOURCE_DIR) / "fuzz/corpus" / name;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());  // one order on every machine
    std::vector<std::string> out;
    for (const auto& file : files) {
        std::ostringstream text;
        text << std::ifstream(file, std::ios::binary).rdbuf();
        out.push_back(text.str());
    }
    return out;
}

// Deterministic on every machine: no distribution of the library's.
class Mutator {
 public:
    explicit Mutator(const std::vector<std::string>& corpus) : corpus_(corpus) {}

    std::string Next() {
        std::string out = corpus_[Below(corpus_.size())];
        for (std::size_t steps = 1 + Below(4); steps > 0; --steps) Mutate(out);
        if (out.size() > kMost) out.resize(kMost);
        return out;
    }

 private:
    std::size_t Below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

    void Mutate(std::string& text) {
        const std::size_t at = Below(text.size() + 1), size = Below(std::min<std::size_t>(text.size() - at, 32) + 1);
        switch (Below(7)) {
            case 0:
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << Below(8)));
                break;
            case 1:
                if (at < text.size()) text[at] = static_cast<char>(Below(256));
                break;
            case 2:
                text.erase(at, size);
                break;
            case 3:
                text.insert(at, text.substr(at, size));
                break;
            case 4:
                text.insert(at, kTokens[Below(std::size(kTokens))]);
                break;
            case 5:
                text.insert(at, Below(200), static_cast<char>(Below(256)));
                break;
            default: {
                const std::string& other = corpus_[Below(corpus_.size())];
                text = text.substr(0, at) + other.substr(Below(other.size() + 1));
            }
        }
    }

    const std::vector<std::string>& corpus_;
    std::mt19937_64 random_{20240229};
};

class Fuzz : public testing::TestWithParam<FuzzTarget> {};

TEST_P(Fuzz, StandsItsCorpusAndWhatIsLikeIt) {
    const auto began = std::chrono::steady_clock::now();
    const std::vector<std::string> corpus = ReadCorpus(GetParam().name);
    ASSERT_FALSE(corpus.empty());
    GetParam().run("");
    for (const std::string& bytes : corpus) GetParam().run(bytes);
    Mutator mutator(corpus);
    for (int i = 0; i < kMutations; ++i) GetParam().run(mutator.Next());
    // So much slower than it is means: work that grows faster than the input.
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(60));
}
INSTANTIATE_TEST_SUITE_P(Targets, Fuzz, testing::ValuesIn(kFuzzTargets),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace cardea
