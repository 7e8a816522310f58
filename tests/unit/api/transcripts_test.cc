#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>

#include "support/transcript.h"

namespace cardea::test {
namespace {

class Transcript : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Transcript, GoesAsWritten) {
    for (const std::string& fault : PlayTranscript(GetParam())) ADD_FAILURE() << fault;
}

std::vector<std::filesystem::path> Files() {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(CARDEA_SOURCE_DIR "/tests/api"))
        if (entry.path().extension() == ".txt") out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
}

INSTANTIATE_TEST_SUITE_P(Api, Transcript, testing::ValuesIn(Files()),
                         [](const auto& file) { return file.param.stem().string(); });

}  // namespace
}  // namespace cardea::test
