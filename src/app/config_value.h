#pragma once
// A configuration value: how its text becomes a C++ value of each type that a key may have, and back.
//
//   std::chrono::milliseconds timeout;
//   ReadValue({.text = "5s"}, timeout, {}) == std::nullopt     // or what is wrong with it

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/secret.h"
#include "codec/shape.h"
#include "net/cidr.h"
#include "net/http_server.h"

namespace cardea {

// As it was written. Flags and the environment have text only, which stands for every type (lists with commas); a file
// has types, and they must fit.
struct RawValue {
    enum class Kind : std::uint8_t { kAny, kText, kWhole, kBoolean, kList, kOther } kind = Kind::kAny;
    std::string text;                // not for lists
    std::vector<std::string> items;  // of a list of texts
};

// Bounds of a whole number.
struct Bounds {
    std::int64_t least = 0;
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

// What is wrong with the value ("must be …", never the value itself), or nothing.
using Mistake = std::optional<std::string>;

Mistake ReadValue(const RawValue& value, std::string& out, const Bounds&);
Mistake ReadValue(const RawValue& value, std::optional<std::string>& out, const Bounds&);
Mistake ReadValue(const RawValue& value, Secret& out, const Bounds&);
Mistake ReadValue(const RawValue& value, bool& out, const Bounds&);
Mistake ReadValue(const RawValue& value, std::int64_t& out, const Bounds& bounds);
// "250ms", "5s", "2m", "1h"; more than nothing, at most a day.
Mistake ReadValue(const RawValue& value, std::chrono::milliseconds& out, const Bounds&);
Mistake ReadValue(const RawValue& value, std::vector<std::string>& out, const Bounds&);
// "127.0.0.1:9229", "[::1]:9229", "localhost:9229"; port 0 takes a free one.
Mistake ReadValue(const RawValue& value, std::vector<ListenAddress>& out, const Bounds&);
Mistake ReadValue(const RawValue& value, std::vector<Cidr>& out, const Bounds&);
Mistake ReadEnum(const RawValue& value, std::span<const std::string_view> names, std::size_t& out);

template <class Whole>
requires(std::is_integral_v<Whole> && !std::is_same_v<Whole, bool> && !std::is_same_v<Whole, std::int64_t>) Mistake
    ReadValue(const RawValue& value, Whole& out, const Bounds& bounds) {
    std::int64_t whole = 0;
    Mistake mistake = ReadValue(value, whole, bounds);
    if (!mistake) out = static_cast<Whole>(whole);
    return mistake;
}
template <NamedEnum E>
Mistake ReadValue(const RawValue& value, E& out, const Bounds&) {
    std::size_t index = 0;
    Mistake mistake = ReadEnum(value, EnumNames<E>::kNames, index);
    if (!mistake) out = static_cast<E>(index);
    return mistake;
}

// The value as TOML writes it; secrets as a word that says whether there is one.
std::string PrintValue(const std::string& value);
std::string PrintValue(const std::optional<std::string>& value);
std::string PrintValue(const Secret& value);
std::string PrintValue(bool value);
std::string PrintValue(std::chrono::milliseconds value);
std::string PrintValue(const std::vector<std::string>& value);
std::string PrintValue(const std::vector<ListenAddress>& value);
std::string PrintValue(const std::vector<Cidr>& value);
template <class Whole>
requires(std::is_integral_v<Whole> && !std::is_same_v<Whole, bool>) std::string PrintValue(Whole value) {
    return std::to_string(value);
}
template <NamedEnum E>
std::string PrintValue(E value) {
    return PrintValue(std::string(NameOf(value)));
}

// What a value of the type looks like, for the documentation.
template <class T>
std::string DescribeType() {
    if constexpr (NamedEnum<T>) {
        std::string out;
        for (const std::string_view name : EnumNames<T>::kNames) out += (out.empty() ? "" : ", ") + std::string(name);
        return "one of " + out;
    }
    if constexpr (std::is_same_v<T, bool>) return "true or false";
    if constexpr (std::is_integral_v<T>) return "whole number";
    if constexpr (std::is_same_v<T, std::chrono::milliseconds>) return "time: 250ms, 5s, 2m, 1h";
    if constexpr (std::is_same_v<T, std::vector<ListenAddress>>) return "list of address:port";
    if constexpr (std::is_same_v<T, std::vector<Cidr>>) return "list of addresses and ranges";
    if constexpr (std::is_same_v<T, std::vector<std::string>>) return "list of texts";
    return "text";
}

}  // namespace cardea
