#pragma once
// Keys in the store: pools' data keys (wrapped by the master key), signing keys (sealed by the data key), the reservoir
// of signing keys made ahead, and the account's access keys. Nothing here is readable without the master key.

#include "model/pool.h"
#include "store/store.h"

namespace cardea {

// A key that seals. The pool id "" stands for the account's own.
struct WrappedKey {
    PoolId pool_id;
    int version = 1;
    std::string master_key_id;  // which master key wrapped it
    std::string wrapped;
};
bool AddDataKey(sql::Connection& db, const WrappedKey& key);  // false where that version exists
std::vector<WrappedKey> ListDataKeys(sql::Connection& db, const PoolId& pool);

enum class KeyUse : std::uint8_t { kIdToken, kAccessToken };
struct StoredSigningKey {
    std::string kid;
    KeyUse use = KeyUse::kIdToken;
    std::string modulus;  // base64url, as in a JWK
    std::string sealed;   // PKCS#8, sealed with the pool's data key (purpose "signing-key", row = kid)
    Instant created_at;
};
void AddSigningKey(sql::Connection& db, const PoolId& pool, const StoredSigningKey& key);
// Newest first for each use.
std::vector<StoredSigningKey> ListSigningKeys(sql::Connection& db, const PoolId& pool);

// Key pairs made ahead, sealed with the account's data key. TakeReserveKeys gives each key to one caller only; fewer
// than `count` where the reservoir holds fewer.
void AddReserveKey(sql::Connection& db, const StoredSigningKey& key);
std::vector<StoredSigningKey> TakeReserveKeys(sql::Connection& db, int count);
std::int64_t CountReserveKeys(sql::Connection& db);

struct StoredAccessKey {
    std::string id;      // AKIA…
    std::string sealed;  // the secret, sealed with the account's data key (purpose "access-key", row = id)
    Instant created_at;
};
void AddAccessKey(sql::Connection& db, const StoredAccessKey& key);
std::optional<StoredAccessKey> FindAccessKey(sql::Connection& db, std::string_view id);

// A value of the account that is made once: {name} → value; the first writer wins and all read its value.
inline constexpr std::string_view kAccountEpoch = "epoch";  // stands in refresh tokens: a new one ends them all
std::optional<std::string> FindOnce(sql::Connection& db, std::string_view name);
std::string PutOnce(sql::Connection& db, std::string_view name, std::string_view value);
// Gives such a value a new content. The configuration version grows, so that other processes read it.
void ReplaceOnceValue(sql::Connection& db, std::string_view name, std::string_view value);

}  // namespace cardea
