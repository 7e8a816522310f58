// What the log keeps of a request that fails: enough to tell what went wrong, and no secret.

#include <atomic>
#include <gtest/gtest.h>

#include "base/log.h"
#include "support/world.h"

namespace cardea::test {
namespace {

TEST(RequestLog, ShowsARequestThatFailedWithoutItsSecrets) {
    std::atomic<bool> broken{false};
    World world(World::DevelopmentAccount(), [&](Call, std::string_view) {
        if (broken) throw sql::DatabaseError("the disk is on fire");
    });
    testing::internal::CaptureStderr();
    broken = true;
    const HttpResponse response = world.Call(
        "InitiateAuth",
        R"({"ClientId": "0123456789abcdefghijklmnop", "AuthFlow": "USER_PASSWORD_AUTH", )"
        R"("AuthParameters": {"USERNAME": "ada", "PASSWORD": "Sesame-1234"}, "ClientMetadata": {"trace": "t-17"}})",
        /*is_signed=*/false);
    broken = false;
    FlushLog();
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_EQ(response.status, 500);
    EXPECT_NE(response.body.find("InternalErrorException"), std::string::npos) << response.body;
    EXPECT_EQ(response.body.find("fire"), std::string::npos) << response.body;
    EXPECT_NE(log.find(R"("event":"request_failed")"), std::string::npos) << log;
    EXPECT_NE(log.find("the disk is on fire"), std::string::npos) << log;
    EXPECT_NE(log.find("USER_PASSWORD_AUTH"), std::string::npos) << log;
    EXPECT_NE(log.find("t-17"), std::string::npos) << log;
    EXPECT_EQ(log.find("Sesame-1234"), std::string::npos) << log;
    EXPECT_EQ(log.find("\"ada"), std::string::npos) << log;
}

}  // namespace
}  // namespace cardea::test
