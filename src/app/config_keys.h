#pragma once
// The table of keys: each stands once, with its type, its use, its default (the member's own) and its meaning.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/config.h"
#include "app/config_value.h"

namespace cardea {

enum class Use : std::uint8_t { kBoth, kDevOnly, kServeOnly };

// What is read into a Config, an EmailTransport or an SmsChoice: the `owner` of each function.
struct ConfigKey {
    std::string_view name;
    std::string_view meaning;
    Use use = Use::kBoth;
    bool required = false;  // of tables: in each of them
    bool secret = false;    // also as NAME_file and, in tables, NAME_env
    Bounds bounds = {};
    Mistake (*read)(void* owner, const RawValue& value, const Bounds& bounds) = nullptr;
    std::string (*print)(const void* owner) = nullptr;
    std::string (*describe_type)() = nullptr;
};

std::span<const ConfigKey> ConfigKeys();  // of Config, section by section
std::span<const ConfigKey> EmailKeys();   // of a table of [[email]]
std::span<const ConfigKey> SmsKeys();     // of a table of [[sms]]

const ConfigKey* FindKey(std::span<const ConfigKey> keys, std::string_view name);
// The key whose name is most like the given one, if any is like it: "; did you mean region?", else "".
std::string Suggest(std::span<const ConfigKey> keys, std::string_view name);
// "limits.max_body" → "CARDEA_LIMITS__MAX_BODY"
std::string EnvironmentName(std::string_view key);

// What holds where nothing was chosen.
Config DefaultConfig(Mode mode);

}  // namespace cardea
