// Holds the whole run of the API's tests against what the operations declare: each one succeeds somewhere, and each
// error that it declares is met somewhere or listed, with its reason, in tests/unit/api/unreachable_errors.txt.

#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>

#include "api/user_pools/service.h"
#include "support/world.h"

namespace cardea::test {
namespace {

using Pair = std::pair<std::string, std::string>;

// "Operation Error why": the operation "*" stands for every one that declares the error.
struct Unreachable {
    std::set<Pair> pairs;
    std::set<std::string> of_all;
};

Unreachable ReadUnreachable() {
    std::ifstream in(CARDEA_SOURCE_DIR "/tests/unit/api/unreachable_errors.txt");
    Unreachable out;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream words(line);
        std::string operation, error, why;
        words >> operation >> error >> why;
        EXPECT_FALSE(why.empty()) << "no reason: " << line;
        EXPECT_TRUE(EnumFrom<Error>(error)) << line;
        const bool fresh =
            operation == "*" ? out.of_all.insert(error).second : out.pairs.emplace(operation, error).second;
        EXPECT_TRUE(fresh) << "stands twice: " << line;
    }
    return out;
}

std::vector<std::string> Declared(const Operation& operation) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Error::kCount); ++i)
        if (operation.raises.Contains(static_cast<Error>(i))) out.emplace_back(NameOf(static_cast<Error>(i)));
    return out;
}

class ErrorCoverage : public testing::Environment {
 public:
    void TearDown() override {
        // Some of the tests say nothing about all of them.
        if (testing::GTEST_FLAG(filter) != "*" || testing::UnitTest::GetInstance()->failed_test_count() > 0) return;
        const Unreachable unreachable = ReadUnreachable();
        std::set<Pair> declared;
        for (const Operation& operation : UserPoolOperations()) {
            const std::string name(operation.name);
            EXPECT_TRUE(Outcomes().contains({name, ""})) << name << " never succeeded";
            for (const std::string& error : Declared(operation)) {
                declared.emplace(name, error);
                const bool met = Outcomes().contains({name, error});
                const bool listed = unreachable.of_all.contains(error) || unreachable.pairs.contains({name, error});
                EXPECT_TRUE(met || listed) << name << " never raised " << error;
                EXPECT_FALSE(met && listed) << name << " raised " << error << ", which is listed as unreachable";
            }
        }
        for (const Pair& pair : unreachable.pairs) {
            EXPECT_TRUE(declared.contains(pair)) << pair.first << " does not declare " << pair.second;
            EXPECT_FALSE(unreachable.of_all.contains(pair.second)) << pair.second << " is listed for all";
        }
    }
};

[[maybe_unused]] const auto* const kCoverage = testing::AddGlobalTestEnvironment(new ErrorCoverage);

}  // namespace
}  // namespace cardea::test
