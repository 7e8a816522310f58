#include "flows/refresh.h"

#include "flows/audit.h"
#include "flows/client_proof.h"
#include "flows/refresh_token.h"
#include "store/sessions.h"
#include "store/users.h"

namespace cardea {

namespace {

[[noreturn]] void Reject(Context& ctx, const SignInPlace& at, const RefreshToken* token, const ApiError& error) {
    if (token)
        Audit(ctx, "refresh", Outcome::kDenied,
              {{"pool", at.GetPool().id.Text()},
               {"client", at.GetClient().id.Text()},
               {"user", token->user_id.Text()},
               {"reason", error.what()}});
    else
        Audit(ctx, "refresh", Outcome::kDenied,
              {{"pool", at.GetPool().id.Text()}, {"client", at.GetClient().id.Text()}, {"reason", error.what()}});
    throw error;
}

RefreshToken RequireRefreshToken(Context& ctx, const SignInPlace& at, const Secret& text) {
    auto token = OpenRefreshToken(ctx, at.GetPool(), text);
    if (!token || token->client_id != at.GetClient().id)
        Reject(ctx, at, nullptr, ApiError(Error::kNotAuthorized, "Invalid Refresh Token"));
    if (ctx.now >= token->expires_at)
        Reject(ctx, at, &*token, ApiError(Error::kNotAuthorized, "Refresh Token has expired"));
    return std::move(*token);
}

std::optional<TokenRecord> ReadRecord(Context& ctx, const SignInPlace& at, const RefreshToken& token) {
    return ctx.store().Read(
        [&](sql::Connection& db) { return FindForToken(db, at.GetPool().id, token.user_id, token.origin_jti, true); });
}

// The person may go on: is there, enabled, and has not ended the sign-in.
TokenRecord RequireStanding(Context& ctx, const SignInPlace& at, const RefreshToken& token) {
    auto record = ReadRecord(ctx, at, token);
    if (!record) Reject(ctx, at, &token, ApiError(Error::kUserNotFound, "User does not exist."));
    if (!record->user.enabled) Reject(ctx, at, &token, ApiError(Error::kNotAuthorized, "User is disabled."));
    if (record->revoked || record->user.sign_outs != token.sign_outs ||
        token.epoch != ctx.services.directory.AccountEpoch(ctx.random()))
        Reject(ctx, at, &token, ApiError(Error::kNotAuthorized, "Refresh Token has been revoked"));
    return std::move(*record);
}

IssuedTokens Reissue(Context& ctx, const SignInPlace& at, const RefreshToken& token, TokenRecord record) {
    IssuedTokens tokens = ReissueTokens(
        ctx, at.GetPool(), at.GetClient(), {.user = std::move(record.user), .groups = std::move(record.groups)},
        {.origin_jti = token.origin_jti, .event_id = token.event_id, .auth_time = token.auth_time});
    Audit(ctx, "refresh", Outcome::kAllowed,
          {{"pool", at.GetPool().id.Text()},
           {"client", at.GetClient().id.Text()},
           {"user", token.user_id.Text()},
           {"event", token.event_id}});
    return tokens;
}

// Whether a token of the generation before the current one still counts.
bool InGrace(const Context& ctx, const Client& client, const RefreshToken& token, const TokenRecord& record) {
    if (!RotatesRefreshTokens(client) || token.generation + 1 != record.generation || !record.rotated_at) return false;
    const int grace = client.refresh_token_rotation->retry_grace_period_seconds.value_or(0);
    // None at all without a grace period: a request of the same moment may be older than the rotation.
    return grace > 0 && ctx.now < *record.rotated_at + std::chrono::seconds(grace);
}

// Moves the sign-in's family on, or finds out that another request did; the generation of the token to be given.
std::int64_t Rotate(Context& ctx, const SignInPlace& at, const RefreshToken& token, TokenRecord& record) {
    if (token.generation == record.generation) {
        const bool advanced = ctx.store().Transact([&](sql::Connection& db) {
            return AdvanceFamily(db, at.GetPool().id, token.user_id, token.origin_jti, token.generation, ctx.now,
                                 token.expires_at);
        });
        if (advanced) return token.generation + 1;
        record = RequireStanding(ctx, at, token);
    }
    if (InGrace(ctx, at.GetClient(), token, record)) return record.generation;
    Reject(ctx, at, &token, ApiError(Error::kRefreshTokenReuse, "Refresh token has been used already"));
}

}  // namespace

IssuedTokens RefreshTokens(Context& ctx, const SignInPlace& at, const Secret& text,
                           const std::optional<Secret>& secret_hash) {
    const Client& client = at.GetClient();
    if (!Permits(client, ExplicitAuthFlow::kAllowRefreshTokenAuth) || RotatesRefreshTokens(client))
        throw ApiError(Error::kInvalidParameter, "Auth flow not enabled for this client");
    const RefreshToken token = RequireRefreshToken(ctx, at, text);
    TokenRecord record = RequireStanding(ctx, at, token);
    CheckSecretHash(ctx, client, record.user.username, secret_hash);
    // A token that was rotated away, by a client that has stopped rotating since.
    if (token.generation != record.generation)
        Reject(ctx, at, &token, ApiError(Error::kNotAuthorized, "Invalid Refresh Token"));
    return Reissue(ctx, at, token, std::move(record));
}

IssuedTokens ExchangeRefreshToken(Context& ctx, const SignInPlace& at, const Secret& text) {
    const Client& client = at.GetClient();
    const bool rotates = RotatesRefreshTokens(client);
    if (!rotates && !Permits(client, ExplicitAuthFlow::kAllowRefreshTokenAuth))
        throw ApiError(Error::kInvalidParameter, "Auth flow not enabled for this client");
    RefreshToken token = RequireRefreshToken(ctx, at, text);
    TokenRecord record = RequireStanding(ctx, at, token);
    if (!rotates) {
        if (token.generation != record.generation)
            Reject(ctx, at, &token, ApiError(Error::kRefreshTokenReuse, "Refresh token has been used already"));
        return Reissue(ctx, at, token, std::move(record));
    }
    token.generation = Rotate(ctx, at, token, record);
    IssuedTokens tokens = Reissue(ctx, at, token, std::move(record));
    tokens.refresh_token = SealRefreshToken(ctx, at.GetPool(), token);
    return tokens;
}

}  // namespace cardea
