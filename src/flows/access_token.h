#pragma once
// The caller of an operation that takes an access token.
//
//   const TokenHolder holder = RequireTokenHolder(ctx, in.access_token);
//   holder.user…

#include <optional>
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
// stands, and that the user is there and enabled. One statement. Throws as fact sheet user pools A.5 says:
// NotAuthorizedException, UserNotFoundException "User does not exist.", ResourceNotFoundException where the app client
// is gone.
TokenHolder RequireTokenHolder(Context& ctx, const Secret& access_token);
// The same for operations that do not declare UserNotFoundException: nothing where the user is gone.
std::optional<TokenHolder> FindTokenHolder(Context& ctx, const Secret& access_token);

}  // namespace cardea
