#include <algorithm>
#include <charconv>

#include "codec/text.h"
#include "model/schema.h"

namespace cardea {

namespace {

constexpr std::size_t kLongestLocalPart = 64;  // RFC 5321 §4.5.3.1.1
constexpr std::size_t kLongestAddress = 254;   // RFC 5321 §4.5.3.1.3
constexpr std::size_t kMostDigits = 15;        // ITU-T E.164 §6.2.1

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

std::optional<std::int64_t> ReadWhole(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool IsBoolean(std::string_view text) { return text == "true" || text == "false" || text == "True" || text == "False"; }

// Takes `count` digits off the front; false where they are not there.
bool TakeDigits(std::string_view& text, std::size_t count) {
    if (text.size() < count || !AllDigits(text.substr(0, count))) return false;
    text.remove_prefix(count);
    return true;
}

bool Take(std::string_view& text, char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

// ISO 8601: 2026-01-31, or that with a time of day, fractions of seconds and a zone.
bool IsDateTime(std::string_view text) {
    if (!TakeDigits(text, 4) || !Take(text, '-') || !TakeDigits(text, 2) || !Take(text, '-') || !TakeDigits(text, 2))
        return false;
    if (text.empty()) return true;
    if (!Take(text, 'T') && !Take(text, ' ')) return false;
    if (!TakeDigits(text, 2) || !Take(text, ':') || !TakeDigits(text, 2)) return false;
    if (Take(text, ':') && !TakeDigits(text, 2)) return false;
    if (Take(text, '.')) {
        if (!TakeDigits(text, 1)) return false;
        while (!text.empty() && IsDigit(text.front())) text.remove_prefix(1);
    }
    if (text.empty()) return true;
    if (Take(text, 'Z')) return text.empty();
    if (!Take(text, '+') && !Take(text, '-')) return false;
    return TakeDigits(text, 2) && (Take(text, ':'), TakeDigits(text, 2)) && text.empty();
}

// The clause of the schema that a value breaks, or "".
std::string BrokenConstraint(const SchemaAttribute& row, std::string_view value) {
    const auto clause = [&](std::string_view what, const std::string& bound = {}, std::string_view after = {}) {
        return *row.name + ": " + std::string(what) + bound + std::string(after) + "\n";
    };
    switch (row.attribute_data_type.value_or(AttributeData::kString)) {
        case AttributeData::kBoolean:
            return IsBoolean(value) ? "" : clause("The attribute must be true or false");
        case AttributeData::kDateTime:
            return IsDateTime(value) ? "" : clause("The attribute must be a date and time");
        case AttributeData::kNumber: {
            const auto number = ReadWhole(value);
            if (!number) return clause("The attribute must be a whole number");
            const auto bounds = row.number_attribute_constraints.value_or(NumberAttributeConstraints{});
            if (bounds.max_value && number > ReadWhole(*bounds.max_value))
                return clause("Number must not be greater than ", *bounds.max_value);
            if (bounds.min_value && number < ReadWhole(*bounds.min_value))
                return clause("Number must not be less than ", *bounds.min_value);
            return "";
        }
        case AttributeData::kString:
            break;
    }
    const auto length = static_cast<std::int64_t>(Utf16Length(value));
    const auto bounds = row.string_attribute_constraints.value_or(StringAttributeConstraints{});
    const std::string longest = bounds.max_length.value_or("2048");
    if (length > ReadWhole(longest)) return clause("String must not be longer than ", longest, " characters");
    if (bounds.min_length && length < ReadWhole(*bounds.min_length))
        return clause("String must not be shorter than ", *bounds.min_length, " characters");
    return "";
}

// The formats that Cognito knows beside the schema.
std::optional<std::string> BrokenFormat(const Pool& pool, const Attributes& attributes) {
    const auto email = Find(attributes, "email");
    if (email && !email->empty() && !IsEmailAddress(*email)) return "Invalid email address format.";
    const auto phone = Find(attributes, "phone_number");
    if (phone && !phone->empty() && !IsPhoneNumber(*phone)) return "Invalid phone number format.";
    const auto birthdate = Find(attributes, "birthdate");
    const SchemaAttribute* row = FindSchema(pool, "birthdate");
    if (birthdate && row && !birthdate->empty() && !BrokenConstraint(*row, *birthdate).empty())
        return "Invalid birthdate format";
    return std::nullopt;
}

std::string ImmutableClauses(const Pool& pool, const Attributes& attributes) {
    std::string out;
    for (const auto& [name, value] : attributes) {
        const SchemaAttribute* row = FindSchema(pool, name);
        if (row && !row->is_mutable.value_or(true)) out += "user." + name + ": Attribute cannot be updated.\n";
    }
    return out;
}

bool IsRequired(const SchemaAttribute& row) { return row.is_required.value_or(false) && row.name != "sub"; }

}  // namespace

std::optional<std::string> ValidateAttributes(const Pool& pool, const Attributes& attributes, AttributeWrite write) {
    for (const auto& [name, value] : attributes) {
        if (name == "sub" || name == "identities") return "Cannot modify the non-mutable attribute " + name;
        if (!FindSchema(pool, name))
            return "Attributes did not conform to the schema: Type for attribute {" + name +
                   "} could not be determined";
    }
    if (write == AttributeWrite::kUpdate) {
        if (std::string clauses = ImmutableClauses(pool, attributes); !clauses.empty()) return clauses;
    }
    if (auto broken = BrokenFormat(pool, attributes)) return broken;

    std::string clauses;
    for (const SchemaAttribute& row : pool.schema) {
        const auto value = Find(attributes, *row.name);
        const bool empty = !value || value->empty();
        // An update says "" to delete; sign-up and creation treat it as absent.
        const bool missing =
            write == AttributeWrite::kSignUp ? empty : write == AttributeWrite::kUpdate && value && empty;
        if (missing && IsRequired(row)) clauses += *row.name + ": The attribute is required\n";
        if (!empty) clauses += BrokenConstraint(row, *value);
    }
    if (clauses.empty()) return std::nullopt;
    return "Attributes did not conform to the schema: " + clauses;
}

std::vector<std::string> MissingRequired(const Pool& pool, const Attributes& attributes) {
    std::vector<std::string> out;
    for (const SchemaAttribute& row : pool.schema)
        if (IsRequired(row) && Find(attributes, *row.name).value_or("").empty()) out.push_back(*row.name);
    return out;
}

bool IsEmailAddress(std::string_view text) {
    if (text.size() > kLongestAddress) return false;
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0 || at > kLongestLocalPart) return false;
    const std::string_view domain = text.substr(at + 1);
    if (domain.empty() || domain.front() == '.' || domain.back() == '.' || domain.front() == '-') return false;
    if (domain.find('@') != std::string_view::npos || domain.find("..") != std::string_view::npos) return false;
    // No spaces, controls, or marks that separate or end an address in a message's head.
    return std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' ||
               std::string_view("()<>[]\\,;:\"").find(c) != std::string_view::npos;
    });
}

