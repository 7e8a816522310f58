// Holds every operation's field tables, errors and access against the AWS model.

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

#include "api/user_pools/service.h"
#include "support/smithy.h"

namespace cardea::test {
namespace {

using Model = std::map<std::string, SmithyShape>;

const Model& UserPoolsModel() {
    static const Model model = ReadSmithy(CARDEA_SOURCE_DIR "/tests/model/cognito-idp.smithy");
    return model;
}

// Where the wire differs from the model (fact sheet user pools A.4), by the model's shape.
const std::map<std::string, std::string>& PatternsOnTheWire() {
    static const std::map<std::string, std::string> patterns{{"PasswordType", R"(^[\S]+.*[\S]+$)"}};
    return patterns;
}

constexpr std::int64_t kNoMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kNoMax = std::numeric_limits<std::int64_t>::max();

std::string_view KindName(TypeKind kind) {
    switch (kind) {
        case TypeKind::kText:
            return "string";
        case TypeKind::kWhole:
            return "integer";
        case TypeKind::kBoolean:
            return "boolean";
        case TypeKind::kEnum:
            return "enum";
        case TypeKind::kTime:
            return "timestamp";
        case TypeKind::kList:
            return "list";
        case TypeKind::kMap:
            return "map";
        case TypeKind::kStructure:
            return "structure";
    }
    return "";
}

class Comparison {
 public:
    explicit Comparison(bool is_request) : is_request_(is_request) {}

    void Structure(const ShapeInfo& ours, const std::string& name, const std::string& path) {
        const SmithyShape& theirs = UserPoolsModel().at(name);
        std::set<std::string> seen;
        for (const FieldInfo& field : ours.fields) {
            const std::string where = path + "." + std::string(field.wire);
            const auto member = std::ranges::find(theirs.members, field.wire, &SmithyMember::name);
            ASSERT_NE(member, theirs.members.end()) << where << " is not in the model";
            EXPECT_TRUE(seen.insert(std::string(field.wire)).second) << where << " has two rows";
            if (is_request_) {
                EXPECT_EQ(field.required, member->required) << where << ": required";
            }
            Type(*field.type, *field.limits, member->target, where);
        }
        for (const SmithyMember& member : theirs.members) {
            // Deprecated and never sent today (fact sheet user pools B.1).
            const bool status = !is_request_ && member.name == "Status" &&
                                (name == "UserPoolType" || name == "UserPoolDescriptionType");
            EXPECT_TRUE(status || seen.contains(member.name)) << path << "." << member.name << " has no row";
        }
    }

 private:
    void Type(const TypeInfo& type, const Limits& limits, const std::string& target, const std::string& where) {
        static const std::map<std::string, std::string> kPrelude{{"String", "string"},
                                                                 {"Integer", "integer"},
                                                                 {"Boolean", "boolean"},
                                                                 {"Long", "integer"},
                                                                 {"Timestamp", "timestamp"}};
        const auto prelude = kPrelude.find(target);
        const auto found = UserPoolsModel().find(target);
        ASSERT_TRUE(prelude != kPrelude.end() || found != UserPoolsModel().end()) << where << ": " << target;
        static const SmithyShape kPlain;
        const SmithyShape& theirs = found != UserPoolsModel().end() ? found->second : kPlain;
        std::string kind = found != UserPoolsModel().end() ? theirs.kind : prelude->second;
        if (kind == "long") kind = "integer";
        ASSERT_EQ(KindName(type.kind), kind) << where;
        Constraints(type, limits, theirs, target, where);
        if (type.kind == TypeKind::kStructure) Structure(*type.shape, target, where);
        if (type.kind == TypeKind::kList) Inner(type, limits.item, theirs.members.at(0).target, where + "[]");
        if (type.kind == TypeKind::kMap) Inner(type, limits.item, theirs.members.at(1).target, where + "{}");
        if (type.kind == TypeKind::kEnum) {
            EXPECT_EQ(std::vector<std::string>(type.names.begin(), type.names.end()), theirs.values) << where;
        }
    }

