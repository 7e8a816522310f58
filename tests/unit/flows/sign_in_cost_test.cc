// What a sign-in costs the store: statements are the budget of the hot paths.

#include <atomic>
#include <gtest/gtest.h>

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/srp.h"
#include "crypto/srp_client.h"
#include "flows/access_token.h"
#include "flows/refresh.h"
#include "people.h"

namespace cardea::test {
namespace {

class SignInCost : public testing::Test {
 protected:
    SignInCost() {
        // The caches are warm, and the account has its epoch.
        Context warm = world_.MakeContext();
        people_.SignIn(warm);
    }
    void Expect(int statements, int transactions, FunctionRef<void()> body) {
        statements_ = transactions_ = 0;
        body();
        EXPECT_EQ(statements_, statements);
        EXPECT_EQ(transactions_, transactions);
    }

    // The writer's thread counts too.
    std::atomic<int> statements_{0}, transactions_{0};
    World world_{World::DevelopmentAccount(), [this](Call call, std::string_view) {
                     if (call == Call::kQuery || call == Call::kExecute) ++statements_;
                     if (call == Call::kBegin) ++transactions_;
                 }};
    People people_{world_};
    Context ctx_ = world_.MakeContext();
};

TEST_F(SignInCost, APasswordCostsThreeStatementsAndWritesNothing) {
    Expect(3, 0, [&] { people_.SignIn(ctx_); });
}

TEST_F(SignInCost, SrpCostsFiveStatementsOfWhichOneWrites) {
    const SignInPlace at = PublicPlace(ctx_, people_.client);
    const SrpClient client(Secret(std::string(32, '\x61')));
    AskedChallenge asked;
    Expect(2, 0, [&] {
        asked = std::move(*StartSignIn(ctx_, at, AuthFlow::kUserSrpAuth,
                                       {{"USERNAME", Secret("alice")}, {"SRP_A", Secret(HexEncode(client.PublicA()))}})
                               .challenge);
    });
    const std::string pool_name = people_.pool.substr(people_.pool.find('_') + 1);
    const auto key = client.Key(
        SrpFromHex(asked.parameters.at("SRP_B")).value(),
        SrpPrivateKey(HexDecode(asked.parameters.at("SALT")).value(), pool_name, "alice", Secret("Passw0rd!")));
    const std::string block = Base64Decode(asked.parameters.at("SECRET_BLOCK")).value();
    const std::string signature = Base64Encode(ClaimSignature(
        key.value(), {.pool_name = pool_name, .user_id = "alice", .secret_block = block, .timestamp = "now"}));
    Expect(3, 1, [&] {
        const auto outcome =
            AnswerChallenge(ctx_, at,
                            {.name = ChallengeName::kPasswordVerifier,
                             .session = asked.session,
                             .responses = {{"USERNAME", Secret("alice")},
                                           {"TIMESTAMP", Secret("now")},
                                           {"PASSWORD_CLAIM_SIGNATURE", Secret(signature)},
                                           {"PASSWORD_CLAIM_SECRET_BLOCK", Secret(Base64Encode(block))}}});
        EXPECT_TRUE(outcome.tokens.has_value());
    });
}

TEST_F(SignInCost, ANameThatNobodyHasCostsWhatAWrongPasswordDoes) {
    const std::string client = people_.AddClient(world_, R"(, "PreventUserExistenceErrors": "ENABLED")");
    const SignInPlace at = PublicPlace(ctx_, client);
    const SrpClient srp(Secret(std::string(32, '\x61')));
    for (const char* name : {"alice", "nobody"}) {
        const Parameters wrong{{"USERNAME", Secret(name)}, {"PASSWORD", Secret("wrong")}};
        Expect(5, 1, [&] { EXPECT_THROW(StartSignIn(ctx_, at, AuthFlow::kUserPasswordAuth, wrong), ApiError); });
        AskedChallenge asked;
        Expect(2, 0, [&] {
            const Parameters start{{"USERNAME", Secret(name)}, {"SRP_A", Secret(HexEncode(srp.PublicA()))}};
            asked = std::move(*StartSignIn(ctx_, at, AuthFlow::kUserSrpAuth, start).challenge);
        });
        ChallengeAnswer answer{
            .name = ChallengeName::kPasswordVerifier,
            .session = asked.session,
            .responses = {{"USERNAME", Secret(name)},
                          {"TIMESTAMP", Secret("now")},
                          {"PASSWORD_CLAIM_SIGNATURE", Secret("AAAA")},
                          {"PASSWORD_CLAIM_SECRET_BLOCK", Secret(asked.parameters.at("SECRET_BLOCK"))}}};
        Expect(5, 1, [&] { EXPECT_THROW(AnswerChallenge(ctx_, at, answer), ApiError); });
    }
}

TEST_F(SignInCost, ARefreshAndAnAccessTokenCostOneStatementEach) {
    const IssuedTokens tokens = people_.SignIn(ctx_);
    const SignInPlace at = PublicPlace(ctx_, people_.client);
    Expect(1, 0, [&] { RefreshTokens(ctx_, at, tokens.refresh_token.value(), std::nullopt); });
    Expect(1, 0, [&] { RequireTokenHolder(ctx_, tokens.access_token); });
}

TEST_F(SignInCost, AWrongPasswordWritesOnceAndTheNextSuccessForgets) {
    Expect(5, 1, [&] { EXPECT_THROW(people_.SignIn(ctx_, "wrong"), ApiError); });
    Expect(5, 1, [&] { people_.SignIn(ctx_); });
    Expect(3, 0, [&] { people_.SignIn(ctx_); });
}

}  // namespace
}  // namespace cardea::test
