// USER_SRP_AUTH from the first call to the tokens, as a client computes it.

#include <algorithm>
#include <gtest/gtest.h>

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "crypto/srp.h"
#include "srp_journey.h"

namespace cardea::test {
namespace {

constexpr std::string_view kWrong = "NotAuthorizedException: Incorrect username or password.";
constexpr std::string_view kInvalidSession = "NotAuthorizedException: Invalid session for the user.";
constexpr std::string_view kUsed =
    "NotAuthorizedException: Invalid session for the user, session can only be used once.";

// PAD of the fact sheet's D.5: as two's complement.
std::string Padded(std::string bytes) {
    bytes.erase(0, std::min(bytes.find_first_not_of('\0'), bytes.size()));
    return !bytes.empty() && (bytes[0] & 0x80) ? std::string(1, '\0') + bytes : bytes;
}

std::string Named(const SrpPerson& person, std::string_view username, std::string_view more = {}) {
    return R"({"UserPoolId": ")" + person.pool + R"(", "Username": ")" + std::string(username) + "\"" +
           std::string(more) + "}";
}

void Create(const SrpPerson& person, bool permanent = true, std::string_view more = {}) {
    ASSERT_EQ(Ask(person.world, "AdminCreateUser",
                  Named(person, person.username,
                        R"(, "MessageAction": "SUPPRESS", "TemporaryPassword": ")" + person.password + "\"" +
                            std::string(more)))
                  .error,
              "");
    if (!permanent) return;
    ASSERT_EQ(Ask(person.world, "AdminSetUserPassword",
                  Named(person, person.username, R"(, "Permanent": true, "Password": ")" + person.password + "\""))
                  .error,
              "");
}

TEST(SrpSignIn, GivesTokensToWhoKnowsThePassword) {
    World world;
    const SrpPerson alice = MakePerson(world);
    Create(alice);
    const Answered question = alice.Start();
    EXPECT_EQ(question.At("ChallengeName"), "PASSWORD_VERIFIER");
    EXPECT_EQ(question.At("ChallengeParameters.USERNAME"), "alice");
    EXPECT_LT(question.At("Session").size(), 2048u);
    const Answered answer = alice.Prove(question);
    ASSERT_EQ(answer.error, "");
    EXPECT_EQ(answer.At("ChallengeParameters"), "{}");
    const std::string access = answer.At("AuthenticationResult.AccessToken");
    EXPECT_EQ(Ask(world, "GetUser", R"({"AccessToken": ")" + access + "\"}").At("Username"), "alice");
    EXPECT_NE(answer.At("AuthenticationResult.RefreshToken"), "");
}

TEST(SrpSignIn, TakesTheSecretBlockAloneForTheSession) {
    World world;
    const SrpPerson alice = MakePerson(world);
    Create(alice);
    EXPECT_EQ(alice.Prove(alice.Start(), {{"Session", ""}}).error, "");
}

TEST(SrpSignIn, RefusesASessionOfAnotherQuestion) {
    World world;
    const SrpPerson alice = MakePerson(world);
    Create(alice);
    const Answered question = alice.Start(), other = alice.Start();
    EXPECT_EQ(alice.Prove(question, {{"Session", other.At("Session")}}).error, kInvalidSession);
    EXPECT_EQ(alice.Prove(question, {{"Session", question.At("Session") + "AAAA"}}).error, kInvalidSession);
    EXPECT_EQ(alice.Prove(question).error, "");
}

TEST(SrpSignIn, AnswersOneQuestionOnce) {
    World world;
    const SrpPerson alice = MakePerson(world);
    Create(alice);
    const Answered question = alice.Start();
    EXPECT_EQ(alice.Prove(question).error, "");
    EXPECT_EQ(alice.Prove(question).error, kUsed);
    EXPECT_EQ(alice.Prove(question, {{"Session", ""}}).error, kUsed);
}

TEST(SrpSignIn, UsesTheQuestionUpWithAWrongProof) {
    World world;
    SrpPerson alice = MakePerson(world);
    Create(alice);
    const Answered question = alice.Start();
    SrpPerson mallory = alice;
    mallory.password = "Passw0rd?";
    EXPECT_EQ(mallory.Prove(question).error, kWrong);
    EXPECT_EQ(alice.Prove(question).error, kUsed);
    EXPECT_EQ(alice.Prove(alice.Start()).error, "");
}

TEST(SrpSignIn, SignsTheTimeAsItWasSent) {
    World world;
    const SrpPerson alice = MakePerson(world);
    Create(alice);
    EXPECT_EQ(alice.Prove(alice.Start(), {{"TIMESTAMP", "Thu Jan 1 00:00:01 UTC 2026"}}).error, kWrong);
    EXPECT_EQ(alice.Prove(alice.Start(), {{"PASSWORD_CLAIM_SIGNATURE", "not base64"}}).error, kWrong);
}

