// What an operation answers when the store fails, and when another process always writes first.

#include <gtest/gtest.h>

#include "api/user_pools/service.h"
#include "good_request.h"
#include "store/clients.h"
#include "store/codes.h"
#include "store/pools.h"
#include "store/users.h"
#include "support/world.h"

namespace cardea::test {
namespace {

std::string Quoted(std::string_view text) {
    std::string out;
    AppendJsonText(out, text);
    return out;
}

// {"a": "b"} of pairs of names and texts.
std::string Body(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
    std::string out = "{";
    for (const auto& [name, value] : members) out += (out.size() > 1 ? "," : "") + Quoted(name) + ":" + Quoted(value);
    return out + "}";
}

// As Body, with one member more, which is JSON already.
std::string With(std::string body, std::string_view name, std::string_view json) {
    body.pop_back();
    return body + "," + Quoted(name) + ":" + std::string(json) + "}";
}

// A pool with a client, and ada, who has signed in.
class Failures : public testing::Test {
 protected:
    Failures() {
        pool_ = TextOf(Ask("CreateUserPool", R"({"PoolName": "people", "AutoVerifiedAttributes": ["email"]})"), "Id");
        arn_ = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/" + pool_;
        const std::string flows = R"(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"])";
        client_ = TextOf(Ask("CreateUserPoolClient",
                             With(Body({{"UserPoolId", pool_}, {"ClientName", "app"}}), "ExplicitAuthFlows", flows)),
                         "ClientId");
        Make("ada");
        Ask("AdminSetUserPassword", With(With(Person("ada"), "Password", "\"Sesame-1234\""), "Permanent", "true"));
        access_ = TextOf(Ask("InitiateAuth", SignIn("ada")), "AccessToken");
    }

    std::string Ask(std::string_view operation, std::string_view body) {
        const HttpResponse answer = world_.Call(operation, body);
        EXPECT_EQ(answer.status, 200) << operation << " " << body << " " << answer.body;
        return answer.body;
    }
    // The first member of that name, at any depth.
    static std::string TextOf(const std::string& json, const std::string& name) {
        const std::size_t at = json.find("\"" + name + "\":\"");
        EXPECT_NE(at, std::string::npos) << name << " is not in " << json;
        const std::size_t begin = at + name.size() + 4;
        return json.substr(begin, json.find('"', begin) - begin);
    }
    void Make(std::string_view name) {
        const std::string attributes = R"([{"Name": "email", "Value": ")" + std::string(name) +
                                       R"(@example.com"}, {"Name": "email_verified", "Value": "true"}])";
        Ask("AdminCreateUser",
            With(With(With(Person(name), "MessageAction", "\"SUPPRESS\""), "TemporaryPassword", "\"Sesame-1234\""),
                 "UserAttributes", attributes));
    }
    std::string Person(std::string_view name) const { return Body({{"UserPoolId", pool_}, {"Username", name}}); }
    std::string SignIn(std::string_view name) const {
        return With(Body({{"ClientId", client_}, {"AuthFlow", "USER_PASSWORD_AUTH"}}), "AuthParameters",
                    Body({{"USERNAME", name}, {"PASSWORD", "Sesame-1234"}}));
    }
    std::string Token() const { return Body({{"AccessToken", access_}}); }

    void ExpectLoss(std::string_view operation, const std::string& body, std::string_view error) {
        const HttpResponse answer = world_.Call(operation, body);
        EXPECT_EQ(answer.status, 400) << operation << answer.body;
        EXPECT_NE(answer.body.find("\"" + std::string(error) + "\""), std::string::npos) << operation << answer.body;
        EXPECT_NE(answer.body.find("by "), std::string::npos) << operation << answer.body;
    }

    World world_;
    std::string pool_, arn_, client_, access_;
};

TEST_F(Failures, OfTheStoreAreInternalErrorsOfEveryOperation) {
    world_.directory.Clear();
    world_.is_broken = true;
    for (const Operation& operation : UserPoolOperations()) {
        std::string body = RequestWith(operation, "AccessToken",
                                       operation.access == Access::kAccessToken ? Quoted(access_) : std::string());
        if (operation.request->fields[0].wire == "ResourceArn")
            body = RequestWith(operation, "ResourceArn", Quoted(arn_));
        const HttpResponse answer = world_.Call(operation.name, body);
        EXPECT_EQ(answer.status, 500) << operation.name;
        EXPECT_EQ(answer.body, R"({"__type":"InternalErrorException","message":"An internal error occurred."})")
            << operation.name << body;
    }
}

