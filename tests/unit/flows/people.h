#pragma once
// A pool, a client and a person who signs in: what tests of the sign-in flows stand on.

#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "codec/json.h"
#include "crypto/jwt.h"
#include "flows/sign_in.h"
#include "support/world.h"

namespace cardea::test {

// The member of a JSON text by its path ("UserPool.Id"), as text; "" where it is absent.
inline std::string Get(std::string_view json, std::string_view path) {
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

inline std::string PayloadOf(const Secret& token) { return ParseJwt(token.Reveal()).value().payload; }

// What an error says, or "" where nothing was thrown.
template <class Body>
std::string ErrorOf(Body body) {
    try {
        body();
        return {};
    } catch (const ApiError& error) {
        return std::string(NameOf(error.code())) + ": " + error.what();
    }
}

// "alice" with the password "Passw0rd!".
struct People {
    explicit People(World& world, std::string_view client_settings = {}) {
        pool = Get(world.Call("CreateUserPool", R"({"PoolName": "people"})").body, "UserPool.Id");
        client = AddClient(world, client_settings);
        const std::string user = R"({"UserPoolId": ")" + pool + R"(", "Username": "alice")";
        EXPECT_EQ(world.Call("AdminCreateUser", user + R"(, "MessageAction": "SUPPRESS"})").status, 200);
        const std::string password = R"(, "Password": "Passw0rd!", "Permanent": true})";
        EXPECT_EQ(world.Call("AdminSetUserPassword", user + password).status, 200);
    }

    std::string AddClient(World& world, std::string_view settings = {}) const {
        const std::string flows = settings.find("ExplicitAuthFlows") != std::string_view::npos
                                      ? ""
                                      : R"(, "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", )"
                                        R"("ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])";
        const std::string body = R"({"UserPoolId": ")" + pool + R"(", "ClientName": "app")" + flows;
        const std::string id =
            Get(world.Call("CreateUserPoolClient", body + std::string(settings) + "}").body, "UserPoolClient.ClientId");
        EXPECT_NE(id, "");
        return id;
    }

    IssuedTokens SignIn(Context& ctx, std::string_view password = "Passw0rd!") const {
        const SignInPlace at = PublicPlace(ctx, client);
        const Parameters parameters{{"USERNAME", Secret("alice")}, {"PASSWORD", Secret(std::string(password))}};
        return std::move(*StartSignIn(ctx, at, AuthFlow::kUserPasswordAuth, parameters).tokens);
    }

    std::string pool;
    std::string client;
};

}  // namespace cardea::test
