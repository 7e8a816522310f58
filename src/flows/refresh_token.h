#pragma once
// Refresh tokens: they carry what a refresh needs, sealed, so that a sign-in writes nothing.
//
//   {"cty":"JWT","enc":"A256GCM","alg":"dir","kid":"<data key version>.<salt>"} . . nonce . ciphertext . tag
//
// A JWE (RFC 7516) under a key that serves this one token: derived from the pool's data key and the salt. Nothing in
// it is for clients to read (fact sheet user pools E.1).

#include <optional>
#include <string>

#include "base/secret.h"
#include "flows/context.h"
#include "model/client.h"
#include "model/pool.h"
#include "model/user.h"

namespace cardea {

struct RefreshToken {
    UserId user_id;
    ClientId client_id;
    std::string origin_jti;  // names the sign-in, also where the client's tokens do not show it
    std::string event_id;
    Instant auth_time;
    Instant expires_at;
    std::int64_t sign_outs = 0;   // the user's counter at the sign-in
    std::int64_t generation = 0;  // how often the sign-in's token was rotated before this one
    std::string epoch;            // the account's, at the sign-in

    static constexpr auto kFields =
        Fields(Field<&RefreshToken::user_id>("sub"), Field<&RefreshToken::client_id>("client"),
               Field<&RefreshToken::origin_jti>("origin"), Field<&RefreshToken::event_id>("event"),
               Field<&RefreshToken::auth_time>("auth_time"), Field<&RefreshToken::expires_at>("exp"),
               Field<&RefreshToken::sign_outs>("sign_outs"), Field<&RefreshToken::generation>("generation"),
               Field<&RefreshToken::epoch>("epoch"));
};

Secret SealRefreshToken(Context& ctx, const Pool& pool, const RefreshToken& token);
// Nothing for what is no refresh token of this pool. That it opens says that it is genuine, not that it still counts.
std::optional<RefreshToken> OpenRefreshToken(Context& ctx, const Pool& pool, const Secret& token);

}  // namespace cardea
