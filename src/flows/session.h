#pragma once
// Sessions: what ties the answer to a challenge to the question. A session is sealed, not stored: it carries its own
// small state, and the store only remembers which ones were used up.
//
//   Session session = NewSession(ctx, ChallengeName::kNewPasswordRequired, user.id);
//   asked.session = SealSession(ctx, at, session);
//   …
//   const Session session = RequireSession(ctx, at, ChallengeName::kNewPasswordRequired, answer.session);
//   ctx.store().Transact([&](sql::Connection& db) { UseUp(db, at.pool->value.id, session); … });
//
// It opens for the challenge, pool, client and door that it was made for and for no other, until the client's
// AuthSessionValidity has passed since it was made (fact sheet user pools D.2).

#include <optional>
#include <string>

#include "base/secret.h"
#include "flows/context.h"
#include "flows/directory.h"
#include "model/challenge.h"
#include "model/user.h"

namespace cardea {

// How a caller came in. What one door began the other does not go on with.
enum class Door : std::uint8_t { kPublic, kAdmin };
template <>
struct EnumNames<Door> {
    static constexpr std::array<std::string_view, 2> kNames{"public", "admin"};
};

// Where a sign-in takes place.
struct SignInPlace {
    Door door = Door::kPublic;
    PoolHandle pool;
    ClientHandle client;

    const Pool& GetPool() const { return pool->value; }
    const Client& GetClient() const { return client->value; }
};

struct Session {
    ChallengeName challenge = ChallengeName::kPasswordVerifier;
    UserId user_id;     // of a user that does not exist: made up
    std::string id;     // UUID: what is used up
    Instant issued_at;  // by this server's clock
    std::string state;  // the challenge's own

    static constexpr auto kFields =
        Fields(Field<&Session::challenge>("c"), Field<&Session::user_id>("u"), Field<&Session::id>("i"),
               Field<&Session::issued_at>("t"), Field<&Session::state>("s"));
};

// A session of now, without state.
Session NewSession(Context& ctx, ChallengeName challenge, const UserId& user);

// Base64url. A state of up to 1,000 characters makes less than the 2,048 that the API allows.
Secret SealSession(Context& ctx, const SignInPlace& at, const Session& session);

// Throws InvalidParameterException where there is none, and NotAuthorizedException "Invalid session for the user." for
// what is no session of this challenge and place, or "…, session is expired.".
Session RequireSession(Context& ctx, const SignInPlace& at, ChallengeName challenge,
                       const std::optional<Secret>& sealed);
// The same for bytes that were sealed with SealState.
Session RequireState(Context& ctx, const SignInPlace& at, ChallengeName challenge, std::string_view sealed);
// A session in bytes, bound as SealSession binds it, but of any length and no session to RequireSession: for state
// that the client sends back in another member.
std::string SealState(Context& ctx, const SignInPlace& at, const Session& session);

// Inside Transact: uses the session up. Throws NotAuthorizedException "Invalid session for the user, session can only
// be used once." where that has happened before.
void UseUp(sql::Connection& db, const PoolId& pool, const Session& session);

// Ends the request: NotAuthorizedException "Invalid session for the user."
[[noreturn]] void RejectSession();

}  // namespace cardea
