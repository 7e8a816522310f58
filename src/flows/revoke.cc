#include "flows/revoke.h"

#include "codec/json.h"
#include "crypto/jwt.h"
#include "flows/audit.h"
#include "flows/change_user.h"
#include "flows/refresh_token.h"
#include "store/sessions.h"

namespace cardea {

namespace {

// The longest life of an access token (fact sheet user pools B.9): the last one of a sign-in may outlive its refresh
// token by that.
constexpr Duration kLongestAccess = std::chrono::hours(24);

// Whether the text is an access or ID token by what it says of itself.
bool IsUserJwt(const Secret& text) {
    const auto jwt = ParseJwt(text.Reveal());
    if (!jwt) return false;
    const auto payload = JsonDocument::Parse(jwt->payload);
    if (!payload) return false;
    const auto use = payload->Root().Find("token_use");
    return use && use->Kind() == JsonKind::kText && (use->Text() == "access" || use->Text() == "id");
}

}  // namespace

void RevokeRefreshToken(Context& ctx, const SignInPlace& at, const Secret& text) {
    const PoolId& pool = at.GetPool().id;
    if (!CanRevokeTokens(at.GetClient()))
        throw ApiError(Error::kUnsupportedOperation, "Token revocation is not enabled for this client");
    if (IsUserJwt(text)) throw ApiError(Error::kUnsupportedTokenType, "Only refresh tokens can be revoked");
    const auto token = OpenRefreshToken(ctx, at.GetPool(), text);
    if (!token) return;
    if (token->client_id != at.GetClient().id) {
        Audit(ctx, "revoke", Outcome::kDenied,
              {{"pool", pool.Text()}, {"client", at.GetClient().id.Text()}, {"user", token->user_id.Text()}});
        throw ApiError(Error::kUnauthorized, "Invalid client");
    }
    const Instant forgotten = token->expires_at + kLongestAccess;
    if (ctx.now >= forgotten) return;
    ctx.store().Transact(
        [&](sql::Connection& db) { RevokeSignIn(db, pool, token->user_id, token->origin_jti, forgotten); });
    Audit(ctx, "revoke", Outcome::kAllowed,
          {{"pool", pool.Text()},
           {"client", at.GetClient().id.Text()},
           {"user", token->user_id.Text()},
           {"event", token->event_id}});
}

void SignOutEverywhere(Context& ctx, const Pool& pool, const User& user) {
    ChangeUser(ctx, pool, user, [](UserChange& change) { ++change.user.sign_outs; });
    Audit(ctx, "sign_out_everywhere", Outcome::kAllowed, {{"pool", pool.id.Text()}, {"user", user.id.Text()}});
}

}  // namespace cardea
