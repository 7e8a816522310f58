// Tokens beyond what a transcript sees: their order, their sealing, and what is no token.

#include <gtest/gtest.h>
#include <thread>
#include <vector>

#include "codec/base64.h"
#include "flows/access_token.h"
#include "flows/event_id.h"
#include "flows/keyring.h"
#include "flows/refresh.h"
#include "flows/refresh_token.h"
#include "people.h"
#include "store/groups.h"
#include "store/keys.h"

namespace cardea::test {
namespace {

std::string KeysOf(std::string_view json) {
    std::string out;
    JsonDocument::Parse(json).value().Root().ForEachMember(
        [&](std::string_view key, JsonValue) { out.append(key).append(" "); });
    return out;
}

class Tokens : public testing::Test {
 protected:
    const Pool& ThePool() { return handle_->value; }
    std::string Use(std::string_view access_token) {
        return ErrorOf([&] { RequireTokenHolder(ctx_, Secret(std::string(access_token))); });
    }
    // An access token with this payload, signed as the pool signs access tokens.
    std::string Signed(const std::string& payload) {
        return SignJwt(*world_.keyring.Find(ThePool().id)->signing.access_token, payload);
    }
    std::string Changed(const Secret& token, const std::string& from, const std::string& to) {
        std::string payload = PayloadOf(token);
        const std::size_t at = payload.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return Signed(payload.replace(at, from.size(), to));
    }

    World world_;
    People people_{world_};
    Context ctx_ = world_.MakeContext();
    PoolHandle handle_ = RequirePool(ctx_, people_.pool);
};

constexpr std::string_view kInvalid = "NotAuthorizedException: Invalid Access Token";

TEST_F(Tokens, HaveTheirClaimsInCognitosOrder) {
    world_.Call("CreateGroup", R"({"GroupName": "g", "RoleArn": "arn:aws:iam::000000000000:role/r", "UserPoolId": ")" +
                                   people_.pool + "\"}");
    world_.Call("AdminAddUserToGroup",
                R"({"GroupName": "g", "Username": "alice", "UserPoolId": ")" + people_.pool + "\"}");
    const IssuedTokens tokens = people_.SignIn(ctx_);
    EXPECT_EQ(KeysOf(PayloadOf(tokens.access_token)),
              "sub cognito:groups iss client_id origin_jti event_id token_use scope auth_time exp iat jti username ");
    EXPECT_EQ(KeysOf(PayloadOf(tokens.id_token)),
              "sub aud cognito:groups cognito:roles cognito:preferred_role iss token_use auth_time exp iat jti "
              "origin_jti event_id cognito:username ");
}

TEST_F(Tokens, AreSignedByTwoKeysThatThePoolPublishes) {
    const IssuedTokens tokens = people_.SignIn(ctx_);
    const auto keys = world_.keyring.Find(ThePool().id);
    const Jwt access = ParseJwt(tokens.access_token.Reveal()).value(), id = ParseJwt(tokens.id_token.Reveal()).value();
    EXPECT_NE(JwtKid(access.header), JwtKid(id.header));
    for (const Jwt& jwt : {access, id})
        EXPECT_TRUE(VerifyJwt(jwt, *JwtKid(jwt.header), *keys->verify.at(*JwtKid(jwt.header))));
}

