#include "base/log.h"

#include <gtest/gtest.h>

namespace cardea {
namespace {

std::string Logged(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    testing::internal::CaptureStderr();
    Log(level, event, fields);
    FlushLog();
    return testing::internal::GetCapturedStderr();
}

TEST(Log, WritesOneLineOfJson) {
    const std::string line = Logged(LogLevel::kInfo, "listening", {{"http", "127.0.0.1"}, {"port", 9229}});
    EXPECT_EQ(line.find("{\"time\":\"20"), 0u);
    EXPECT_NE(line.find("\",\"level\":\"info\",\"event\":\"listening\",\"http\":\"127.0.0.1\",\"port\":9229}\n"),
              std::string::npos);
}

TEST(Log, CannotBeForgedByAValue) {
    const std::string line = Logged(LogLevel::kError, "x", {{"name", std::string("a\"}\n{\"b\\\0\x1f", 10)}});
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_NE(line.find("\"name\":\"a\\\"}\\u000a{\\\"b\\\\\\u0000\\u001f\"}"), std::string::npos) << line;
}

TEST(Log, DropsWhatIsBelowItsLevel) {
    EXPECT_EQ(Logged(LogLevel::kDebug, "quiet", {}), "");
    SetLogLevel(LogLevel::kDebug);
    EXPECT_NE(Logged(LogLevel::kDebug, "loud", {}), "");
    EXPECT_TRUE(LogsAt(LogLevel::kDebug));
    SetLogLevel(LogLevel::kError);
    EXPECT_EQ(Logged(LogLevel::kWarning, "quiet", {}), "");
    EXPECT_FALSE(LogsAt(LogLevel::kWarning));
    EXPECT_TRUE(LogsAt(LogLevel::kError));
    SetLogLevel(LogLevel::kInfo);
}

}  // namespace
}  // namespace cardea
