#pragma once
// Signing in: from a flow's first call through its challenges to tokens (fact sheet user pools D).
//
//   const SignInPlace at = PublicPlace(ctx, in.client_id);
//   const SignInOutcome outcome = StartSignIn(ctx, at, in.auth_flow, parameters);
//   if (outcome.challenge) …            // to be answered with AnswerChallenge
//   else outcome.tokens->access_token…
//
// A sign-in by password costs three statements and writes nothing; one by SRP five, of which one writes.

#include <optional>
#include <string_view>

#include "flows/challenges/challenge.h"
#include "flows/context.h"
#include "flows/issue_tokens.h"
#include "flows/session.h"

namespace cardea {

// Exactly one of the two is there.
struct SignInOutcome {
    std::optional<AskedChallenge> challenge;
    std::optional<IssuedTokens> tokens;
};

// The client, and its pool, of a call without a signature. Throws ResourceNotFoundException.
SignInPlace PublicPlace(Context& ctx, std::string_view client_id);
// The same for an administrator, who names the pool too.
SignInPlace AdminPlace(Context& ctx, std::string_view pool_id, std::string_view client_id);

// InitiateAuth and AdminInitiateAuth. Looks at the flow, the client's proof, the lock-out, the user, its status and its
// password, in this order.
SignInOutcome StartSignIn(Context& ctx, const SignInPlace& at, AuthFlow flow, const Parameters& parameters);

// RespondToAuthChallenge and AdminRespondToAuthChallenge.
SignInOutcome AnswerChallenge(Context& ctx, const SignInPlace& at, const ChallengeAnswer& answer);

}  // namespace cardea
