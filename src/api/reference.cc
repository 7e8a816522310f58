#include "api/reference.h"

#include <algorithm>

#include "api/user_pools/service.h"

namespace cardea {

namespace {

constexpr std::int64_t kNoMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kNoMax = std::numeric_limits<std::int64_t>::max();

std::string TypeText(const TypeInfo& type) {
    switch (type.kind) {
        case TypeKind::kText:
            return "text";
        case TypeKind::kWhole:
            return "whole number";
        case TypeKind::kBoolean:
            return "boolean";
        case TypeKind::kTime:
            return "time";
        case TypeKind::kStructure:
            return "structure";
        case TypeKind::kList:
            return "list of " + TypeText(*type.item);
        case TypeKind::kMap:
            return "map of text to " + TypeText(*type.item);
        case TypeKind::kEnum:
            break;
    }
    std::string out = "one of";
    for (const std::string_view name : type.names) out += " `" + std::string(name) + "`";
    return out;
}

std::string LimitsText(const TypeInfo& type, const Limits& limits) {
    std::string out;
    const std::string what = type.kind == TypeKind::kWhole ? "value" : type.kind == TypeKind::kText ? "length" : "size";
    if (limits.min != kNoMin || limits.max != kNoMax) {
        out += what + " " + (limits.min != kNoMin ? std::to_string(limits.min) : "") + "–" +
               (limits.max != kNoMax ? std::to_string(limits.max) : "");
    }
    if (!limits.pattern.empty()) {
        std::string pattern(limits.pattern);
        for (std::size_t at = 0; (at = pattern.find('|', at)) != std::string::npos; at += 2)
            pattern.replace(at, 1, "\\|");
        out += (out.empty() ? "" : ", ") + std::string("pattern `") + pattern + "`";
    }
    if (limits.sensitive) out += (out.empty() ? "" : ", ") + std::string("sensitive");
    return out;
}

void DescribeFields(const ShapeInfo& shape, const std::string& prefix, bool request, std::string& out) {
    for (const FieldInfo& field : shape.fields) {
        const std::string name = prefix + std::string(field.wire);
        out += "| `" + name + "` | " + TypeText(*field.type) + " | " + (request && field.required ? "required" : "") +
               " | " + LimitsText(*field.type, *field.limits) + " |\n";
        const TypeInfo& inner = field.type->item ? *field.type->item : *field.type;
        if (inner.shape) DescribeFields(*inner.shape, name + (field.type->item ? "[]." : "."), request, out);
    }
}

std::string_view AccessText(Access access) {
    switch (access) {
        case Access::kIam:
            return "Signed with SigV4.";
        case Access::kAccessToken:
            return "With a user's access token.";
        case Access::kPublic:
            break;
    }
    return "Public: the body names an app client.";
}

void DescribeOperation(const Operation& operation, std::string& out) {
    out += "## " + std::string(operation.name) + "\n\n" + std::string(AccessText(operation.access)) + "\n\n";
    out += "| member | type | | constraints |\n| --- | --- | --- | --- |\n";
    DescribeFields(*operation.request, "", true, out);
    if (!operation.response)
        out += "\nAnswer: empty.\n";
    else if (operation.response->fields.empty())
        out += "\nAnswer: `{}`.\n";
    else {
        out += "\n| answer | type | | |\n| --- | --- | --- | --- |\n";
        DescribeFields(*operation.response, "", false, out);
    }
    out += "\nErrors:";
    for (std::size_t i = 0; i < static_cast<std::size_t>(Error::kCount); ++i)
        if (operation.raises.Contains(static_cast<Error>(i)))
            out += " `" + std::string(NameOf(static_cast<Error>(i))) + "`";
    out += "\n\n";
}

}  // namespace

std::string DescribeUserPoolOperations() {
    std::vector<const Operation*> operations;
    for (const Operation& operation : UserPoolOperations()) operations.push_back(&operation);
    std::ranges::sort(operations, {}, &Operation::name);
    std::string out =
        "# User pools: operations\n\nMade from the program's own tables by `cardea reference`; a test holds this page "
        "to them.\n\n";
    for (const Operation* operation : operations) DescribeOperation(*operation, out);
    out.pop_back();
    return out;
}

}  // namespace cardea
