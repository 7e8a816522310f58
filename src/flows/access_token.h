#pragma once
// The caller of an operation that takes an access token.

#include <string>
#include <vector>

#include "base/secret.h"
#include "flows/context.h"
#include "flows/directory.h"
#include "model/user.h"

namespace cardea {

struct TokenHolder {
    PoolHandle pool;
    ClientHandle client;
    User user;
    std::string origin_jti;  // empty where the client cannot revoke
    std::vector<std::string> scopes;
};

// Verifies the token (signature, issuer, use, expiry, scope aws.cognito.signin.user.admin), that its sign-in still
// stands, and that the user is there and enabled. Throws as fact sheet user pools A.5 says.
TokenHolder RequireTokenHolder(Context& ctx, const Secret& access_token);

}  // namespace cardea
