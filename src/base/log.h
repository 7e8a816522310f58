#pragma once
// The log: one JSON object a line on standard error.
//
//   Log(LogLevel::kInfo, "listening", {{"http", address}, {"port", 9229}});
//
// A field takes text and whole numbers only. Secret has no way in: what must not be logged cannot be.

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace cardea {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

struct LogField {
    std::string_view key;
    std::variant<std::string_view, std::int64_t> value;
    LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
    LogField(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
    LogField(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
    LogField(std::string_view k, std::int64_t v) : key(k), value(v) {}
    LogField(std::string_view k, int v) : key(k), value(std::int64_t{v}) {}
};

// Lines below this level are dropped. Default: kInfo.
void SetLogLevel(LogLevel level);
// Whether a line of this level is written: for what is costly to put together.
bool LogsAt(LogLevel level);
// Thread-safe; does not throw. The line gets "time", "level" and "event" first.
void Log(LogLevel level, std::string_view event, std::span<const LogField> fields);
inline void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {}) {
    Log(level, event, std::span<const LogField>(fields.begin(), fields.size()));
}
// Writes out what is buffered. Called at the end of the process.
void FlushLog();

}  // namespace cardea
