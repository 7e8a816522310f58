#include "model/schema.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace cardea {

namespace {

constexpr std::string_view kCustomPrefix = "custom:";
constexpr std::string_view kDeveloperPrefix = "dev:custom:";
constexpr std::size_t kMostCustomAttributes = 50;
constexpr std::int64_t kLongestValue = 2048;

struct StandardRow {
    std::string_view name;
    AttributeData type = AttributeData::kString;
    std::int64_t min_length = 0;
    std::int64_t max_length = kLongestValue;
};

constexpr StandardRow kStandard[] = {
    {.name = "sub", .min_length = 1},
    {.name = "name"},
    {.name = "given_name"},
    {.name = "family_name"},
    {.name = "middle_name"},
    {.name = "nickname"},
    {.name = "preferred_username"},
    {.name = "profile"},
    {.name = "picture"},
    {.name = "website"},
    {.name = "email"},
    {.name = "email_verified", .type = AttributeData::kBoolean},
    {.name = "gender"},
    {.name = "birthdate", .min_length = 10, .max_length = 10},
    {.name = "zoneinfo"},
    {.name = "locale"},
    {.name = "phone_number"},
    {.name = "phone_number_verified", .type = AttributeData::kBoolean},
    {.name = "address"},
    {.name = "updated_at", .type = AttributeData::kNumber},
    {.name = "identities"},
};

SchemaAttribute ToSchema(const StandardRow& row) {
    const bool sub = row.name == "sub";
    SchemaAttribute out;
    out.name = std::string(row.name);
    out.attribute_data_type = row.type;
    out.developer_only_attribute = false;
    out.is_mutable = !sub;
    out.is_required = sub;
    if (row.type == AttributeData::kNumber) out.number_attribute_constraints.emplace().min_value = "0";
    if (row.type == AttributeData::kString) {
        auto& constraints = out.string_attribute_constraints.emplace();
        if (row.name != "identities")
            constraints = {.min_length = std::to_string(row.min_length), .max_length = std::to_string(row.max_length)};
    }
    return out;
}

std::optional<std::int64_t> ReadWhole(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool IsWholeOrAbsent(const std::optional<std::string>& text) { return !text || ReadWhole(*text); }

// The lengths that a string attribute lays down must be numbers, within bounds and in order.
std::optional<Fault> CheckStringConstraints(const std::string& name, const StringAttributeConstraints& constraints) {
    if (!IsWholeOrAbsent(constraints.min_length) || !IsWholeOrAbsent(constraints.max_length))
        return InvalidParameter("Invalid StringAttributeConstraints for schema attribute " + name);
    const std::int64_t min = ReadWhole(constraints.min_length.value_or("0")).value();
    const std::int64_t max = ReadWhole(constraints.max_length.value_or("2048")).value();
    if (min < 0 || max < 0) return InvalidParameter("Invalid StringAttributeConstraints for schema attribute " + name);
    if (max > kLongestValue || min > kLongestValue)
        return InvalidParameter("user." + name + ": String attributes cannot have a length of more than 2048");
    if (max < min) return InvalidParameter("user." + name + ": Max length cannot be less than min length.");
    return std::nullopt;
}

std::optional<Fault> CheckNumberConstraints(const std::string& name, const NumberAttributeConstraints& constraints) {
    if (!IsWholeOrAbsent(constraints.min_value) || !IsWholeOrAbsent(constraints.max_value))
        return InvalidParameter("Invalid NumberAttributeConstraints for schema attribute " + name);
    if (constraints.min_value && constraints.max_value &&
        ReadWhole(*constraints.max_value) < ReadWhole(*constraints.min_value))
        return InvalidParameter("user." + name + ": Max value cannot be less than min value.");
    return std::nullopt;
}

std::optional<Fault> CheckConstraints(const SchemaAttribute& row) {
    const AttributeData type = row.attribute_data_type.value();
    if (row.string_attribute_constraints) {
        if (type != AttributeData::kString)
            return InvalidParameter("Invalid StringAttributeConstraints for schema attribute " + *row.name);
        if (auto fault = CheckStringConstraints(*row.name, *row.string_attribute_constraints)) return fault;
    }
    if (row.number_attribute_constraints) {
        if (type != AttributeData::kNumber)
            return InvalidParameter("Invalid NumberAttributeConstraints for schema attribute " + *row.name);
        if (auto fault = CheckNumberConstraints(*row.name, *row.number_attribute_constraints)) return fault;
    }
    return std::nullopt;
}

// An entry of CreateUserPool's Schema that names a standard attribute.
std::optional<Fault> ChangeStandard(SchemaAttribute& row, const SchemaAttribute& entry) {
    if ((entry.attribute_data_type && entry.attribute_data_type != row.attribute_data_type) ||
        entry.developer_only_attribute.value_or(false))
        return InvalidParameter(
            "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute " +
            *row.name);
    if (row.name == "sub" && (!entry.is_required.value_or(true) || entry.is_mutable.value_or(false)))
        return InvalidParameter("You can not change the schema attribute sub: it is required and never changes.");
    if (entry.is_required) row.is_required = entry.is_required;
    if (entry.is_mutable) row.is_mutable = entry.is_mutable;
    if (const auto& given = entry.string_attribute_constraints) {
        auto& constraints = row.string_attribute_constraints;
        if (!constraints) constraints.emplace();
        if (given->min_length) constraints->min_length = given->min_length;
        if (given->max_length) constraints->max_length = given->max_length;
    }
    if (const auto& given = entry.number_attribute_constraints) {
        auto& constraints = row.number_attribute_constraints;
        if (!constraints) constraints.emplace();
        if (given->min_value) constraints->min_value = given->min_value;
        if (given->max_value) constraints->max_value = given->max_value;
    }
    return CheckConstraints(row);
}

SchemaAttribute* FindRow(std::vector<SchemaAttribute>& schema, std::string_view name) {
    const auto found = std::find_if(schema.begin(), schema.end(), [&](const auto& row) { return row.name == name; });
    return found == schema.end() ? nullptr : &*found;
}

bool IsCustom(const SchemaAttribute& row) {
    return row.name->starts_with(kCustomPrefix) || row.name->starts_with(kDeveloperPrefix);
}

std::optional<Fault> AddCustom(std::vector<SchemaAttribute>& schema, const SchemaAttribute& entry) {
    if (!entry.name) return InvalidParameter("The name of a custom attribute is required.");
    if (entry.is_required.value_or(false))
        return InvalidParameter("Required custom attributes are not supported currently.");
    SchemaAttribute row = entry;
    row.developer_only_attribute = entry.developer_only_attribute.value_or(false);
    row.name = std::string(*row.developer_only_attribute ? kDeveloperPrefix : kCustomPrefix) + *entry.name;
    row.attribute_data_type = entry.attribute_data_type.value_or(AttributeData::kString);
    row.is_mutable = entry.is_mutable.value_or(true);
    row.is_required = false;
    if (auto fault = CheckConstraints(row)) return fault;
    if (row.attribute_data_type == AttributeData::kString && !row.string_attribute_constraints)
        row.string_attribute_constraints.emplace();
    if (row.attribute_data_type == AttributeData::kNumber && !row.number_attribute_constraints)
        row.number_attribute_constraints.emplace();
    if (FindRow(schema, *row.name))
        return InvalidParameter(std::string(kCustomPrefix) + *entry.name + ": Existing attribute already has name " +
                                *row.name + ".");
    if (static_cast<std::size_t>(std::count_if(schema.begin(), schema.end(), IsCustom)) >= kMostCustomAttributes)
        return InvalidParameter("A user pool can have at most 50 custom attributes.");
    schema.push_back(std::move(row));
    return std::nullopt;
}

}  // namespace

std::vector<SchemaAttribute> StandardSchema() {
    std::vector<SchemaAttribute> out;
    for (const StandardRow& row : kStandard) out.push_back(ToSchema(row));
    return out;
}

bool IsStandardAttribute(std::string_view name) {
    return std::any_of(std::begin(kStandard), std::end(kStandard), [&](const auto& row) { return row.name == name; });
}

const SchemaAttribute* FindSchema(const Pool& pool, std::string_view name) {
    const auto found =
        std::find_if(pool.schema.begin(), pool.schema.end(), [&](const auto& row) { return row.name == name; });
    return found == pool.schema.end() ? nullptr : &*found;
}

std::optional<Fault> ApplySchema(std::vector<SchemaAttribute>& schema, std::span<const SchemaAttribute> entries) {
    for (const SchemaAttribute& entry : entries) {
        const bool standard = entry.name && IsStandardAttribute(*entry.name);
        auto fault = standard ? ChangeStandard(*FindRow(schema, *entry.name), entry) : AddCustom(schema, entry);
        if (fault) return fault;
    }
    return std::nullopt;
}

std::optional<Fault> ExtendSchema(std::vector<SchemaAttribute>& schema, std::span<const SchemaAttribute> entries) {
    for (const SchemaAttribute& entry : entries)
        if (auto fault = AddCustom(schema, entry)) return fault;
    return std::nullopt;
}

}  // namespace cardea
