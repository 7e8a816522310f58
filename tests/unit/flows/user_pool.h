#pragma once
// A pool and its users, for tests of what becomes of users.

#include <gtest/gtest.h>
#include <string>
#include <string_view>

#include "codec/json.h"
#include "flows/directory.h"
#include "flows/find_user.h"
#include "support/world.h"

namespace cardea::test {

// `settings` are members of CreateUserPool beside PoolName, with a comma in front.
inline PoolHandle MakePool(World& world, std::string_view settings = "") {
    const HttpResponse made = world.Call("CreateUserPool", R"({"PoolName": "people")" + std::string(settings) + "}");
    EXPECT_EQ(made.status, 200) << made.body;
    const auto body = JsonDocument::Parse(made.body);
    Context ctx = world.MakeContext();
    return RequirePool(ctx, body->Root().Find("UserPool")->Find("Id")->Text());
}

// An administrator's user with the address name@example.com, not verified.
inline User MakeUser(World& world, const Pool& pool, const std::string& name) {
    const HttpResponse made = world.Call(
        "AdminCreateUser", R"({"UserPoolId": ")" + pool.id.Text() + R"(", "Username": ")" + name +
                               R"(", "MessageAction": "SUPPRESS", "UserAttributes": [{"Name": "email", "Value": ")" +
                               name + R"(@example.com"}]})");
    EXPECT_EQ(made.status, 200) << made.body;
    Context ctx = world.MakeContext();
    return RequireUser(ctx, pool, name);
}

// The error that `run` ends with; kCount where it ends without one.
template <class Run>
Error KindOfError(Run run) {
    try {
        run();
    } catch (const ApiError& error) {
        return error.code();
    }
    return Error::kCount;
}

}  // namespace cardea::test
