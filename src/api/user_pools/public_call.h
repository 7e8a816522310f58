#pragma once
// A call without a signature or a token: it names an app client, and a user by name.
//
//   const PublicCall call = RequirePublicCall(ctx, in.client_id, in.username, in.secret_hash);
//   const std::optional<User> user = FindNamedUser(ctx, call, in.username);   // throws where the client tells

#include <optional>
#include <string_view>

#include "base/secret.h"
#include "flows/context.h"
#include "flows/directory.h"
#include "model/user.h"

namespace cardea {

struct PublicCall {
    ClientHandle client;
    PoolHandle pool;
    bool hides_users = false;  // PreventUserExistenceErrors is ENABLED (fact sheet user pools B.11)
};

// The client and its pool, after the client's proof. Throws ResourceNotFoundException or NotAuthorizedException.
PublicCall RequirePublicCall(Context& ctx, std::string_view client_id, std::string_view username,
                             const std::optional<Secret>& secret_hash);

// The user; nothing for a name that nobody has where the client hides who exists, else UserNotFoundException
// "Username/client id combination not found."
std::optional<User> FindNamedUser(Context& ctx, const PublicCall& call, std::string_view name);

// Whom attempts are counted for: the user's id, or the name that nobody has.
std::string SubjectOf(const PublicCall& call, const std::optional<User>& user, std::string_view name);

}  // namespace cardea