TEST(SrpSignIn, ExpiresWithTheClientsSessionValidity) {
    World world;
    const SrpPerson alice = MakePerson(world, "", R"(, "AuthSessionValidity": 4)");
    Create(alice);
    const Answered question = alice.Start(), late = alice.Start();
    world.clock.Advance(std::chrono::seconds(239));
    EXPECT_EQ(alice.Prove(question).error, "");
    world.clock.Advance(std::chrono::seconds(1));
    EXPECT_EQ(alice.Prove(late).error,
              std::string(kInvalidSession.substr(0, kInvalidSession.size() - 1)) + ", session is expired.");
}

TEST(SrpSignIn, IsBoundToItsClientAndItsPerson) {
    World world;
    const SrpPerson alice = MakePerson(world);
    Create(alice);
    const Answered other =
        Ask(world, "CreateUserPoolClient", R"({"UserPoolId": ")" + alice.pool + R"(", "ClientName": "other"})");
    EXPECT_EQ(alice.Prove(alice.Start(), {{"ClientId", other.At("UserPoolClient.ClientId")}}).error, kInvalidSession);
    EXPECT_EQ(alice.Prove(alice.Start(), {{"USERNAME", "bob"}}).error, kWrong);
    const std::string sub = Ask(world, "AdminGetUser", Named(alice, "alice")).body;  // the sub is a name of hers, too
    const std::size_t at = sub.find(R"("Value":")") + 9;
    EXPECT_EQ(alice.Prove(alice.Start(), {{"USERNAME", sub.substr(at, 36)}}).error, "");
}

TEST(SrpSignIn, LocksAfterFiveWrongProofsAndSharesThatWithPasswords) {
    World world;
    const SrpPerson alice = MakePerson(world);
    Create(alice);
    SrpPerson mallory = alice;
    mallory.password = "guess";
    for (int i = 0; i < 5; ++i) EXPECT_EQ(mallory.Prove(mallory.Start()).error, kWrong);
    const Answered question = alice.Start();
    EXPECT_EQ(alice.Prove(question).error, "NotAuthorizedException: Password attempts exceeded");
    const std::string by_password = R"({"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": ")" + alice.client +
                                    R"(", "AuthParameters": {"USERNAME": "alice", "PASSWORD": "Passw0rd!"}})";
    EXPECT_EQ(Ask(world, "InitiateAuth", by_password).error, "NotAuthorizedException: Password attempts exceeded");
    world.clock.Advance(std::chrono::seconds(1));
    EXPECT_EQ(alice.Prove(question).error, "");  // a question is not used up by the lock
    EXPECT_EQ(mallory.Prove(mallory.Start()).error, kWrong);
    EXPECT_EQ(alice.Prove(alice.Start()).error, "");  // the success has forgotten the five
}

// Both doors: the person's own and the administrator's.
TEST(SrpSignIn, TellsAfterTheProofWhatBecameOfThePersonMeanwhile) {
    for (const bool by_administrator : {false, true}) {
        World world;
        SrpPerson alice = MakePerson(world);
        alice.by_administrator = by_administrator;
        const std::string who = R"({"UserPoolId": ")" + alice.pool + R"(", "Username": "alice")";
        EXPECT_EQ(Ask(world, "SignUp",
                      R"({"ClientId": ")" + alice.client + R"(", "Username": "alice", "Password": "Passw0rd!"})")
                      .error,
                  "");
        EXPECT_EQ(alice.Prove(alice.Start()).error, "UserNotConfirmedException: User is not confirmed.");
        EXPECT_EQ(Ask(world, "AdminConfirmSignUp", who + "}").error, "");
        const std::string address =
            R"([{"Name": "email", "Value": "a@example.com"}, {"Name": "email_verified", "Value": "true"}])";
        EXPECT_EQ(Ask(world, "AdminUpdateUserAttributes", who + R"(, "UserAttributes": )" + address + "}").error, "");
        EXPECT_EQ(alice.Prove(alice.Start()).At("AuthenticationResult.TokenType"), "Bearer");

        const Answered question = alice.Start();
        EXPECT_EQ(Ask(world, "AdminResetUserPassword", who + "}").error, "");
        EXPECT_EQ(alice.Prove(question).error, "PasswordResetRequiredException: Password reset required for the user");
        EXPECT_EQ(alice.Start().error, "PasswordResetRequiredException: Password reset required for the user");
    }
}

