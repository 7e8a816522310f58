#include "flows/session.h"

#include "codec/base64.h"
#include "flows/identifier.h"
#include "flows/keyring.h"
#include "store/sessions.h"

namespace cardea {

namespace {

constexpr std::string_view kSessionPurpose = "session";
constexpr std::string_view kStatePurpose = "challenge-state";
// The longest AuthSessionValidity (fact sheet user pools B.9): what was used up is remembered as long.
constexpr Duration kLongestLifetime = std::chrono::minutes(15);

// What a session is bound to beside the pool, whose key seals it.
std::string RowOf(const SignInPlace& at) { return at.GetClient().id.Text() + "|" + std::string(NameOf(at.door)); }

Session RequireOpen(Context& ctx, const SignInPlace& at, ChallengeName challenge, std::optional<Secret> opened) {
    if (!opened) RejectSession();
    auto session = LoadShape<Session>(opened->Reveal());
    if (session.challenge != challenge) RejectSession();
    if (ctx.now >= session.issued_at + AuthSessionLifetime(at.GetClient()))
        throw ApiError(Error::kNotAuthorized, "Invalid session for the user, session is expired.");
    return session;
}

}  // namespace

Session NewSession(Context& ctx, ChallengeName challenge, const UserId& user) {
    return {.challenge = challenge, .user_id = user, .id = NewTokenId(ctx.random()), .issued_at = ctx.now, .state = {}};
}

Secret SealSession(Context& ctx, const SignInPlace& at, const Session& session) {
    return Secret(
        Base64UrlEncode(ctx.services.keyring.Seal(at.GetPool().id, kSessionPurpose, RowOf(at), PrintShape(session))));
}

std::string SealState(Context& ctx, const SignInPlace& at, const Session& session) {
    return ctx.services.keyring.Seal(at.GetPool().id, kStatePurpose, RowOf(at), PrintShape(session));
}

Session RequireSession(Context& ctx, const SignInPlace& at, ChallengeName challenge,
                       const std::optional<Secret>& sealed) {
    if (!sealed) throw ApiError(Error::kInvalidParameter, "Missing required parameter Session");
    const auto blob = Base64UrlDecode(sealed->Reveal());
    if (!blob) RejectSession();
    return RequireOpen(ctx, at, challenge,
                       ctx.services.keyring.TryOpen(at.GetPool().id, kSessionPurpose, RowOf(at), *blob));
}

Session RequireState(Context& ctx, const SignInPlace& at, ChallengeName challenge, std::string_view sealed) {
    return RequireOpen(ctx, at, challenge,
                       ctx.services.keyring.TryOpen(at.GetPool().id, kStatePurpose, RowOf(at), sealed));
}

void UseUp(sql::Connection& db, const PoolId& pool, const Session& session) {
    if (!ConsumeSession(db, pool, session.user_id, session.id, session.issued_at + kLongestLifetime))
        throw ApiError(Error::kNotAuthorized, "Invalid session for the user, session can only be used once.");
}

void RejectSession() { throw ApiError(Error::kNotAuthorized, "Invalid session for the user."); }

}  // namespace cardea
