#pragma once
// What a client with a secret must show (fact sheet user pools B.12).

#include <optional>
#include <string_view>

#include "base/secret.h"
#include "flows/context.h"
#include "model/client.h"

namespace cardea {

// How a client's secret is kept in Client::sealed_secret.
std::string SealClientSecret(Context& ctx, const PoolId& pool, const ClientId& client, const Secret& secret);
// Only for a client that has one.
Secret OpenClientSecret(Context& ctx, const Client& client);

// Checks SECRET_HASH for the username exactly as it was sent. Throws NotAuthorizedException where the client has a
// secret and the hash is missing or wrong, or where a client without a secret was sent one.
void CheckSecretHash(Context& ctx, const Client& client, std::string_view username,
                     const std::optional<Secret>& secret_hash);
// Whether `secret` is the client's secret; also true for a client without one where none is given.
bool ClientSecretMatches(Context& ctx, const Client& client, const std::optional<Secret>& secret);

}  // namespace cardea