TEST_F(Tokens, ThatWereAlteredAreNoAccessTokens) {
    const IssuedTokens tokens = people_.SignIn(ctx_);
    const std::string good(tokens.access_token.Reveal());
    EXPECT_EQ(Use(good), "");
    std::string forged = good;
    forged[forged.size() / 2] = forged[forged.size() / 2] == 'A' ? 'B' : 'A';
    EXPECT_EQ(Use(forged), kInvalid);
    EXPECT_EQ(Use(good.substr(0, good.rfind('.') + 1)), kInvalid);
    EXPECT_EQ(Use(good + "AAAA"), kInvalid);
    const std::string none = Base64UrlEncode(R"({"alg":"none"})");
    EXPECT_EQ(Use(none + good.substr(good.find('.'))), kInvalid);
    EXPECT_EQ(Use(std::string(100'000, 'A')), kInvalid);
    EXPECT_EQ(Use("YQ.YQ.YQ"), kInvalid);
}

TEST_F(Tokens, ThatSayAnotherThingAreNoAccessTokensThoughWellSigned) {
    const IssuedTokens tokens = people_.SignIn(ctx_);
    const Secret& good = tokens.access_token;
    EXPECT_EQ(Use(Changed(good, R"("access")", R"("id")")), kInvalid);
    EXPECT_EQ(Use(Changed(good, ThePool().issuer, "https://example.com/" + people_.pool)), kInvalid);
    EXPECT_EQ(Use(Changed(good, ThePool().issuer, "none")), kInvalid);
    EXPECT_EQ(Use(Changed(good, R"("exp":)", R"("expires":)")), kInvalid);
    EXPECT_EQ(Use(Changed(good, "aws.cognito.signin.user.admin", "openid profile")),
              "NotAuthorizedException: Access Token does not have required scopes");
    EXPECT_EQ(Use(Changed(good, "aws.cognito.signin.user.admin", "openid aws.cognito.signin.user.admin")), "");
    EXPECT_EQ(Use(Changed(good, "aws.cognito.signin.user.admin", "aws.cognito.signin.user.administrator")),
              "NotAuthorizedException: Access Token does not have required scopes");
    EXPECT_EQ(Use(Changed(good, R"("event_id":")", R"("event_id":"0)")),
              "NotAuthorizedException: Access Token has been revoked");
    EXPECT_EQ(Use(Signed("[]")), kInvalid);
}

TEST_F(Tokens, OfAnotherPoolAreNoAccessTokens) {
    const People others(world_);
    const IssuedTokens tokens = others.SignIn(ctx_);
    EXPECT_EQ(Use(tokens.access_token.Reveal()), "");  // at its own pool
    std::string payload = PayloadOf(tokens.access_token);
    payload.replace(payload.find(others.pool), others.pool.size(), people_.pool);
    const auto keys = world_.keyring.Find(PoolId(others.pool));
    EXPECT_EQ(Use(SignJwt(*keys->signing.access_token, payload)), kInvalid);
}

TEST_F(Tokens, CarryASignOutCounterThatNobodyReads) {
    for (const std::int64_t count : {std::int64_t{0}, std::int64_t{1}, std::int64_t{70'000}, std::int64_t{1} << 33}) {
        const std::string id = NewEventId(ctx_, ThePool(), count);
        EXPECT_FALSE(IsSignedOut(ctx_, ThePool(), id, count));
        EXPECT_TRUE(IsSignedOut(ctx_, ThePool(), id, count + 1));
        EXPECT_EQ(id.size(), 36u);
        EXPECT_EQ(id[14], '4');
        EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
    }
    EXPECT_NE(NewEventId(ctx_, ThePool(), 0).substr(0, 8), NewEventId(ctx_, ThePool(), 0).substr(0, 8));
    for (const char* odd : {"", "-", "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-00000000000g",
                            "000000000000000000000000000000000000"})
        EXPECT_TRUE(IsSignedOut(ctx_, ThePool(), odd, 0)) << odd;
}

TEST_F(Tokens, AreSealedForRefreshingAndOpenForNobodyElse) {
    const IssuedTokens tokens = people_.SignIn(ctx_);
    const std::string text(tokens.refresh_token.value().Reveal());
    EXPECT_EQ(text.substr(0, 8), "eyJjdHki");
    EXPECT_LT(text.size(), 1800u);
    const auto opened = OpenRefreshToken(ctx_, ThePool(), Secret(text));
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(opened->client_id.Text(), people_.client);
    for (std::size_t i = 0; i < text.size(); i += 7) {
        std::string forged = text;
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(OpenRefreshToken(ctx_, ThePool(), Secret(forged)).has_value()) << i;
    }
    const People others(world_);
    const PoolHandle other = RequirePool(ctx_, others.pool);
    EXPECT_FALSE(OpenRefreshToken(ctx_, other->value, Secret(text)).has_value());
    for (const char* odd : {"", ".", "....", "eyJjdHki....", "a.b.c.d.e"})
        EXPECT_FALSE(OpenRefreshToken(ctx_, ThePool(), Secret(odd)).has_value()) << odd;
}

TEST_F(Tokens, OfAnEarlierEpochDoNotRefresh) {
    const SignInPlace at = PublicPlace(ctx_, people_.client);
    const IssuedTokens tokens = people_.SignIn(ctx_);
    RefreshToken token = OpenRefreshToken(ctx_, ThePool(), tokens.refresh_token.value()).value();
    token.epoch = "another";
    EXPECT_EQ(ErrorOf([&] { RefreshTokens(ctx_, at, SealRefreshToken(ctx_, ThePool(), token), std::nullopt); }),
              "NotAuthorizedException: Refresh Token has been revoked");
}

TEST_F(Tokens, DoNotRefreshAfterTheAccountsEpochWasRenewed) {
    const SignInPlace at = PublicPlace(ctx_, people_.client);
    const auto refresh = [&](const Secret& token) {
        return ErrorOf([&] { RefreshTokens(ctx_, at, token, std::nullopt); });
    };
    const Secret before = people_.SignIn(ctx_).refresh_token.value();
    EXPECT_EQ(refresh(before), "");
    ctx_.store().Transact([](sql::Connection& db) { ReplaceOnceValue(db, kAccountEpoch, "another"); });
    ctx_.services.directory.Clear();
    EXPECT_EQ(refresh(before), "NotAuthorizedException: Refresh Token has been revoked");
    EXPECT_EQ(refresh(people_.SignIn(ctx_).refresh_token.value()), "");
    // As another process, or this one after a start, finds it.
    Directory fresh(ctx_.store());
    EXPECT_EQ(fresh.AccountEpoch(ctx_.services.random), ctx_.services.directory.AccountEpoch(ctx_.services.random));
}

// Many clients send the same token at once: the family moves on once.
int RotateAtOnce(World& world, const People& people, std::string_view rotation,
                 std::vector<std::int64_t>& generations) {
    const std::string client =
        people.AddClient(world, R"(, "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"], "RefreshTokenRotation": )" +
                                    std::string(rotation));
    People rotating = people;
    rotating.client = client;
    SystemRandom random;
    Services services{world.account, world.clock,        random,        *world.store, world.directory,
                      world.keyring, world.lockout_gate, world.messages};
    Context first{services, world.clock.Now(), "id", "Test", "us-east-1", "127.0.0.1", {}};
    const Secret token = rotating.SignIn(first).refresh_token.value();
    constexpr int kThreads = 8;
    std::vector<std::string> errors(kThreads);
    generations.assign(kThreads, -1);
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i)
        threads.emplace_back([&, i] {
            Context ctx = first;
            const auto slot = static_cast<std::size_t>(i);
            errors[slot] = ErrorOf([&] {
                const SignInPlace at = PublicPlace(ctx, client);
                const IssuedTokens next = ExchangeRefreshToken(ctx, at, token);
                generations[slot] = OpenRefreshToken(ctx, at.GetPool(), next.refresh_token.value()).value().generation;
            });
        });
    for (std::thread& thread : threads) thread.join();
    int successes = 0;
    for (const std::string& error : errors) {
        if (error.empty()) {
            ++successes;
        } else {
            EXPECT_EQ(error, "RefreshTokenReuseException: Refresh token has been used already");
        }
    }
    return successes;
}

TEST_F(Tokens, AreRotatedOnceByWhoAsksAtTheSameTime) {
    std::vector<std::int64_t> generations;
    EXPECT_EQ(RotateAtOnce(world_, people_, R"({"Feature": "ENABLED"})", generations), 1);
    EXPECT_EQ(RotateAtOnce(world_, people_, R"({"Feature": "ENABLED", "RetryGracePeriodSeconds": 10})", generations),
              8);
    for (const std::int64_t generation : generations) EXPECT_EQ(generation, 1);
}

}  // namespace
}  // namespace cardea::test
