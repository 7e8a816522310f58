// As the tests of bad input, for what stands deeper in a request: members of structures, items of lists, values and
// keys of maps. Each place is sent what breaks its constraints and its type, in a request that is good otherwise.

#include <functional>
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

// A text of that many letters, in quotes.
std::string Letters(std::int64_t count) { return Quoted(std::string(static_cast<std::size_t>(count), 'Z')); }

// One place in an operation's request.
struct Place {
    std::string path;                                   // as a message names it
    std::function<std::string(const std::string&)> at;  // the whole request with this JSON at the place
};

// What is wrong with a text of these limits, with the phrase that says so.
std::vector<std::pair<std::string, std::string>> BadTexts(const Limits& limits) {
    std::vector<std::pair<std::string, std::string>> out;
    if (limits.max != kNoMax)
        out.emplace_back(Letters(limits.max + 1),
                         "Member must have length less than or equal to " + std::to_string(limits.max));
    if (limits.min > 0)
        out.emplace_back(Letters(limits.min - 1),
                         "Member must have length greater than or equal to " + std::to_string(limits.min));
    if (!limits.pattern.empty() && !MatchesPattern(limits.pattern, "\n\x01"))
        out.emplace_back("\"\\n\\u0001\"", "Member must satisfy regular expression pattern: ");
    return out;
}

class DeepMembers : public testing::Test {
 protected:
    void Walk(const Operation& operation) {
        operation_ = &operation;
        for (const FieldInfo& field : operation.request->fields) {
            const Place place{LowerCamel(field.wire),
                              [&](const std::string& json) { return RequestWith(*operation_, field.wire, json); }};
            Visit(*field.type, *field.limits, place, false);
        }
    }
    int Sent() const { return sent_; }

 private:
    // `deep` is false for the request's own members, which the tests of bad input look at.
    void Visit(const TypeInfo& type, const Limits& limits, const Place& place, bool deep) {
        if (deep && type.kind != TypeKind::kStructure) ExpectWrongType(place, R"({"a": {"b": [1]}})");
        if (deep && type.kind != TypeKind::kList) ExpectWrongType(place, "[[1]]");
        if (type.kind == TypeKind::kStructure) return Structure(type, place);
        if (type.kind == TypeKind::kList) return List(type, limits, place);
        if (type.kind == TypeKind::kMap) return Map(type, limits, place);
        if (!deep) return;
        if (type.kind == TypeKind::kText) {
            ExpectWrongType(place, "true");
            for (const auto& [json, phrase] : BadTexts(limits)) ExpectViolation(place, json, phrase);
        } else if (type.kind == TypeKind::kEnum) {
            ExpectViolation(place, "\"NO_SUCH_VALUE\"", "Member must satisfy enum value set: [");
        } else {
            ExpectWrongType(place, "\"text\"");
        }
        if (type.kind != TypeKind::kWhole) return;
        if (limits.max != kNoMax)
            ExpectViolation(place, std::to_string(limits.max + 1), "Member must have value less than or equal to");
        if (limits.min != kNoMin)
            ExpectViolation(place, std::to_string(limits.min - 1), "Member must have value greater than or equal to");
    }

    void Structure(const TypeInfo& type, const Place& place) {
        for (const FieldInfo& field : type.shape->fields) {
            const Place inner{place.path + "." + LowerCamel(field.wire), [&](const std::string& json) {
                                  return place.at(StructureWith(*type.shape, field.wire, json));
                              }};
            if (field.required) ExpectViolation(inner, "", "Member must not be null");
            Visit(*field.type, *field.limits, inner, true);
        }
    }

    void List(const TypeInfo& type, const Limits& limits, const Place& place) {
        const Limits& item_limits = limits.item ? *limits.item : kFree;
        if (limits.max != kNoMax) {
            std::string items = "[";
            for (std::int64_t i = 0; i <= limits.max; ++i) items += (i ? "," : "") + GoodValue(*type.item, item_limits);
            ExpectViolation(place, items + "]", "Member must have length less than or equal to");
        }
        if (limits.min > 0) ExpectViolation(place, "[]", "Member must have length greater than or equal to");
        const Place item{place.path + ".1.member", [&](const std::string& json) { return place.at("[" + json + "]"); }};
        if (type.item->kind != TypeKind::kText && type.item->kind != TypeKind::kEnum)
            return Visit(*type.item, item_limits, item, true);
        // Of a text in a list the message names the list.
        ExpectWrongType(place, "[true]");
        if (type.item->kind == TypeKind::kEnum)
            ExpectViolation(place, R"(["NO_SUCH_VALUE"])", "Member must satisfy constraint: [Member must satisfy enum");
        for (const auto& [json, phrase] : BadTexts(item_limits))
            ExpectViolation(place, "[" + json + "]", "Member must satisfy constraint: [");
    }

    void Map(const TypeInfo& type, const Limits& limits, const Place& place) {
        const Limits& key_limits = limits.key ? *limits.key : kFree;
        const Limits& value_limits = limits.item ? *limits.item : kFree;
        const std::string good = GoodValue(*type.item, value_limits);
        for (const auto& [key, phrase] : BadTexts(key_limits))
            ExpectViolation(place, "{" + key + ":" + good + "}", "Map keys must satisfy constraint: [");
        ExpectWrongType(place, R"({"key": [1]})");
        if (type.item->kind == TypeKind::kText) {
            for (const auto& [json, phrase] : BadTexts(value_limits))
                ExpectViolation(place, R"({"key":)" + json + "}", "Map value must satisfy constraint: [");
        } else {
            ExpectViolation(place, R"({"key": {}})", "Map value must satisfy constraint: [");
        }
    }

    std::string Send(const Place& place, const std::string& json, std::string_view error) {
        ++sent_;
        const std::string body = place.at(json);
        const HttpResponse answer = world_.Call(operation_->name, body);
        EXPECT_NE(answer.body.find("\"__type\":\"" + std::string(error) + "\""), std::string::npos)
            << operation_->name << " " << place.path << " " << json.substr(0, 60) << ": " << answer.body;
        return answer.body;
    }

    void ExpectWrongType(const Place& place, const std::string& json) {
        (void)Send(place, json, "SerializationException");
    }

    void ExpectViolation(const Place& place, const std::string& json, std::string_view phrase) {
        const std::string answer = Send(place, json, "InvalidParameterException");
        const std::string wanted = "at '" + place.path + "' failed to satisfy constraint: " + std::string(phrase);
        std::string found;
        AppendJsonText(found, wanted);
        EXPECT_NE(answer.find(found.substr(1, found.size() - 2)), std::string::npos)
            << operation_->name << " " << json.substr(0, 60) << " wanted " << wanted << ": " << answer;
    }

    World world_;
    const Operation* operation_ = nullptr;
    int sent_ = 0;
};

TEST_F(DeepMembers, AreNamedWhereTheyBreakTheirConstraintsOrTypes) {
    for (const Operation& operation : UserPoolOperations()) Walk(operation);
    EXPECT_GT(Sent(), 500);
}

}  // namespace
}  // namespace cardea::test