TEST_F(Failures, ToWriteAPoolBeforeOthersDoAreTold) {
    world_.rival = [&](sql::Connection& db) {
        const auto pool = FindPool(db, PoolId(pool_));
        EXPECT_TRUE(ReplacePool(db, pool->value, pool->version));
    };
    ExpectLoss("UpdateUserPool", Body({{"UserPoolId", pool_}}), "ConcurrentModificationException");
    ExpectLoss("SetUserPoolMfaConfig", Body({{"UserPoolId", pool_}, {"MfaConfiguration", "OFF"}}),
               "ConcurrentModificationException");
    ExpectLoss("AddCustomAttributes", With(Body({{"UserPoolId", pool_}}), "CustomAttributes", R"([{"Name": "x"}])"),
               "TooManyRequestsException");
    ExpectLoss("TagResource", With(Body({{"ResourceArn", arn_}}), "Tags", R"({"a": "b"})"), "TooManyRequestsException");
    ExpectLoss("UntagResource", With(Body({{"ResourceArn", arn_}}), "TagKeys", R"(["a"])"), "TooManyRequestsException");
}

TEST_F(Failures, ToWriteAClientBeforeOthersDoAreTold) {
    world_.rival = [&](sql::Connection& db) {
        const auto client = FindClient(db, ClientId(client_));
        EXPECT_TRUE(ReplaceClient(db, client->value, client->version));
    };
    ExpectLoss("UpdateUserPoolClient", Body({{"UserPoolId", pool_}, {"ClientId", client_}}),
               "ConcurrentModificationException");
}

TEST_F(Failures, ToWriteAPersonBeforeOthersDoAreTold) {
    Ask("SignUp", With(Body({{"ClientId", client_}, {"Username", "bob"}, {"Password", "Sesame-1234"}}),
                       "UserAttributes", R"([{"Name": "email", "Value": "bob@example.com"}])"));
    const std::string sign_up_code(world_.messages.sent.back().code.Reveal());
    Ask("ForgotPassword", Body({{"ClientId", client_}, {"Username", "ada"}}));
    const std::string recovery_code(world_.messages.sent.back().code.Reveal());
    Ask("GetUserAttributeVerificationCode", With(Token(), "AttributeName", "\"email\""));
    const std::string address_code(world_.messages.sent.back().code.Reveal());
    Make("eve");
    const std::string session = TextOf(Ask("InitiateAuth", SignIn("eve")), "Session");
    const std::string admin_body =
        With(Body({{"UserPoolId", pool_}, {"ClientId", client_}, {"AuthFlow", "ADMIN_USER_PASSWORD_AUTH"}}),
             "AuthParameters", Body({{"USERNAME", "eve"}, {"PASSWORD", "Sesame-1234"}}));
    const std::string admin_session = TextOf(Ask("AdminInitiateAuth", admin_body), "Session");

    std::vector<UserId> people;
    for (const std::string_view name : {"ada", "bob", "eve"})
        people.emplace_back(TextOf(Ask("AdminGetUser", Person(name)), "Value"));
    world_.rival = [&](sql::Connection& db) {
        for (const UserId& id : people) {
            auto user = FindUser(db, PoolId(pool_), id);
            EXPECT_EQ(UpdateUser(db, *user), Update::kUpdated);
        }
    };
    constexpr std::string_view kBusy = "TooManyRequestsException";
    const std::string new_name = R"([{"Name": "name", "Value": "x"}])", name = R"(["name"])";
    ExpectLoss("ConfirmSignUp", Body({{"ClientId", client_}, {"Username", "bob"}, {"ConfirmationCode", sign_up_code}}),
               kBusy);
    ExpectLoss("AdminConfirmSignUp", Person("bob"), kBusy);
    ExpectLoss("ConfirmForgotPassword",
               Body({{"ClientId", client_},
                     {"Username", "ada"},
                     {"ConfirmationCode", recovery_code},
                     {"Password", "Sesame-2345"}}),
               kBusy);
    ExpectLoss(
        "ChangePassword",
        Body({{"AccessToken", access_}, {"PreviousPassword", "Sesame-1234"}, {"ProposedPassword", "Sesame-2345"}}),
        kBusy);
    ExpectLoss("AdminSetUserPassword", With(Person("ada"), "Password", "\"Sesame-2345\""), kBusy);
    ExpectLoss("AdminResetUserPassword", Person("ada"), kBusy);
    ExpectLoss("UpdateUserAttributes", With(Token(), "UserAttributes", new_name), kBusy);
    ExpectLoss("DeleteUserAttributes", With(Token(), "UserAttributeNames", name), kBusy);
    ExpectLoss("VerifyUserAttribute",
               Body({{"AccessToken", access_}, {"AttributeName", "email"}, {"Code", address_code}}), kBusy);
    ExpectLoss("AdminUpdateUserAttributes", With(Person("ada"), "UserAttributes", new_name), kBusy);
    ExpectLoss("AdminDeleteUserAttributes", With(Person("ada"), "UserAttributeNames", name), kBusy);
    ExpectLoss("AdminEnableUser", Person("ada"), kBusy);
    ExpectLoss("AdminDisableUser", Person("ada"), kBusy);
    ExpectLoss("GlobalSignOut", Token(), kBusy);
    ExpectLoss("AdminUserGlobalSignOut", Person("ada"), kBusy);
    ExpectLoss("AdminCreateUser", With(Person("eve"), "MessageAction", "\"RESEND\""), kBusy);
    const std::string answer = Body({{"USERNAME", "eve"}, {"NEW_PASSWORD", "Sesame-2345"}});
    const std::string to_challenge =
        Body({{"ClientId", client_}, {"ChallengeName", "NEW_PASSWORD_REQUIRED"}, {"Session", session}});
    ExpectLoss("RespondToAuthChallenge", With(to_challenge, "ChallengeResponses", answer), kBusy);
    const std::string to_admin = Body({{"UserPoolId", pool_},
                                       {"ClientId", client_},
                                       {"ChallengeName", "NEW_PASSWORD_REQUIRED"},
                                       {"Session", admin_session}});
    ExpectLoss("AdminRespondToAuthChallenge", With(to_admin, "ChallengeResponses", answer), kBusy);

    world_.rival = nullptr;
    EXPECT_EQ(TextOf(Ask("AdminGetUser", Person("bob")), "UserStatus"), "UNCONFIRMED");
    EXPECT_EQ(TextOf(Ask("AdminGetUser", Person("ada")), "UserStatus"), "CONFIRMED");
}

