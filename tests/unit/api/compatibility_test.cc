#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

#include "api/user_pools/service.h"

namespace cardea {
namespace {

TEST(Compatibility, ThePageListsEveryOperationThatIsNotHere) {
    std::ifstream in(CARDEA_SOURCE_DIR "/docs/compatibility.md");
    std::ostringstream page;
    page << in.rdbuf();
    for (const std::string_view absent : AbsentUserPoolOperations())
        EXPECT_NE(page.str().find(absent), std::string::npos) << absent;
    const std::string count = std::to_string(UserPoolOperations().size()) + " of 140 are here";
    EXPECT_NE(page.str().find(count), std::string::npos) << count;
}

}  // namespace
}  // namespace cardea
