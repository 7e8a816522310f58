// Holds the request log to its promise: what the AWS model marks as sensitive, and what is a secret here, is in no
// line.

#include <gtest/gtest.h>
#include <map>

#include "api/user_pools/service.h"
#include "base/log.h"
#include "support/smithy.h"
#include "support/world.h"

namespace cardea::test {
namespace {

using Model = std::map<std::string, SmithyShape>;

const Model& UserPoolsModel() {
    static const Model model = ReadSmithy(CARDEA_SOURCE_DIR "/tests/model/cognito-idp.smithy");
    return model;
}

// Secrets that the model does not mark: one-time codes.
bool IsUnmarkedSecret(const std::string& member) { return member == "ConfirmationCode" || member == "Code"; }

// Writes a request with all that the model lets it have, each text another one, and notes which of them may be shown.
class FullRequest {
 public:
    std::string Write(const std::string& shape) {
        JsonWriter out;
        Structure(shape, false, out);
        return out.Take();
    }
    const std::vector<std::string>& Secrets() const { return secrets_; }
    const std::vector<std::string>& Others() const { return others_; }

 private:
    void Structure(const std::string& name, bool hidden, JsonWriter& out) {
        out.BeginObject();
        for (const SmithyMember& member : UserPoolsModel().at(name).members) {
            out.Key(member.name);
            Value(member.target, hidden || IsUnmarkedSecret(member.name), out);
        }
        out.EndObject();
    }

    void Value(const std::string& target, bool hidden, JsonWriter& out) {
        const auto found = UserPoolsModel().find(target);
        const SmithyShape* shape = found == UserPoolsModel().end() ? nullptr : &found->second;
        const std::string kind = shape ? shape->kind : target;
        hidden = hidden || (shape && shape->Has("sensitive"));
        if (kind == "structure") return Structure(target, hidden, out);
        if (kind == "list") {
            out.BeginArray();
            Value(shape->members.at(0).target, hidden, out);
            out.EndArray();
        } else if (kind == "map") {
            // A map that is hidden is hidden with its keys; the keys of AuthParameters are no secrets.
            out.BeginObject().Key("key");
            Value(shape->members.at(1).target, hidden, out);
            out.EndObject();
        } else if (kind == "enum") {
            out.Text(shape->values.at(0));
        } else if (kind == "boolean" || kind == "Boolean") {
            out.Boolean(true);
        } else if (kind == "integer" || kind == "long" || kind == "Integer" || kind == "Long") {
            out.Whole(5);
        } else {
            const std::string text = "marker" + std::to_string(++count_) + "x";
            (hidden ? secrets_ : others_).push_back(text);
            out.Text(text);
        }
    }

    std::vector<std::string> secrets_, others_;
    int count_ = 0;
};

TEST(Redaction, HidesEveryMemberThatTheModelMarksAndShowsTheOthers) {
    int hidden = 0;
    for (const Operation& operation : UserPoolOperations()) {
        FullRequest request;
        const std::string body = request.Write(UserPoolsModel().at(std::string(operation.name)).input);
        const auto document = JsonDocument::Parse(body);
        ASSERT_TRUE(document) << body;
        const std::string shown = operation.redact(document->Root());
        ASSERT_NE(shown, "") << operation.name << ": " << body;
        for (const std::string& secret : request.Secrets())
            EXPECT_EQ(shown.find(secret), std::string::npos) << operation.name << ": " << shown << "\nof " << body;
        for (const std::string& other : request.Others())
            EXPECT_NE(shown.find(other), std::string::npos) << operation.name << ": " << shown << "\nof " << body;
        hidden += static_cast<int>(request.Secrets().size());
    }
    EXPECT_GT(hidden, 80) << "the model's traits were not read";
}

class RequestLog : public testing::Test {
 protected:
    ~RequestLog() override { SetLogLevel(LogLevel::kError); }

    std::string Logged(LogLevel level, std::string_view operation, std::string_view body) {
        SetLogLevel(level);
        testing::internal::CaptureStderr();
        (void)world_.Call(operation, body);
        FlushLog();
        return testing::internal::GetCapturedStderr();
    }

    World world_;
};

constexpr std::string_view kSignUp =
    R"({"ClientId": "theclient", "Username": "theperson", "Password": "Thepassword-1", "ClientMetadata": {"a": "seen"},
        "UserAttributes": [{"Name": "email", "Value": "theaddress@example.com"}], "Unknown": "notmine"})";

TEST_F(RequestLog, HasTheBodyWithoutItsSecretsAtDebugLevel) {
    const std::string log = Logged(LogLevel::kDebug, "SignUp", kSignUp);
    EXPECT_NE(log.find("\"event\":\"request_body\""), std::string::npos) << log;
    EXPECT_NE(log.find("seen"), std::string::npos) << log;
    for (const std::string_view secret : {"theclient", "theperson", "Thepassword", "theaddress", "notmine"})
        EXPECT_EQ(log.find(secret), std::string::npos) << secret << " is in " << log;
}

TEST_F(RequestLog, HasNoBodyAtTheLevelOfProduction) {
    const std::string log = Logged(LogLevel::kInfo, "SignUp", kSignUp);
    EXPECT_EQ(log.find("request_body"), std::string::npos) << log;
    EXPECT_NE(log.find("\"event\":\"request\""), std::string::npos) << log;
    EXPECT_EQ(log.find("theperson"), std::string::npos) << log;
}

TEST_F(RequestLog, HasNothingOfABodyThatDoesNotParse) {
    const std::string log = Logged(LogLevel::kDebug, "SignUp", R"({"Password": ["Thepassword-1"], "Username": "u"})");
    EXPECT_EQ(log.find("Thepassword"), std::string::npos) << log;
}

TEST_F(RequestLog, CutsALongBody) {
    const std::string log =
        Logged(LogLevel::kDebug, "ListUserPoolClients",
               R"({"UserPoolId": "us-east-1_0", "NextToken": ")" + std::string(100'000, 'n') + "\"}");
    EXPECT_NE(log.find("nnn...\""), std::string::npos);
    EXPECT_LT(log.size(), 20'000u);
}

}  // namespace
}  // namespace cardea::test
