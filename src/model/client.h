#pragma once
// An app client of a user pool as it is stored.

#include <optional>
#include <string>

#include "base/id.h"
#include "base/secret.h"
#include "model/client_settings.h"
#include "model/pool.h"

namespace cardea {

using ClientId = Id<struct ClientTag>;  // 26 characters [0-9a-z]

struct Client : ClientSettings {
    using Inherits = ClientSettings;
    PoolId pool_id;
    ClientId id;
    std::string name;
    Instant created_at;
    Instant modified_at;
    // Sealed with the pool's data key (purpose "client-secret", row = client id), base64; absent for a public client.
    std::optional<std::string> sealed_secret;

    static constexpr auto kFields = FieldsAfter<Client, ClientSettings>(
        Field<&Client::pool_id>("UserPoolId"), Field<&Client::id>("ClientId"), Field<&Client::name>("ClientName"),
        Field<&Client::created_at>("CreationDate"), Field<&Client::modified_at>("LastModifiedDate"),
        Field<&Client::sealed_secret>("SealedSecret"));
};

// How long tokens live: the client's numbers and units with their defaults (fact sheet user pools B.9).
Duration AccessTokenLifetime(const Client& client);
Duration IdTokenLifetime(const Client& client);
Duration RefreshTokenLifetime(const Client& client);
Duration AuthSessionLifetime(const Client& client);
// What ExplicitAuthFlows permits, with the defaults and the old names (fact sheet user pools B.10).
bool Permits(const Client& client, ExplicitAuthFlow flow);
bool HidesUserExistence(const Client& client);  // PreventUserExistenceErrors is ENABLED
bool RotatesRefreshTokens(const Client& client);
bool CanRevokeTokens(const Client& client);  // EnableTokenRevocation, true unless configured otherwise

}  // namespace cardea
