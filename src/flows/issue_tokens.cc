#include "flows/issue_tokens.h"

#include <algorithm>
#include <charconv>

#include "codec/json.h"
#include "crypto/jwt.h"
#include "flows/directory.h"
#include "flows/event_id.h"
#include "flows/identifier.h"
#include "flows/keyring.h"
#include "flows/refresh_token.h"
#include "model/schema.h"

namespace cardea {

namespace {

// The only scope of a sign-in through the API (fact sheet user pools E.2).
constexpr std::string_view kApiScope = "aws.cognito.signin.user.admin";

std::int64_t Seconds(Duration duration) { return std::chrono::floor<std::chrono::seconds>(duration).count(); }

void PrintGroups(const std::vector<Group>& groups, JsonWriter& out) {
    if (groups.empty()) return;
    out.Key("cognito:groups").BeginArray();
    for (const Group& group : groups) out.Text(group.name);
    out.EndArray();
}

void PrintRoles(const std::vector<Group>& groups, JsonWriter& out) {
    std::vector<std::string_view> roles;
    for (const Group& group : groups)
        if (group.role_arn && std::find(roles.begin(), roles.end(), *group.role_arn) == roles.end())
            roles.push_back(*group.role_arn);
    if (roles.empty()) return;
    out.Key("cognito:roles").BeginArray();
    for (const std::string_view role : roles) out.Text(role);
    out.EndArray();
    if (const auto preferred = PreferredRole(groups)) out.Key("cognito:preferred_role").Text(*preferred);
}

std::string AccessClaims(Context& ctx, const Pool& pool, const Client& client, const TokenSubject& subject,
                         const SignInOrigin& origin) {
    JsonWriter out;
    const bool revocable = CanRevokeTokens(client);
    const std::int64_t now = ToSeconds(ctx.now);
    out.BeginObject().Key("sub").Text(subject.user.id.Text());
    PrintGroups(subject.groups, out);
    out.Key("iss").Text(pool.issuer).Key("client_id").Text(client.id.Text());
    if (revocable) out.Key("origin_jti").Text(origin.origin_jti);
    out.Key("event_id").Text(origin.event_id).Key("token_use").Text("access").Key("scope").Text(kApiScope);
    out.Key("auth_time").Whole(ToSeconds(origin.auth_time));
    out.Key("exp").Whole(now + Seconds(AccessTokenLifetime(client))).Key("iat").Whole(now);
    if (revocable) out.Key("jti").Text(NewTokenId(ctx.random()));
    out.Key("username").Text(subject.user.username).EndObject();
    return out.Take();
}

std::string IdClaims(Context& ctx, const Pool& pool, const Client& client, const TokenSubject& subject,
                     const SignInOrigin& origin) {
    JsonWriter out;
    const bool revocable = CanRevokeTokens(client);
    const std::int64_t now = ToSeconds(ctx.now);
    out.BeginObject().Key("sub").Text(subject.user.id.Text()).Key("aud").Text(client.id.Text());
    PrintGroups(subject.groups, out);
    PrintRoles(subject.groups, out);
    out.Key("iss").Text(pool.issuer).Key("token_use").Text("id");
    out.Key("auth_time").Whole(ToSeconds(origin.auth_time));
    out.Key("exp").Whole(now + Seconds(IdTokenLifetime(client))).Key("iat").Whole(now);
    if (revocable) {
        out.Key("jti").Text(NewTokenId(ctx.random()));
        out.Key("origin_jti").Text(origin.origin_jti);
    }
    out.Key("event_id").Text(origin.event_id).Key("cognito:username").Text(subject.user.username);
    PrintAttributeClaims(pool, client, subject.user, out);
    out.EndObject();
    return out.Take();
}

std::optional<std::int64_t> WholeFrom(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// Standard attributes have types in a token; custom ones are text whatever the schema says (fact sheet user pools E.3).
void PrintAttribute(std::string_view name, std::string_view value, JsonWriter& out) {
    out.Key(name);
    if (name == "email_verified" || name == "phone_number_verified") {
        out.Boolean(value == "true");
    } else if (name == "address") {
        out.BeginObject().Key("formatted").Text(value).EndObject();
    } else if (name == "updated_at") {
        if (const auto number = WholeFrom(value))
            out.Whole(*number);
        else
            out.Text(value);
    } else {
        out.Text(value);
    }
}

}  // namespace

void PrintAttributeClaims(const Pool& pool, const Client& client, const User& user, JsonWriter& out) {
    for (const std::string& name : ReadableAttributes(client, pool)) {
        const auto value = Find(user.attributes, name);
        if (!value || value->empty() || name == "sub") continue;
        PrintAttribute(name, *value, out);
    }
}

IssuedTokens ReissueTokens(Context& ctx, const Pool& pool, const Client& client, const TokenSubject& subject,
                           const SignInOrigin& origin) {
    const std::string access = AccessClaims(ctx, pool, client, subject, origin);
    const std::string id = IdClaims(ctx, pool, client, subject, origin);
    const auto keys = ctx.services.keyring.Require(pool.id);
    return {.access_token = Secret(SignJwt(*keys->signing.access_token, access)),
            .id_token = Secret(SignJwt(*keys->signing.id_token, id)),
            .refresh_token = std::nullopt,
            .expires_in = static_cast<int>(Seconds(AccessTokenLifetime(client)))};
}

IssuedTokens IssueTokens(Context& ctx, const Pool& pool, const Client& client, const TokenSubject& subject) {
    const SignInOrigin origin{.origin_jti = NewTokenId(ctx.random()),
                              .event_id = NewEventId(ctx, pool, subject.user.sign_outs),
                              .auth_time = ctx.now};
    const RefreshToken refresh{.user_id = subject.user.id,
                               .client_id = client.id,
                               .origin_jti = origin.origin_jti,
                               .event_id = origin.event_id,
                               .auth_time = origin.auth_time,
                               .expires_at = ctx.now + RefreshTokenLifetime(client),
                               .sign_outs = subject.user.sign_outs,
                               .generation = 0,
                               .epoch = ctx.services.directory.AccountEpoch(ctx.random())};
    IssuedTokens tokens = ReissueTokens(ctx, pool, client, subject, origin);
    tokens.refresh_token = SealRefreshToken(ctx, pool, refresh);
    return tokens;
}

}  // namespace cardea
