// Sends every operation what its field tables say is wrong: missing, short, long, mis-patterned and mis-typed members.

#include <gtest/gtest.h>

#include "api/user_pools/service.h"
#include "codec/pattern.h"
#include "good_request.h"
#include "support/world.h"

namespace cardea::test {
namespace {

constexpr std::int64_t kNoMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kNoMax = std::numeric_limits<std::int64_t>::max();

std::string Quoted(std::string_view text) {
    std::string out;
    AppendJsonText(out, text);
    return out;
}

class BadInput : public testing::Test {
 protected:
    void ExpectViolation(const Operation& operation, const FieldInfo& field, std::string_view json,
                         std::string_view phrase) {
        const HttpResponse answer = world_.Call(operation.name, RequestWith(operation, field.wire, json));
        const std::string where =
            std::string(operation.name) + "." + std::string(field.wire) + " " + std::string(json.substr(0, 40));
        EXPECT_EQ(answer.status, 400) << where;
        EXPECT_NE(answer.body.find("\"__type\":\"InvalidParameterException\""), std::string::npos)
            << where << answer.body;
        EXPECT_NE(answer.body.find(phrase), std::string::npos) << where << ": " << answer.body;
        EXPECT_NE(answer.body.find("at '" + LowerCamel(field.wire) + "' failed to satisfy constraint"),
                  std::string::npos)
            << where << answer.body;
        if (field.limits->sensitive && json.size() > 6) {
            EXPECT_EQ(answer.body.find(json.substr(1, 4)), std::string::npos) << where << answer.body;
        }
    }

    void ExpectWrongType(const Operation& operation, const FieldInfo& field, std::string_view json) {
        const HttpResponse answer = world_.Call(operation.name, RequestWith(operation, field.wire, json));
        EXPECT_EQ(answer.status, 400) << operation.name << "." << field.wire;
        EXPECT_NE(answer.body.find("\"__type\":\"SerializationException\""), std::string::npos)
            << operation.name << "." << field.wire << answer.body;
    }

    World world_;
};

TEST_F(BadInput, MissingMembersAreNamed) {
    for (const Operation& operation : UserPoolOperations())
        for (const FieldInfo& field : operation.request->fields)
            if (field.required) {
                ExpectViolation(operation, field, "", "Member must not be null");
                ExpectViolation(operation, field, "null", "Member must not be null");
            }
}

TEST_F(BadInput, TextsAndNumbersOutOfBoundsAreNamed) {
    for (const Operation& operation : UserPoolOperations())
        for (const FieldInfo& field : operation.request->fields) {
            const Limits& limits = *field.limits;
            if (field.type->kind == TypeKind::kText) {
                if (limits.max != kNoMax)
                    ExpectViolation(operation, field,
                                    Quoted(std::string(static_cast<std::size_t>(limits.max) + 1, 'Z')),
                                    "less than or equal to " + std::to_string(limits.max));
                if (limits.min > 0)
                    ExpectViolation(operation, field,
                                    Quoted(std::string(static_cast<std::size_t>(limits.min) - 1, 'Z')),
                                    "greater than or equal to " + std::to_string(limits.min));
            } else if (field.type->kind == TypeKind::kWhole) {
                if (limits.max != kNoMax)
                    ExpectViolation(operation, field, std::to_string(limits.max + 1), "value less than or equal to");
                if (limits.min != kNoMin)
                    ExpectViolation(operation, field, std::to_string(limits.min - 1), "value greater than or equal to");
            } else if (field.type->kind == TypeKind::kEnum) {
                ExpectViolation(operation, field, "\"NO_SUCH_VALUE\"", "Member must satisfy enum value set: [");
            }
        }
}

TEST_F(BadInput, TextsThatBreakTheirPatternAreNamed) {
    for (const Operation& operation : UserPoolOperations())
        for (const FieldInfo& field : operation.request->fields) {
            const std::string_view pattern = field.limits->pattern;
            if (field.type->kind != TypeKind::kText || pattern.empty()) continue;
            for (const std::string& text : {std::string(" \u0001 "), std::string("\n")})
                if (!MatchesPattern(pattern, text))
                    ExpectViolation(operation, field, Quoted(text), "Member must satisfy regular expression pattern: ");
        }
}

TEST_F(BadInput, MembersOfAnotherTypeAreASerializationException) {
    for (const Operation& operation : UserPoolOperations())
        for (const FieldInfo& field : operation.request->fields) {
            const TypeKind kind = field.type->kind;
            const bool isText = kind == TypeKind::kText || kind == TypeKind::kEnum;
            if (!isText) ExpectWrongType(operation, field, "\"text\"");
            if (kind != TypeKind::kWhole && kind != TypeKind::kTime) ExpectWrongType(operation, field, "17");
            if (kind != TypeKind::kBoolean) ExpectWrongType(operation, field, "true");
            if (kind != TypeKind::kList) ExpectWrongType(operation, field, "[1]");
            if (kind != TypeKind::kMap && kind != TypeKind::kStructure) ExpectWrongType(operation, field, "{\"a\":1}");
        }
}

TEST_F(BadInput, UnknownMembersAreIgnored) {
    const HttpResponse answer = world_.Call("ListUserPools", R"({"MaxResults":1,"NoSuchMember":{"a":[1,2]}})");
    EXPECT_EQ(answer.status, 200) << answer.body;
}

TEST_F(BadInput, AllViolationsOfARequestStandInOneMessage) {
    const HttpResponse answer = world_.Call("DescribeUserPoolClient", "{}");
    EXPECT_NE(
        answer.body.find(
            "2 validation errors detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be "
            "null; Value at 'clientId' failed to satisfy constraint: Member must not be null"),
        std::string::npos)
        << answer.body;
}

TEST_F(BadInput, WhatIsNoJsonObjectIsASerializationException) {
    for (const std::string_view body :
         {"{", "[]", "null", "17", "\"text\"", "{\"a\":}", "{\"MaxResults\":1}x", "\xff\xfe", "{\"a\":\"\xc3\x28\"}"}) {
        const HttpResponse answer = world_.Call("ListUserPools", body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_NE(answer.body.find("SerializationException"), std::string::npos) << body;
    }
    const HttpResponse deep = world_.Call("ListUserPools", std::string(100000, '['));
    EXPECT_NE(deep.body.find("SerializationException"), std::string::npos);
}

TEST_F(BadInput, OperationsThatAreNotThereSaySo) {
    for (const std::string_view name : AbsentUserPoolOperations()) {
        const HttpResponse answer = world_.Call(name, "{}");
        EXPECT_EQ(answer.status, 400) << name;
        EXPECT_NE(answer.body.find("UnknownOperationException"), std::string::npos) << name;
        EXPECT_NE(answer.body.find("does not have the operation " + std::string(name)), std::string::npos)
            << answer.body;
    }
    const HttpResponse answer = world_.Call("NoSuchOperation", "{}");
    EXPECT_EQ(answer.body, "{\"__type\":\"UnknownOperationException\"}");
}

TEST_F(BadInput, OperationsUnderIamWantASignature) {
    for (const Operation& operation : UserPoolOperations()) {
        if (operation.access != Access::kIam) continue;
        const HttpResponse answer = world_.Call(operation.name, "{}", false);
        EXPECT_EQ(answer.body,
                  R"({"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"})");
    }
}

}  // namespace
}  // namespace cardea::test
