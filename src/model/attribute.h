#pragma once
// A user's attributes and the schema that a pool lays down for them.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/shape.h"
#include "model/limits.h"

namespace cardea {

struct Attribute {
    std::string name;
    std::optional<std::string> value;

    static constexpr auto kFields =
        Fields(Field<&Attribute::name>("Name", kAttributeName), Field<&Attribute::value>("Value", kAttributeValue));
};

enum class AttributeData : std::uint8_t { kString, kNumber, kDateTime, kBoolean };
template <>
struct EnumNames<AttributeData> {
    static constexpr std::array<std::string_view, 4> kNames{"String", "Number", "DateTime", "Boolean"};
    static constexpr std::array<std::string_view, 4> kListed{"Boolean", "Number", "String", "DateTime"};
};

struct NumberAttributeConstraints {
    std::optional<std::string> min_value;
    std::optional<std::string> max_value;

    static constexpr auto kFields = Fields(Field<&NumberAttributeConstraints::min_value>("MinValue", kString),
                                           Field<&NumberAttributeConstraints::max_value>("MaxValue", kString));
};

struct StringAttributeConstraints {
    std::optional<std::string> min_length;
    std::optional<std::string> max_length;

    static constexpr auto kFields = Fields(Field<&StringAttributeConstraints::min_length>("MinLength", kString),
                                           Field<&StringAttributeConstraints::max_length>("MaxLength", kString));
};

struct SchemaAttribute {
    std::optional<std::string> name;
    std::optional<AttributeData> attribute_data_type;
    std::optional<bool> developer_only_attribute;
    std::optional<bool> is_mutable;
    std::optional<bool> is_required;
    std::optional<NumberAttributeConstraints> number_attribute_constraints;
    std::optional<StringAttributeConstraints> string_attribute_constraints;

    static constexpr auto kFields =
        Fields(Field<&SchemaAttribute::name>("Name", kCustomAttributeName),
               Field<&SchemaAttribute::attribute_data_type>("AttributeDataType"),
               Field<&SchemaAttribute::developer_only_attribute>("DeveloperOnlyAttribute"),
               Field<&SchemaAttribute::is_mutable>("Mutable"), Field<&SchemaAttribute::is_required>("Required"),
               Field<&SchemaAttribute::number_attribute_constraints>("NumberAttributeConstraints"),
               Field<&SchemaAttribute::string_attribute_constraints>("StringAttributeConstraints"));
};

}  // namespace cardea