TEST_F(Failures, ToChangeWhoIsDeletedMeanwhileAreTold) {
    Make("eve");
    const std::string session = TextOf(Ask("InitiateAuth", SignIn("eve")), "Session");
    const UserId eve(TextOf(Ask("AdminGetUser", Person("eve")), "Value"));
    const std::string answer = Body({{"USERNAME", "eve"}, {"NEW_PASSWORD", "Sesame-2345"}});
    const std::string body =
        With(Body({{"ClientId", client_}, {"ChallengeName", "NEW_PASSWORD_REQUIRED"}, {"Session", session}}),
             "ChallengeResponses", answer);
    world_.rival = [&](sql::Connection& db) { DeleteUser(db, PoolId(pool_), eve); };
    const HttpResponse gone = world_.Call("RespondToAuthChallenge", body);
    EXPECT_EQ(gone.body, R"({"__type":"UserNotFoundException","message":"User does not exist."})");
}

// The administrator's door to the same.
TEST_F(Failures, ToChangeWhoIsDeletedMeanwhileAreToldToAdministrators) {
    Make("eve");
    const std::string place =
        With(Body({{"UserPoolId", pool_}, {"ClientId", client_}}), "AuthFlow", "\"ADMIN_USER_PASSWORD_AUTH\"");
    const std::string asked = Ask(
        "AdminInitiateAuth", With(place, "AuthParameters", Body({{"USERNAME", "eve"}, {"PASSWORD", "Sesame-1234"}})));
    const UserId eve(TextOf(Ask("AdminGetUser", Person("eve")), "Value"));
    const std::string body = With(Body({{"UserPoolId", pool_},
                                        {"ClientId", client_},
                                        {"ChallengeName", "NEW_PASSWORD_REQUIRED"},
                                        {"Session", TextOf(asked, "Session")}}),
                                  "ChallengeResponses", Body({{"USERNAME", "eve"}, {"NEW_PASSWORD", "Sesame-2345"}}));
    world_.rival = [&](sql::Connection& db) { DeleteUser(db, PoolId(pool_), eve); };
    const HttpResponse gone = world_.Call("AdminRespondToAuthChallenge", body);
    EXPECT_EQ(gone.body, R"({"__type":"UserNotFoundException","message":"User does not exist."})");
}

// A code for an address that waits is not made anew where the waiting ended meanwhile.
TEST_F(Failures, ToSendACodeThatWasSupersededAreTold) {
    Ask("UpdateUserPool",
        With(With(Body({{"UserPoolId", pool_}}), "AutoVerifiedAttributes", R"(["email"])"),
             "UserAttributeUpdateSettings", R"({"AttributesRequireVerificationBeforeUpdate": ["email"]})"));
    Ask("UpdateUserAttributes", With(Token(), "UserAttributes", R"([{"Name": "email", "Value": "new@example.com"}])"));
    const UserId ada(TextOf(Ask("AdminGetUser", Person("ada")), "Value"));
    // The first transaction counts the attempt, the second one would put the code.
    world_.rival = [&, transactions = 0](sql::Connection& db) mutable {
        if (++transactions == 2) RemoveCode(db, PoolId(pool_), ada, CodePurpose::kVerifyEmail);
    };
    ExpectLoss("GetUserAttributeVerificationCode", With(Token(), "AttributeName", "\"email\""),
               "TooManyRequestsException");
}

}  // namespace
}  // namespace cardea::test