bool IsPhoneNumber(std::string_view text) {
    return text.size() >= 2 && text.size() <= kMostDigits + 1 && text.front() == '+' && AllDigits(text.substr(1));
}

namespace {

bool IsDeveloperOnly(std::string_view name) { return name.starts_with("dev:"); }

bool IsListed(const std::optional<std::vector<std::string>>& list, std::string_view name) {
    return std::find(list->begin(), list->end(), name) != list->end();
}

}  // namespace

bool CanRead(const Client& client, const Pool& pool, std::string_view name) {
    if (name == "sub") return true;
    if (IsDeveloperOnly(name)) return false;
    if (client.read_attributes) return IsListed(client.read_attributes, name);
    return FindSchema(pool, name) != nullptr;
}

std::vector<std::string> ReadableAttributes(const Client& client, const Pool& pool) {
    std::vector<std::string> out;
    for (const SchemaAttribute& row : pool.schema)
        if (CanRead(client, pool, *row.name)) out.push_back(*row.name);
    return out;
}

bool CanWrite(const Client& client, const Pool&, std::string_view name) {
    if (name == "sub" || name == "identities" || name == "email_verified" || name == "phone_number_verified")
        return false;
    if (IsDeveloperOnly(name)) return false;
    return !client.write_attributes || IsListed(client.write_attributes, name);
}

}  // namespace cardea
