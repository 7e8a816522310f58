#pragma once
// Refreshing: new tokens for the refresh token of an earlier sign-in (fact sheet user pools D.11).
//
// One statement reads the user, its groups, and what became of the sign-in; a rotation writes one row.

#include <optional>

#include "base/secret.h"
#include "flows/context.h"
#include "flows/issue_tokens.h"
#include "flows/session.h"

namespace cardea {

// REFRESH_TOKEN_AUTH: no new refresh token. Throws InvalidParameterException where the client rotates its refresh
// tokens or may not refresh, NotAuthorizedException, or UserNotFoundException.
IssuedTokens RefreshTokens(Context& ctx, const SignInPlace& at, const Secret& token,
                           const std::optional<Secret>& secret_hash);

// GetTokensFromRefreshToken: where the client rotates, with the next refresh token, which lives as long as the old one
// would have. The old one counts for the client's grace period, and gets the same generation again; later it is
// refused with RefreshTokenReuseException. The client's secret has been checked by the caller.
IssuedTokens ExchangeRefreshToken(Context& ctx, const SignInPlace& at, const Secret& token);

}  // namespace cardea
