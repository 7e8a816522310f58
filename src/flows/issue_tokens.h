#pragma once
// The tokens of a sign-in (fact sheet user pools E).
//
//   const IssuedTokens tokens = IssueTokens(ctx, pool, client, {user, groups});
//
// Two signatures, 197 µs each, and no statement: whoever calls has read everything before and holds no connection.

#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "flows/context.h"
#include "model/client.h"
#include "model/group.h"
#include "model/pool.h"
#include "model/user.h"

namespace cardea {

// Whom tokens speak of. `groups` are sorted by precedence.
struct TokenSubject {
    User user;
    std::vector<Group> groups;
};

// What all tokens of one sign-in share (E.4).
struct SignInOrigin {
    std::string origin_jti;
    std::string event_id;
    Instant auth_time;
};

struct IssuedTokens {
    Secret access_token;
    Secret id_token;
    std::optional<Secret> refresh_token;  // not after a refresh without rotation
    int expires_in = 0;                   // the access token's life in seconds
};

// The tokens of a new sign-in.
IssuedTokens IssueTokens(Context& ctx, const Pool& pool, const Client& client, const TokenSubject& subject);

// An access token and an ID token of a sign-in that was before, without a refresh token.
IssuedTokens ReissueTokens(Context& ctx, const Pool& pool, const Client& client, const TokenSubject& subject,
                           const SignInOrigin& origin);

// What the ID token says of a person beside the registered claims, as members of an object that is open: the readable
// attributes with their types on the wire (E.3).
void PrintAttributeClaims(const Pool& pool, const Client& client, const User& user, JsonWriter& out);

}  // namespace cardea
