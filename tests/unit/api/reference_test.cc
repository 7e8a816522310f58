#include "api/reference.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace cardea {
namespace {

TEST(Reference, ThePageIsWhatTheTablesSay) {
    std::ifstream in(CARDEA_SOURCE_DIR "/docs/reference/user-pools.md");
    std::ostringstream page;
    page << in.rdbuf();
    EXPECT_TRUE(page.str() == DescribeUserPoolOperations()) << "run: cardea reference > docs/reference/user-pools.md";
}

}  // namespace
}  // namespace cardea
