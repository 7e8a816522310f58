#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <string>

#include "base/clock.h"

namespace cardea {

namespace {

constexpr std::string_view kLevelNames[] = {"debug", "info", "warning", "error"};

void AppendQuoted(std::string& out, std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out += kHex[static_cast<unsigned char>(c) >> 4];
            out += kHex[c & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

spdlog::logger& Sink() {
    static spdlog::logger& logger = []() -> spdlog::logger& {
        static spdlog::logger made("cardea", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made.set_pattern("%v");
        return made;
    }();
    return logger;
}

}  // namespace

void SetLogLevel(LogLevel level) {
    Sink().set_level(static_cast<spdlog::level::level_enum>(static_cast<int>(level) + 1));
}

bool LogsAt(LogLevel level) {
    return Sink().should_log(static_cast<spdlog::level::level_enum>(static_cast<int>(level) + 1));
}

void Log(LogLevel level, std::string_view event, std::span<const LogField> fields) {
    const auto native = static_cast<spdlog::level::level_enum>(static_cast<int>(level) + 1);
    if (!LogsAt(level)) return;
    std::string line = "{\"time\":\"";
    line += ToIso8601(std::chrono::floor<Duration>(std::chrono::system_clock::now()));
    line += "\",\"level\":\"";
    line += kLevelNames[static_cast<int>(level)];
    line += "\",\"event\":";
    AppendQuoted(line, event);
    for (const LogField& field : fields) {
        line += ',';
        AppendQuoted(line, field.key);
        line += ':';
        if (const auto* text = std::get_if<std::string_view>(&field.value))
            AppendQuoted(line, *text);
        else
            line += std::to_string(std::get<std::int64_t>(field.value));
    }
    line += '}';
    Sink().log(native, spdlog::string_view_t(line.data(), line.size()));
}

void FlushLog() { Sink().flush(); }

}  // namespace cardea
