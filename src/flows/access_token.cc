#include "flows/access_token.h"

#include "codec/json.h"
#include "crypto/jwt.h"
#include "flows/event_id.h"
#include "flows/keyring.h"
#include "store/users.h"

namespace cardea {

namespace {

constexpr std::string_view kNeededScope = "aws.cognito.signin.user.admin";

[[noreturn]] void Reject(const char* message) { throw ApiError(Error::kNotAuthorized, message); }
[[noreturn]] void RejectToken() { Reject("Invalid Access Token"); }

struct AccessClaims {
    UserId user_id;
    ClientId client_id;
    std::string origin_jti;
    std::string event_id;
    std::int64_t expires_at = 0;
    std::vector<std::string> scopes;
};

std::string TextOf(JsonValue payload, std::string_view name) {
    const auto found = payload.Find(name);
    return found && found->Kind() == JsonKind::kText ? std::string(found->Text()) : std::string();
}

std::vector<std::string> Split(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        if (space != 0) out.emplace_back(text.substr(0, space));
        if (space == std::string_view::npos) break;
        text.remove_prefix(space + 1);
    }
    return out;
}

// The pool whose issuer the token names: its id is the last part of it.
PoolHandle FindIssuer(Context& ctx, JsonValue payload) {
    const std::string issuer = TextOf(payload, "iss");
    const std::size_t slash = issuer.rfind('/');
    if (slash == std::string::npos) return nullptr;
    auto pool = ctx.services.directory.FindPool(PoolId(issuer.substr(slash + 1)));
    return pool && pool->value.issuer == issuer ? pool : nullptr;
}

bool IsSignedBy(Context& ctx, const Pool& pool, const Jwt& jwt) {
    const auto kid = JwtKid(jwt.header);
    const auto keys = ctx.services.keyring.Find(pool.id);
    if (!kid || !keys) return false;
    const auto key = keys->verify.find(*kid);
    return key != keys->verify.end() && key->second && VerifyJwt(jwt, *kid, *key->second);
}

// What the token says, once its pool has been found and its signature verified.
AccessClaims RequireClaims(JsonValue payload) {
    const auto expires_at = payload.Find("exp");
    if (TextOf(payload, "token_use") != "access" || !expires_at || expires_at->Kind() != JsonKind::kWhole)
        RejectToken();
    AccessClaims claims{.user_id = UserId(TextOf(payload, "sub")),
                        .client_id = ClientId(TextOf(payload, "client_id")),
                        .origin_jti = TextOf(payload, "origin_jti"),
                        .event_id = TextOf(payload, "event_id"),
                        .expires_at = expires_at->Whole(),
                        .scopes = Split(TextOf(payload, "scope"))};
    return claims;
}

bool Has(const std::vector<std::string>& scopes, std::string_view wanted) {
    for (const std::string& scope : scopes)
        if (scope == wanted) return true;
    return false;
}

}  // namespace

std::optional<TokenHolder> FindTokenHolder(Context& ctx, const Secret& access_token) {
    const auto jwt = ParseJwt(access_token.Reveal());
    if (!jwt) RejectToken();
    const auto payload = JsonDocument::Parse(jwt->payload);
    if (!payload || payload->Root().Kind() != JsonKind::kObject) RejectToken();
    const PoolHandle pool = FindIssuer(ctx, payload->Root());
    if (!pool || !IsSignedBy(ctx, pool->value, *jwt)) RejectToken();
    AccessClaims claims = RequireClaims(payload->Root());
    if (ToSeconds(ctx.now) >= claims.expires_at) Reject("Access Token has expired");
    if (!Has(claims.scopes, kNeededScope)) Reject("Access Token does not have required scopes");
    auto client = RequireClient(ctx, pool->value, claims.client_id.Text());
    auto record = ctx.store().Read([&](sql::Connection& db) {
        return FindForToken(db, pool->value.id, claims.user_id, claims.origin_jti, false);
    });
    if (!record) return std::nullopt;
    if (!record->user.enabled) Reject("User is disabled.");
    if (record->revoked || IsSignedOut(ctx, pool->value, claims.event_id, record->user.sign_outs))
        Reject("Access Token has been revoked");
    return TokenHolder{.pool = pool,
                       .client = std::move(client),
                       .user = std::move(record->user),
                       .origin_jti = std::move(claims.origin_jti),
                       .scopes = std::move(claims.scopes)};
}

TokenHolder RequireTokenHolder(Context& ctx, const Secret& access_token) {
    auto holder = FindTokenHolder(ctx, access_token);
    if (!holder) throw ApiError(Error::kUserNotFound, "User does not exist.");
    return std::move(*holder);
}

}  // namespace cardea
