#include <algorithm>

#include "flows/audit.h"
#include "flows/challenges/challenge.h"
#include "flows/change_user.h"

namespace cardea {

namespace {

constexpr Challenge kChallenges[] = {
    {ChallengeName::kPasswordVerifier, nullptr, AnswerPasswordVerifier},
    {ChallengeName::kNewPasswordRequired, AskNewPassword, AnswerNewPassword},
};

}  // namespace

std::span<const Challenge> Challenges() { return kChallenges; }

const Challenge* FindChallenge(ChallengeName name) {
    for (const Challenge& challenge : kChallenges)
        if (challenge.name == name) return &challenge;
    return nullptr;
}

const Secret& RequireParameter(const Parameters& parameters, const std::string& name) {
    const auto found = parameters.find(name);
    if (found == parameters.end() || found->second.Empty())
        throw ApiError(Error::kInvalidParameter, "Missing required parameter " + name);
    return found->second;
}

std::optional<Secret> FindParameter(const Parameters& parameters, const std::string& name) {
    const auto found = parameters.find(name);
    if (found == parameters.end()) return std::nullopt;
    return found->second;
}

bool IsNameOf(const Pool& pool, const User& user, std::string_view name) {
    if (name == user.id.Text()) return true;
    const std::string key = AliasKey(pool, name);
    const auto aliases = AliasesOf(pool, user);
    return std::any_of(aliases.begin(), aliases.end(), [&](const Alias& alias) { return alias.key == key; });
}

void RequireMayEnter(Context& ctx, const SignInPlace& at, const User& user) {
    if (!user.enabled) Deny(ctx, at, &user.id, ApiError(Error::kNotAuthorized, "User is disabled."));
    if (user.status == UserStatus::kUnconfirmed)
        Deny(ctx, at, &user.id, ApiError(Error::kUserNotConfirmed, "User is not confirmed."));
    if (user.status == UserStatus::kResetRequired)
        Deny(ctx, at, &user.id, ApiError(Error::kPasswordResetRequired, "Password reset required for the user"));
}

void HideResetRequired(const Client& client, SignInRecord& who) {
    if (HidesUserExistence(client) && who.user.status == UserStatus::kResetRequired) who.credential.reset();
}

void Deny(Context& ctx, const SignInPlace& at, const UserId* user, const ApiError& error) {
    Audit(ctx, "sign_in", Outcome::kDenied,
          {{"pool", at.GetPool().id.Text()},
           {"client", at.GetClient().id.Text()},
           {"user", user ? std::string_view(user->Text()) : std::string_view("unknown")},
           {"reason", error.what()}});
    throw error;
}

}  // namespace cardea
