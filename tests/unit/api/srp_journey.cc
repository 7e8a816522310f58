#include "srp_journey.h"

#include <gtest/gtest.h>

#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "crypto/srp.h"

namespace cardea::test {

namespace {

std::string Get(std::string_view json, std::string_view path) {
    const auto document = JsonDocument::Parse(json);
    if (!document) return {};
    JsonValue value = document->Root();
    while (!path.empty()) {
        const std::size_t dot = path.find('.');
        const auto found = value.Find(path.substr(0, dot));
        if (!found) return {};
        value = *found;
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return value.Kind() == JsonKind::kText ? std::string(value.Text()) : value.Print();
}

std::string PrintMap(const std::map<std::string, std::string>& members) {
    JsonWriter out;
    out.BeginObject();
    for (const auto& [name, value] : members)
        if (!value.empty()) out.Key(name).Text(value);
    return out.EndObject().Take();
}

}  // namespace

std::string Answered::At(std::string_view path) const { return Get(body, path); }

Answered Ask(World& world, std::string_view operation, std::string_view body) {
    const HttpResponse response = world.Call(operation, body);
    Answered out{.status = response.status, .error = {}, .body = response.body};
    if (out.status != 200) out.error = out.At("__type") + ": " + out.At("message");
    return out;
}

Answered SrpPerson::Start() const {
    const std::string parameters = PrintMap({{"USERNAME", username}, {"SRP_A", HexEncode(srp.PublicA())}});
    std::map<std::string, std::string> request{{"AuthFlow", "USER_SRP_AUTH"}, {"ClientId", client}};
    if (by_administrator) request["UserPoolId"] = pool;
    std::string body = PrintMap(request);
    body.back() = ',';
    return Ask(world, by_administrator ? "AdminInitiateAuth" : "InitiateAuth",
               body + R"("AuthParameters": )" + parameters + "}");
}

Answered SrpPerson::Prove(const Answered& question, const std::map<std::string, std::string>& changes) const {
    const std::string pool_name = pool.substr(pool.find('_') + 1);
    const std::string user_id = question.At("ChallengeParameters.USER_ID_FOR_SRP");
    const std::string salt = SrpFromHex(question.At("ChallengeParameters.SALT")).value();
    const std::string public_b = SrpFromHex(question.At("ChallengeParameters.SRP_B")).value();
    const auto key = srp.Key(public_b, SrpPrivateKey(salt, pool_name, user_id, Secret(password))).value();
    const std::string block = question.At("ChallengeParameters.SECRET_BLOCK");
    const std::string timestamp = "Thu Jan 1 00:00:00 UTC 2026";
    const std::string decoded = Base64Decode(block).value();
    const std::string signature = Base64Encode(ClaimSignature(
        key, {.pool_name = pool_name, .user_id = user_id, .secret_block = decoded, .timestamp = timestamp}));
    std::map<std::string, std::string> responses{{"USERNAME", username},
                                                 {"PASSWORD_CLAIM_SECRET_BLOCK", block},
                                                 {"PASSWORD_CLAIM_SIGNATURE", signature},
                                                 {"TIMESTAMP", timestamp}};
    std::map<std::string, std::string> request{
        {"ClientId", client}, {"ChallengeName", "PASSWORD_VERIFIER"}, {"Session", question.At("Session")}};
    if (by_administrator) request["UserPoolId"] = pool;
    for (const auto& [name, value] : changes) (request.contains(name) ? request : responses)[name] = value;
    std::string body = PrintMap(request);
    body.back() = ',';
    return Ask(world, by_administrator ? "AdminRespondToAuthChallenge" : "RespondToAuthChallenge",
               body + R"("ChallengeResponses": )" + PrintMap(responses) + "}");
}

SrpPerson MakePerson(World& world, std::string_view settings, std::string_view client_settings) {
    const Answered pool = Ask(world, "CreateUserPool", R"({"PoolName": "people")" + std::string(settings) + "}");
    EXPECT_EQ(pool.error, "");
    const std::string id = pool.At("UserPool.Id");
    const Answered client = Ask(
        world, "CreateUserPoolClient",
        R"({"UserPoolId": ")" + id +
            R"(", "ClientName": "app", "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])" +
            std::string(client_settings) + "}");
    EXPECT_EQ(client.error, "");
    return {.world = world,
            .pool = id,
            .client = client.At("UserPoolClient.ClientId"),
            .username = "alice",
            .password = "Passw0rd!"};
}

}  // namespace cardea::test