TEST(SrpSignIn, TellsWhoIsNotConfirmedAfterTheProofOnly) {
    World world;
    const SrpPerson alice = MakePerson(world);
    ASSERT_EQ(
        Ask(world, "SignUp", R"({"ClientId": ")" + alice.client + R"(", "Username": "alice", "Password": "Passw0rd!"})")
            .error,
        "");
    SrpPerson mallory = alice;
    mallory.password = "guess";
    EXPECT_EQ(mallory.Prove(mallory.Start()).error, kWrong);
    EXPECT_EQ(alice.Prove(alice.Start()).error, "UserNotConfirmedException: User is not confirmed.");
}

TEST(SrpSignIn, TellsWhoIsDisabledAfterTheProofWhereTheClientHidesPeople) {
    World world;
    const SrpPerson alice = MakePerson(world, "", R"(, "PreventUserExistenceErrors": "ENABLED")");
    Create(alice);
    ASSERT_EQ(Ask(world, "AdminDisableUser", Named(alice, "alice")).error, "");
    SrpPerson mallory = alice;
    mallory.password = "guess";
    EXPECT_EQ(mallory.Prove(mallory.Start()).error, kWrong);
    EXPECT_EQ(alice.Prove(alice.Start()).error, "NotAuthorizedException: User is disabled.");
}

TEST(SrpSignIn, AsksForANewPasswordAfterATemporaryOne) {
    World world;
    const SrpPerson alice = MakePerson(world);
    Create(alice, false);
    const Answered next = alice.Prove(alice.Start());
    EXPECT_EQ(next.At("ChallengeName"), "NEW_PASSWORD_REQUIRED");
    const Answered done =
        Ask(world, "RespondToAuthChallenge",
            R"({"ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": ")" + alice.client + R"(", "Session": ")" +
                next.At("Session") + R"(", "ChallengeResponses": {"USERNAME": "alice", "NEW_PASSWORD": "Secret99!"}})");
    EXPECT_EQ(done.error, "");
    SrpPerson renewed = alice;
    renewed.password = "Secret99!";
    EXPECT_EQ(renewed.Prove(renewed.Start()).error, "");
    EXPECT_EQ(alice.Prove(alice.Start()).error, kWrong);
}

TEST(SrpSignIn, ProvesUnderTheRealUsernameWhateverNameIsSent) {
    World world;
    const SrpPerson alice = [&] {
        SrpPerson made = MakePerson(world, R"(, "UsernameAttributes": ["email"])");
        made.username = "alice@example.com";
        return made;
    }();
    Create(alice, true, R"(, "UserAttributes": [{"Name": "email", "Value": "alice@example.com"}])");
    const Answered question = alice.Start();
    const std::string id = question.At("ChallengeParameters.USER_ID_FOR_SRP");
    EXPECT_EQ(id.size(), 36u);
    EXPECT_EQ(question.At("ChallengeParameters.USERNAME"), id);
    EXPECT_EQ(alice.Prove(question).error, "");
    EXPECT_EQ(alice.Prove(alice.Start(), {{"USERNAME", id}}).error, "");
}

TEST(SrpSignIn, TellsNobodyWhichAttributesItsPersonHas) {
    World world;
    const SrpPerson alice = MakePerson(world, R"(, "AliasAttributes": ["email"])");
    Create(alice, true,
           R"(, "UserAttributes": [{"Name": "email", "Value": "alice@example.com"},)"
           R"( {"Name": "phone_number", "Value": "+15550100"}])");
    for (const std::string guess : {"alice@example.com", "mallory@example.com", "+15550100", "+15550199"}) {
        const Answered question = alice.Start();
        EXPECT_EQ(alice.Prove(question, {{"USERNAME", guess}}).error, kWrong) << guess;
        EXPECT_EQ(alice.Prove(question).error, kUsed) << guess;
    }
    EXPECT_EQ(alice.Prove(alice.Start(), {{"USERNAME", "bob"}}).error, kWrong);
    EXPECT_EQ(alice.Prove(alice.Start()).error, "NotAuthorizedException: Password attempts exceeded");
}

TEST(SrpSignIn, TakesTheAliasThatTheQuestionWasAskedWith) {
    World world;
    const SrpPerson alice = MakePerson(world, R"(, "AliasAttributes": ["email"])");
    Create(alice, true,
           R"(, "UserAttributes": [{"Name": "email", "Value": "alice@example.com"},)"
           R"( {"Name": "email_verified", "Value": "true"}])");
    SrpPerson mail = alice;
    mail.username = "alice@example.com";
    EXPECT_EQ(mail.Prove(mail.Start()).error, "");
    EXPECT_EQ(alice.Prove(mail.Start()).error, "");
    EXPECT_EQ(mail.Prove(alice.Start()).error, kWrong);
}