    void Inner(const TypeInfo& type, const Limits* limits, const std::string& target, const std::string& where) {
        if (!open_.insert(target).second) return;
        Type(*type.item, limits ? *limits : kFree, target, where);
        open_.erase(target);
    }

    void Constraints(const TypeInfo& type, const Limits& limits, const SmithyShape& theirs, const std::string& target,
                     const std::string& where) {
        EXPECT_EQ(limits.sensitive, theirs.Has("sensitive")) << where << ": sensitive";
        // Answers are printed, not checked: their other constraints are documentation only.
        if (!is_request_) return;
        const std::string trait = type.kind == TypeKind::kWhole ? "range" : "length";
        EXPECT_EQ(limits.min, theirs.Bound(trait, "min").value_or(kNoMin)) << where << ": min";
        EXPECT_EQ(limits.max, theirs.Bound(trait, "max").value_or(kNoMax)) << where << ": max";
        const auto wire = PatternsOnTheWire().find(target);
        EXPECT_EQ(limits.pattern, wire != PatternsOnTheWire().end() ? wire->second : theirs.Pattern())
            << where << ": pattern";
    }

    bool is_request_;
    std::set<std::string> open_;
};

TEST(Drift, EveryOperationsShapesAreThoseOfTheModel) {
    for (const Operation& operation : UserPoolOperations()) {
        const SmithyShape& theirs = UserPoolsModel().at(std::string(operation.name));
        Comparison(true).Structure(*operation.request, theirs.input, std::string(operation.name) + " request");
        ASSERT_EQ(operation.response == nullptr, theirs.output.empty()) << operation.name;
        if (operation.response)
            Comparison(false).Structure(*operation.response, theirs.output, std::string(operation.name) + " response");
    }
}

TEST(Drift, EveryOperationDeclaresTheErrorsOfTheModel) {
    for (const Operation& operation : UserPoolOperations()) {
        const SmithyShape& theirs = UserPoolsModel().at(std::string(operation.name));
        std::set<std::string> ours;
        for (std::size_t i = 0; i < static_cast<std::size_t>(Error::kCount); ++i)
            if (operation.raises.Contains(static_cast<Error>(i)))
                ours.insert(std::string(NameOf(static_cast<Error>(i))));
        EXPECT_EQ(ours, std::set<std::string>(theirs.errors.begin(), theirs.errors.end())) << operation.name;
    }
}

TEST(Drift, EveryOperationIsOpenToThoseThatTheModelSays) {
    for (const Operation& operation : UserPoolOperations()) {
        const SmithyShape& theirs = UserPoolsModel().at(std::string(operation.name));
        EXPECT_EQ(operation.access == Access::kIam, !theirs.Has("auth([])")) << operation.name;
        bool takesToken = false;
        for (const FieldInfo& field : operation.request->fields) takesToken |= field.wire == "AccessToken";
        EXPECT_EQ(operation.access == Access::kAccessToken, takesToken) << operation.name;
    }
}

TEST(Drift, EveryOperationOfTheModelIsThereOrKnownToBeAbsent) {
    std::set<std::string> known;
    for (const Operation& operation : UserPoolOperations()) known.insert(std::string(operation.name));
    for (const std::string_view absent : AbsentUserPoolOperations())
        EXPECT_TRUE(known.insert(std::string(absent)).second) << absent << " is there and said to be absent";
    std::set<std::string> modeled;
    for (const auto& [name, shape] : UserPoolsModel())
        if (shape.kind == "operation") modeled.insert(name);
    EXPECT_EQ(known, modeled);
}

TEST(Drift, EveryErrorOfTheModelIsInTheCatalogue) {
    for (const auto& [name, shape] : UserPoolsModel())
        if (shape.Has("error(")) {
            EXPECT_TRUE(EnumFrom<Error>(name).has_value()) << name;
        }
}

}  // namespace
}  // namespace cardea::test
