#pragma once
// Ending sign-ins before their tokens expire (fact sheet user pools E.5, E.6).

#include "base/secret.h"
#include "flows/context.h"
#include "flows/session.h"
#include "model/user.h"

namespace cardea {

// RevokeToken: ends the sign-in of a refresh token of this client, with its access tokens. What is no token of this
// pool, or was revoked before, is no error. Throws UnsupportedOperationException where the client's tokens cannot be
// revoked, UnsupportedTokenTypeException for an access or ID token, UnauthorizedException for another client's token.
void RevokeRefreshToken(Context& ctx, const SignInPlace& at, const Secret& token);

// GlobalSignOut and AdminUserGlobalSignOut: ends all sign-ins of the user through all clients.
// Throws UserNotFoundException where the user is gone.
void SignOutEverywhere(Context& ctx, const Pool& pool, const User& user);

}  // namespace cardea
