#include "good_request.h"

#include <gtest/gtest.h>

#include "codec/pattern.h"

namespace cardea::test {

namespace {

constexpr std::int64_t kNoMin = std::numeric_limits<std::int64_t>::min();

// A text that satisfies the limits, found by trying; operations are refused for another member before it is used.
std::string GoodText(const Limits& limits) {
    static const std::string kTries[] = {"abcdefgh",
                                         "us-east-1_abcdefghi",
                                         "123456",
                                         "abcdefghabcdefghabcdefgh",
                                         "someone@example.com",
                                         "arn:aws:iam::000000000000:role/someone",
                                         "Your code is {####}.",
                                         "Click {##here##} now",
                                         "+15555550100",
                                         "us-east-1_0a1b2c3d"};
    for (const std::string& text : kTries) {
        const auto size = static_cast<std::int64_t>(text.size());
        if (size < limits.min || size > limits.max) continue;
        if (limits.pattern.empty() || MatchesPattern(limits.pattern, text)) return text;
    }
    ADD_FAILURE() << "no text fits the pattern " << limits.pattern;
    return "x";
}

void WriteGood(const TypeInfo& type, const Limits& limits, JsonWriter& out);

void WriteGoodFields(const ShapeInfo& shape, JsonWriter& out, std::string_view except) {
    for (const FieldInfo& field : shape.fields) {
        if (!field.required || field.wire == except) continue;
        out.Key(field.wire);
        WriteGood(*field.type, *field.limits, out);
    }
}

void WriteGood(const TypeInfo& type, const Limits& limits, JsonWriter& out) {
    switch (type.kind) {
        case TypeKind::kText:
            out.Text(GoodText(limits));
            break;
        case TypeKind::kWhole:
            out.Whole(limits.min != kNoMin ? limits.min : 1);
            break;
        case TypeKind::kBoolean:
            out.Boolean(true);
            break;
        case TypeKind::kEnum:
            out.Text(type.names[0]);
            break;
        case TypeKind::kTime:
            out.Whole(1767225600);
            break;
        case TypeKind::kList:
            out.BeginArray();
            if (limits.min > 0) WriteGood(*type.item, limits.item ? *limits.item : kFree, out);
            out.EndArray();
            break;
        case TypeKind::kMap:
            out.BeginObject().EndObject();
            break;
        case TypeKind::kStructure:
            out.BeginObject();
            WriteGoodFields(*type.shape, out, "");
            out.EndObject();
            break;
    }
}

}  // namespace

std::string StructureWith(const ShapeInfo& shape, std::string_view member, std::string_view json) {
    JsonWriter out;
    out.BeginObject();
    WriteGoodFields(shape, out, member);
    if (!json.empty()) out.Key(member).Raw(json);
    out.EndObject();
    return out.Take();
}

std::string GoodValue(const TypeInfo& type, const Limits& limits) {
    JsonWriter out;
    WriteGood(type, limits, out);
    return out.Take();
}

}  // namespace cardea::test
