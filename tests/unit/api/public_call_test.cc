// What calls without a signature cost the store, and that names which nobody has cost it as much.

#include <gtest/gtest.h>

#include "codec/json.h"
#include "support/world.h"

namespace cardea::test {
namespace {

// Writes down what is asked of the store: "read", "transact".
class WatchedStore final : public Store {
 public:
    explicit WatchedStore(Store& below) : below_(below) {}
    bool IsReady() override { return below_.IsReady(); }
    std::string calls;

 protected:
    void RunRead(FunctionRef<void(sql::Connection&)> body) override {
        calls += "read ";
        below_.Read([&](sql::Connection& db) { body(db); });
    }
    void RunTransact(FunctionRef<void(sql::Connection&)> body) override {
        calls += "transact ";
        below_.Transact([&](sql::Connection& db) { body(db); });
    }

 private:
    Store& below_;
};

class PublicCallCost : public testing::Test {
 protected:
    PublicCallCost() {
        pool_ = Member(Call("CreateUserPool", R"({"PoolName": "people", "AutoVerifiedAttributes": ["email"]})"),
                       "UserPool", "Id");
        client_ = Member(Call("CreateUserPoolClient", R"({"UserPoolId": ")" + pool_ +
                                                          R"(", "ClientName": "app", "PreventUserExistenceErrors": )" +
                                                          R"("ENABLED"})"),
                         "UserPoolClient", "ClientId");
        Call("SignUp", SignUp("first"));
    }
    std::string SignUp(const std::string& name) {
        return R"({"ClientId": ")" + client_ + R"(", "Username": ")" + name +
               R"(", "Password": "Sesame-1234", "UserAttributes": [{"Name": "email", "Value": ")" + name +
               R"(@example.com"}]})";
    }
    std::string Named(const std::string& name, const std::string& more = "") {
        return R"({"ClientId": ")" + client_ + R"(", "Username": ")" + name + R"(")" + more + "}";
    }
    HttpResponse Call(std::string_view operation, const std::string& body) {
        store_.calls.clear();
        HttpRequest request;
        request.method = "POST";
        request.target = request.path = "/";
        request.headers = {{"host", "127.0.0.1:9229"},
                           {"content-type", "application/x-amz-json-1.1"},
                           {"x-amz-target", "AWSCognitoIdentityProviderService." + std::string(operation)},
                           {"x-amz-date", "20260101T000000Z"},
                           {"authorization",
                            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/cognito-idp/aws4_request, "
                            "SignedHeaders=host;x-amz-date, Signature=" +
                                std::string(64, '0')}};
        request.body = body;
        return AnswerApiCall(door_, request);
    }
    static std::string Member(const HttpResponse& response, std::string_view shape, std::string_view member) {
        EXPECT_EQ(response.status, 200) << response.body;
        return std::string(JsonDocument::Parse(response.body)->Root().Find(shape)->Find(member)->Text());
    }
    // Both answers' bodies and costs are the same.
    void ExpectAlike(std::string_view operation, const std::string& somebody, const std::string& nobody) {
        const HttpResponse known = Call(operation, somebody);
        const std::string cost = store_.calls;
        const HttpResponse unknown = Call(operation, nobody);
        EXPECT_EQ(store_.calls, cost) << operation;
        EXPECT_EQ(unknown.status, known.status) << unknown.body;
        EXPECT_EQ(known.status == 200 ? "" : unknown.body, known.status == 200 ? "" : known.body);
    }

    World world_;
    WatchedStore store_{*world_.store};
    Directory directory_{store_};
    Services services_{world_.account, world_.clock,   world_.random,       store_,
                       directory_,     world_.keyring, world_.lockout_gate, world_.messages};
    ApiDoor door_{services_, false, true};
    std::string pool_, client_;
};

TEST_F(PublicCallCost, OfASignUpIsOneTransaction) {
    EXPECT_EQ(Call("SignUp", SignUp("second")).status, 200);
    EXPECT_EQ(store_.calls, "transact ");
}

TEST_F(PublicCallCost, OfConfirmingTellsNobodyWhoExists) {
    const std::string code = R"(, "ConfirmationCode": "no")";
    ExpectAlike("ConfirmSignUp", Named("first", code), Named("nobody", code));
}

TEST_F(PublicCallCost, OfResendingTellsNobodyWhoExists) {
    ExpectAlike("ResendConfirmationCode", Named("first"), Named("nobody"));
}

TEST_F(PublicCallCost, OfRecoveryTellsNobodyWhoExists) {
    const std::string who = R"({"UserPoolId": ")" + pool_ + R"(", "Username": "first")";
    EXPECT_EQ(Call("AdminConfirmSignUp", who + "}").status, 200);
    const std::string attributes = R"(, "UserAttributes": [{"Name": "email_verified", "Value": "true"}]})";
    EXPECT_EQ(Call("AdminUpdateUserAttributes", who + attributes).status, 200);
    ExpectAlike("ForgotPassword", Named("first"), Named("nobody"));
    const std::string answer = R"(, "ConfirmationCode": "no", "Password": "Sesame-2345")";
    ExpectAlike("ConfirmForgotPassword", Named("first", answer), Named("nobody", answer));
}

}  // namespace
}  // namespace cardea::test
