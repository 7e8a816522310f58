#include "api/user_pools/user_filter.h"

#include <algorithm>
#include <array>

#include "model/error.h"
#include "model/user.h"

namespace cardea {

namespace {

struct Searchable {
    std::string_view name;
    UserFilter::Field field;
};
constexpr std::array<Searchable, 10> kSearchable{{
    {"username", UserFilter::Field::kUsername},
    {"email", UserFilter::Field::kEmail},
    {"phone_number", UserFilter::Field::kPhoneNumber},
    {"name", UserFilter::Field::kName},
    {"given_name", UserFilter::Field::kGivenName},
    {"family_name", UserFilter::Field::kFamilyName},
    {"preferred_username", UserFilter::Field::kPreferredUsername},
    {"cognito:user_status", UserFilter::Field::kUserStatus},
    {"status", UserFilter::Field::kEnabled},
    {"sub", UserFilter::Field::kSub},
}};
constexpr std::array<std::string_view, 2> kEnabledNames{"Enabled", "Disabled"};

[[noreturn]] void ThrowSyntax() { throw ApiError(Error::kInvalidParameter, "Error while parsing filter"); }

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

void SkipSpaces(std::string_view& rest) {
    while (!rest.empty() && IsSpace(rest.front())) rest.remove_prefix(1);
}

bool Skip(std::string_view& rest, std::string_view expected) {
    if (!rest.starts_with(expected)) return false;
    rest.remove_prefix(expected.size());
    return true;
}

// Everything up to a space or an operator.
std::string_view TakeName(std::string_view& rest) {
    std::size_t size = 0;
    while (size < rest.size() && !IsSpace(rest[size]) && rest[size] != '=' && rest[size] != '^' && rest[size] != '"')
        ++size;
    const std::string_view name = rest.substr(0, size);
    rest.remove_prefix(size);
    return name;
}

// What stands between quotes.
std::string TakeValue(std::string_view& rest) {
    if (!Skip(rest, "\"")) ThrowSyntax();
    std::string value;
    while (!rest.empty()) {
        const char c = rest.front();
        rest.remove_prefix(1);
        if (c == '"') return value;
        const bool escapes = c == '\\' && !rest.empty() && (rest.front() == '"' || rest.front() == '\\');
        value += escapes ? rest.front() : c;
        if (escapes) rest.remove_prefix(1);
    }
    ThrowSyntax();
}

UserFilter::Field FieldOf(std::string_view name) {
    for (const Searchable& searchable : kSearchable)
        if (searchable.name == name) return searchable.field;
    throw ApiError(Error::kInvalidParameter, "Invalid search attribute: " + std::string(name));
}

std::string UpperCase(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

// The one name of the list that is meant. Every user has one of them, so an empty prefix is all users.
std::optional<UserFilter> AmongNames(UserFilter filter, std::span<const std::string_view> names) {
    if (filter.prefix && filter.value.empty()) return UserFilter{};
    for (const std::string_view name : names) {
        if (filter.prefix ? !name.starts_with(filter.value) : name != filter.value) continue;
        filter.prefix = false;
        filter.value = name;
        return filter;
    }
    return std::nullopt;
}

}  // namespace

std::optional<UserFilter> ParseUserFilter(std::string_view text) {
    if (text.empty()) return UserFilter{};
    std::string_view rest = text;
    SkipSpaces(rest);
    const std::string_view name = TakeName(rest);
    SkipSpaces(rest);
    UserFilter filter;
    filter.prefix = Skip(rest, "^");
    if (name.empty() || !Skip(rest, "=")) ThrowSyntax();
    SkipSpaces(rest);
    filter.value = TakeValue(rest);
    SkipSpaces(rest);
    if (!rest.empty()) ThrowSyntax();
    filter.field = FieldOf(name);
    if (filter.field == UserFilter::Field::kEnabled) return AmongNames(std::move(filter), kEnabledNames);
    if (filter.field != UserFilter::Field::kUserStatus) return filter;
    // No two statuses that a user can have begin with the same letter; the legacy ones that share one come later.
    static constexpr std::array<std::string_view, 8> kStatuses{
        "UNCONFIRMED",       "CONFIRMED", "RESET_REQUIRED", "FORCE_CHANGE_PASSWORD",
        "EXTERNAL_PROVIDER", "ARCHIVED",  "COMPROMISED",    "UNKNOWN"};
    filter.value = UpperCase(std::move(filter.value));
    return AmongNames(std::move(filter), kStatuses);
}

}  // namespace cardea
