#include "flows/sign_in.h"

#include "flows/audit.h"
#include "flows/client_proof.h"
#include "flows/find_user.h"
#include "flows/lockout.h"
#include "flows/passwords.h"
#include "flows/refresh.h"

namespace cardea {

namespace {

[[noreturn]] void Refuse(const std::string& message) { throw ApiError(Error::kInvalidParameter, message); }

// One flow: where it may begin, what the client must permit, and what AWS says where it does not.
struct Flow {
    Door door;
    bool any_door;
    ExplicitAuthFlow permission;
    std::string_view not_enabled;
};

Flow FlowOf(AuthFlow flow) {
    constexpr std::string_view kNotEnabled = "Auth flow not enabled for this client";
    switch (flow) {
        case AuthFlow::kUserSrpAuth:
            return {Door::kPublic, true, ExplicitAuthFlow::kAllowUserSrpAuth,
                    "USER_SRP_AUTH is not enabled for the client."};
        case AuthFlow::kUserPasswordAuth:
            return {Door::kPublic, false, ExplicitAuthFlow::kAllowUserPasswordAuth,
                    "USER_PASSWORD_AUTH flow not enabled for this client"};
        case AuthFlow::kAdminNoSrpAuth:
        case AuthFlow::kAdminUserPasswordAuth:
            return {Door::kAdmin, false, ExplicitAuthFlow::kAllowAdminUserPasswordAuth, kNotEnabled};
        case AuthFlow::kCustomAuth:
            return {Door::kPublic, true, ExplicitAuthFlow::kAllowCustomAuth,
                    "CUSTOM_AUTH is not enabled for the client."};
        case AuthFlow::kUserAuth:
            return {Door::kPublic, true, ExplicitAuthFlow::kAllowUserAuth,
                    "USER_AUTH flow not enabled for this client"};
        case AuthFlow::kRefreshToken:
        case AuthFlow::kRefreshTokenAuth:
            break;
    }
    return {Door::kPublic, true, ExplicitAuthFlow::kAllowRefreshTokenAuth, kNotEnabled};
}

void RequireEnabled(const SignInPlace& at, const Flow& flow) {
    if (!Permits(at.GetClient(), flow.permission)) Refuse(std::string(flow.not_enabled));
}

// Whom the caller names: administrators may name a sub too (fact sheet user pools B.6).
std::optional<UserId> LookUp(Context& ctx, const SignInPlace& at, std::string_view name) {
    const Pool& pool = at.GetPool();
    if (at.door == Door::kAdmin) return ResolveUser(ctx, pool, name);
    const auto found =
        ctx.store().Read([&](sql::Connection& db) { return FindAlias(db, pool.id, AliasKey(pool, name)); });
    if (!found) return std::nullopt;
    return found->user_id;
}

// Reads for nobody too, who costs as much as somebody.
std::optional<SignInRecord> ReadUser(Context& ctx, const SignInPlace& at, const std::optional<UserId>& found,
                                     std::string_view name) {
    const Pool& pool = at.GetPool();
    const UserId id = found ? *found : IdOfNobody(ctx, pool, name);
    auto who = ctx.store().Read([&](sql::Connection& db) { return FindForSignIn(db, pool.id, id); });
    if (!found) who.reset();
    if (who) {
        HideResetRequired(at.GetClient(), *who);
    } else if (!HidesUserExistence(at.GetClient())) {
        Deny(ctx, at, nullptr, ApiError(Error::kUserNotFound, "User does not exist."));
    }
    return who;
}

// What a client that does not hide who exists is told before any proof (fact sheet user pools D.5).
void RequireOpenToProof(Context& ctx, const SignInPlace& at, const User& user) {
    if (HidesUserExistence(at.GetClient())) return;
    if (!user.enabled || user.status == UserStatus::kResetRequired) RequireMayEnter(ctx, at, user);
}

// Asks what is to be asked after a right first factor, or gives the tokens (fact sheet user pools D.7).
SignInOutcome GoOn(Context& ctx, const SignInPlace& at, SignInRecord who) {
    for (const Challenge& challenge : Challenges()) {
        if (!challenge.ask) continue;
        if (auto asked = challenge.ask(ctx, at, who)) return {.challenge = std::move(asked), .tokens = std::nullopt};
    }
    const UserId id = who.user.id;
    IssuedTokens tokens =
        IssueTokens(ctx, at.GetPool(), at.GetClient(), {.user = std::move(who.user), .groups = std::move(who.groups)});
    Audit(ctx, "sign_in", Outcome::kAllowed,
          {{"pool", at.GetPool().id.Text()}, {"client", at.GetClient().id.Text()}, {"user", id.Text()}});
    return {.challenge = std::nullopt, .tokens = std::move(tokens)};
}

// Whoever has this name and password. Holds the lock-out only until it is known.
SignInRecord ProvePassword(Context& ctx, const SignInPlace& at, std::string_view name, const Secret& password) {
    const Pool& pool = at.GetPool();
    const auto id = LookUp(ctx, at, name);
    const Lockout lockout =
        RequireUnlocked(ctx, pool, id ? LockoutKey(ctx, pool, *id) : LockoutKeyOfName(ctx, pool, name));
    auto who = ReadUser(ctx, at, id, name);
    if (who) {
        RequireOpenToProof(ctx, at, who->user);
        if (who->user.status == UserStatus::kUnconfirmed && who->user.enabled) RequireMayEnter(ctx, at, who->user);
    }
    const auto user = who ? std::optional<User>(who->user) : std::nullopt;
    const auto credential = who ? who->credential : std::nullopt;
    if (!CheckPassword(ctx, pool, user, credential, password)) {
        const bool told =
            ctx.store().Transact([&](sql::Connection& db) { return CountFailure(db, pool, lockout, ctx.now); });
        Deny(ctx, at, who ? &who->user.id : nullptr,
             told ? ApiError(Error::kNotAuthorized, "Incorrect username or password.") : AttemptsExceeded());
    }
    AdmitSuccess(ctx, pool, lockout);
    return std::move(*who);
}

SignInOutcome SignInByPassword(Context& ctx, const SignInPlace& at, std::string_view name, const Secret& password) {
    SignInRecord who = ProvePassword(ctx, at, name, password);
    RequireMayEnter(ctx, at, who.user);
    return GoOn(ctx, at, std::move(who));
}

SignInOutcome SignInBySrp(Context& ctx, const SignInPlace& at, const Parameters& parameters) {
    const std::string_view name = RequireParameter(parameters, "USERNAME").Reveal();
    const auto who = ReadUser(ctx, at, LookUp(ctx, at, name), name);
    if (who) RequireOpenToProof(ctx, at, who->user);
    return {.challenge = AskPasswordVerifier(ctx, at, who, parameters), .tokens = std::nullopt};
}

}  // namespace

SignInPlace PublicPlace(Context& ctx, std::string_view client_id) {
    auto client = RequireClient(ctx, client_id);
    auto pool = RequirePool(ctx, client->value.pool_id.Text());
    return {.door = Door::kPublic, .pool = std::move(pool), .client = std::move(client)};
}

SignInPlace AdminPlace(Context& ctx, std::string_view pool_id, std::string_view client_id) {
    auto pool = RequirePool(ctx, pool_id);
    auto client = RequireClient(ctx, pool->value, client_id);
    return {.door = Door::kAdmin, .pool = std::move(pool), .client = std::move(client)};
}

SignInOutcome StartSignIn(Context& ctx, const SignInPlace& at, AuthFlow name, const Parameters& parameters) {
    const Flow flow = FlowOf(name);
    if (!flow.any_door && flow.door != at.door) Refuse("Initiate Auth method not supported");
    const auto secret_hash = FindParameter(parameters, "SECRET_HASH");
    if (flow.permission == ExplicitAuthFlow::kAllowRefreshTokenAuth)
        return {.challenge = std::nullopt,
                .tokens = RefreshTokens(ctx, at, RequireParameter(parameters, "REFRESH_TOKEN"), secret_hash)};
    const std::string_view username = RequireParameter(parameters, "USERNAME").Reveal();
    CheckSecretHash(ctx, at.GetClient(), username, secret_hash);
    RequireEnabled(at, flow);
    switch (name) {
        case AuthFlow::kUserSrpAuth:
            RequireParameter(parameters, "SRP_A");
            return SignInBySrp(ctx, at, parameters);
        case AuthFlow::kCustomAuth:
            Refuse("Custom auth lambda trigger is not configured for the user pool.");
        case AuthFlow::kUserAuth:
            Refuse("Choice-based sign-in (USER_AUTH) is not possible: this build of Cardea does not have it yet.");
        default:
            return SignInByPassword(ctx, at, username, RequireParameter(parameters, "PASSWORD"));
    }
}

SignInOutcome AnswerChallenge(Context& ctx, const SignInPlace& at, const ChallengeAnswer& answer) {
    const Challenge* challenge = FindChallenge(answer.name);
    if (!challenge && !answer.session) Refuse("Missing required parameter Session");
    CheckSecretHash(ctx, at.GetClient(), RequireParameter(answer.responses, "USERNAME").Reveal(),
                    FindParameter(answer.responses, "SECRET_HASH"));
    if (!challenge) RejectSession();  // never asked, so that no session of it can be valid
    return GoOn(ctx, at, challenge->answer(ctx, at, answer));
}

}  // namespace cardea
