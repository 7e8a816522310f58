#include "flows/client_proof.h"

#include "base/check.h"
#include "codec/base64.h"
#include "crypto/hash.h"
#include "flows/keyring.h"

namespace cardea {

namespace {

std::optional<Secret> SecretOf(Context& ctx, const Client& client) {
    if (!client.sealed_secret) return std::nullopt;
    return OpenClientSecret(ctx, client);
}

}  // namespace

std::string SealClientSecret(Context& ctx, const PoolId& pool, const ClientId& client, const Secret& secret) {
    return Base64Encode(ctx.services.keyring.Seal(pool, "client-secret", client.Text(), secret.Reveal()));
}

Secret OpenClientSecret(Context& ctx, const Client& client) {
    const auto sealed = Base64Decode(client.sealed_secret.value());
    CHECK(sealed.has_value());
    return ctx.services.keyring.Open(client.pool_id, "client-secret", client.id.Text(), *sealed);
}

void CheckSecretHash(Context& ctx, const Client& client, std::string_view username,
                     const std::optional<Secret>& secret_hash) {
    const auto secret = SecretOf(ctx, client);
    if (!secret && !secret_hash) return;
    if (!secret_hash)
        throw ApiError(Error::kNotAuthorized,
                       "Client " + client.id.Text() + " is configured with secret but SECRET_HASH was not received");
    if (secret) {
        const std::string expected =
            Base64Encode(HmacSha256(secret->Reveal(), std::string(username) + client.id.Text()));
        if (ConstantTimeEqual(expected, secret_hash->Reveal())) return;
    }
    throw ApiError(Error::kNotAuthorized, "Unable to verify secret hash for client " + client.id.Text());
}

bool ClientSecretMatches(Context& ctx, const Client& client, const std::optional<Secret>& secret) {
    const auto expected = SecretOf(ctx, client);
    if (!expected) return !secret;
    return secret && ConstantTimeEqual(*expected, *secret);
}

}  // namespace cardea
