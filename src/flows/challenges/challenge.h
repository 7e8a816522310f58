#pragma once
// Challenges: what a sign-in asks of a person before it gives tokens. A challenge is two verbs: Ask makes the question,
// Answer judges the reply. registry.cc lists them in the order in which they are asked after the first factor (fact
// sheet user pools D.7).
//
//   for (const Challenge& challenge : Challenges())
//       if (challenge.ask) if (auto asked = challenge.ask(ctx, at, who)) return *asked;
//
// To add one: its file beside this one, its two functions below, its row in registry.cc.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "flows/context.h"
#include "flows/session.h"
#include "model/challenge.h"
#include "store/users.h"

namespace cardea {

// AuthParameters and ChallengeResponses: any of them may be a secret.
using Parameters = std::map<std::string, Secret>;

struct AskedChallenge {
    ChallengeName name = ChallengeName::kPasswordVerifier;
    Secret session;
    std::map<std::string, std::string> parameters;
};

struct ChallengeAnswer {
    ChallengeName name = ChallengeName::kPasswordVerifier;
    std::optional<Secret> session;
    Parameters responses;
};

struct Challenge {
    ChallengeName name;
    // The question, or nothing where this person need not answer it. Null for a challenge that a flow begins with.
    std::optional<AskedChallenge> (*ask)(Context&, const SignInPlace&, const SignInRecord&);
    // The person as it is after a right answer, which is used up. Throws for a wrong one.
    SignInRecord (*answer)(Context&, const SignInPlace&, const ChallengeAnswer&);
};

std::span<const Challenge> Challenges();
// Null for a challenge that this build never asks.
const Challenge* FindChallenge(ChallengeName name);

// The parameter's value. Throws InvalidParameterException "Missing required parameter NEW_PASSWORD" where it is absent
// or empty.
const Secret& RequireParameter(const Parameters& parameters, const std::string& name);
std::optional<Secret> FindParameter(const Parameters& parameters, const std::string& name);

// Whether the name is one by which the pool finds this user, or its sub.
bool IsNameOf(const Pool& pool, const User& user, std::string_view name);
// Throws what keeps a person out whatever it proves: disabled, not confirmed, password to be reset
// (fact sheet user pools D.17).
void RequireMayEnter(Context& ctx, const SignInPlace& at, const User& user);
// Where a client hides who exists, somebody whose password must be reset looks as if there were none (B.11).
void HideResetRequired(const Client& client, SignInRecord& who);
// Ends a sign-in: one line in the audit trail, then the error. `user` is null for a name that nobody has.
[[noreturn]] void Deny(Context& ctx, const SignInPlace& at, const UserId* user, const ApiError& error);

// USER_SRP_AUTH's question (fact sheet user pools D.5). `who` is nothing for a name that nobody has, which gets a
// question too: the same at each time as far as a client can see, and without a right answer.
AskedChallenge AskPasswordVerifier(Context& ctx, const SignInPlace& at, const std::optional<SignInRecord>& who,
                                   const Parameters& parameters);
SignInRecord AnswerPasswordVerifier(Context& ctx, const SignInPlace& at, const ChallengeAnswer& answer);

// For who has a temporary password (D.8). Throws NotAuthorizedException where that has expired.
std::optional<AskedChallenge> AskNewPassword(Context& ctx, const SignInPlace& at, const SignInRecord& who);
SignInRecord AnswerNewPassword(Context& ctx, const SignInPlace& at, const ChallengeAnswer& answer);

}  // namespace cardea