TEST(SrpSignIn, AsksNobodyInAsManyCharactersAsSomebody) {
    World world;
    SrpPerson alice =
        MakePerson(world, R"(, "UsernameAttributes": ["email"])", R"(, "PreventUserExistenceErrors": "ENABLED")");
    alice.username = "alice@example.com";
    Create(alice);
    SrpPerson nobody = alice;
    nobody.username = "nobody@example.com";
    const Answered real = alice.Start(), made_up = nobody.Start();
    for (const std::string member :
         {"Session", "ChallengeParameters.SALT", "ChallengeParameters.SRP_B", "ChallengeParameters.SECRET_BLOCK",
          "ChallengeParameters.USERNAME", "ChallengeParameters.USER_ID_FOR_SRP"}) {
        EXPECT_NE(real.At(member), "") << member;
        EXPECT_EQ(real.At(member).size(), made_up.At(member).size()) << member;
    }
    EXPECT_EQ(real.body.size(), made_up.body.size());
}

TEST(SrpSignIn, FailsForNobodyAsForAWrongPassword) {
    World world;
    const SrpPerson nobody = MakePerson(world, "", R"(, "PreventUserExistenceErrors": "ENABLED")");
    const Answered question = nobody.Start(), again = nobody.Start();
    EXPECT_EQ(question.At("ChallengeParameters.SALT"), again.At("ChallengeParameters.SALT"));
    EXPECT_EQ(question.At("ChallengeParameters.SALT").size(), 32u);
    EXPECT_NE(question.At("ChallengeParameters.SRP_B"), again.At("ChallengeParameters.SRP_B"));
    EXPECT_EQ(nobody.Prove(question).error, kWrong);
    EXPECT_EQ(nobody.Prove(question).error, kUsed);
    for (int i = 0; i < 4; ++i) EXPECT_EQ(nobody.Prove(nobody.Start()).error, kWrong);
    EXPECT_EQ(nobody.Prove(nobody.Start()).error, "NotAuthorizedException: Password attempts exceeded");
}

TEST(SrpSignIn, FailsWhereThePoolKeepsArgon2id) {
    World world;
    const SrpPerson alice = MakePerson(world, R"(, "UserPoolTags": {"cardea:password-hash": "argon2id"})");
    Create(alice);
    const Answered question = alice.Start();
    EXPECT_EQ(question.At("ChallengeParameters.USER_ID_FOR_SRP"), "alice");
    EXPECT_EQ(alice.Prove(question).error, kWrong);
    const std::string by_password = R"({"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": ")" + alice.client +
                                    R"(", "AuthParameters": {"USERNAME": "alice", "PASSWORD": "Passw0rd!"}})";
    EXPECT_EQ(Ask(world, "InitiateAuth", by_password).error, "");
}

TEST(SrpSignIn, FailsForWhoIsDeletedMeanwhile) {
    World world;
    const SrpPerson alice = MakePerson(world);
    Create(alice);
    const Answered question = alice.Start();
    ASSERT_EQ(Ask(world, "AdminDeleteUser", Named(alice, "alice")).error, "");
    EXPECT_EQ(alice.Prove(question).error, kWrong);
}

TEST(SrpSignIn, NeverProvesByAPublicValueOfZero) {
    World world;
    const SrpPerson alice = MakePerson(world);
    Create(alice);
    // A = N: the server's S would be zero, and K known, whatever the password.
    const std::string n =
        "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD"
        "3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F"
        "24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552"
        "BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF0"
        "6F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64EC"
        "FB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A"
        "0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D1"
        "20A93AD2CAFFFFFFFFFFFFFFFF";
    const Answered question = Ask(world, "InitiateAuth",
                                  R"({"AuthFlow": "USER_SRP_AUTH", "ClientId": ")" + alice.client +
                                      R"(", "AuthParameters": {"USERNAME": "alice", "SRP_A": ")" + n + "\"}}");
    ASSERT_EQ(question.error, "");
    const std::string u =
        Sha256(Padded(HexDecode(n).value()) + Padded(SrpFromHex(question.At("ChallengeParameters.SRP_B")).value()));
    const Secret known = Hkdf(std::string(1, '\0'), Padded(u), "Caldera Derived Key", 16);
    const std::string block = Base64Decode(question.At("ChallengeParameters.SECRET_BLOCK")).value();
    const std::string pool_name = alice.pool.substr(alice.pool.find('_') + 1);
    const std::string signature = Base64Encode(ClaimSignature(known, {.pool_name = pool_name,
                                                                      .user_id = "alice",
                                                                      .secret_block = block,
                                                                      .timestamp = "Thu Jan 1 00:00:00 UTC 2026"}));
    EXPECT_EQ(alice.Prove(question, {{"PASSWORD_CLAIM_SIGNATURE", signature}}).error, kWrong);
}

}  // namespace
}  // namespace cardea::test
