#pragma once
// The keyring: a pool's data key (unwrapped with the master key) and its signing keys, kept open in memory.
//
//   ctx.services.keyring.Seal(ctx, pool.id, "credential", user.id.Text(), verifier)
//   ctx.services.keyring.SigningKeys(pool.id).access->…

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/guarded.h"
#include "base/secret.h"
#include "crypto/seal.h"
#include "crypto/signing_key.h"
#include "flows/bounded_cache.h"
#include "flows/context.h"
#include "model/pool.h"
#include "store/keys.h"

namespace cardea {

// shared_ptr: a request may sign with a key that the cache has just dropped.
struct PoolKeys {
    std::vector<std::shared_ptr<const DataKey>> data_keys;  // newest first
    struct Pair {
        std::shared_ptr<const SigningKey> id_token;
        std::shared_ptr<const SigningKey> access_token;
    } signing;                                                                 // the newest of each use
    std::vector<StoredSigningKey> published;                                   // all, for JWKS and for verifying
    std::unordered_map<std::string, std::shared_ptr<const VerifyKey>> verify;  // by kid
};

// Thread-safe.
class Keyring {
 public:
    Keyring(Store& store, Random& random, MasterKey master);

    // Makes the keys of a new pool: a data key, and two signing keys from the reservoir (or made now, 134 ms each,
    // where it is empty). Write them in the transaction that adds the pool.
    struct NewPoolKeys {
        WrappedKey data_key;
        std::vector<StoredSigningKey> signing;
    };
    NewPoolKeys MakePoolKeys(const PoolId& pool, Instant now);

    // Null where the pool has none (it is gone). From memory, or from the store on a miss.
    std::shared_ptr<const PoolKeys> Find(const PoolId& pool);
    // The same; throws ResourceNotFoundException "User pool … does not exist." where it is gone.
    std::shared_ptr<const PoolKeys> Require(const PoolId& pool);
    void Forget(const PoolId& pool);
    void Clear();
    // Looks whether another process has changed something: then keys in memory are compared with the store's at their
    // next use, once, so that those of deleted pools end. Called about once a second.
    void Refresh();

    // Seals bytes of a pool's row; `row` names the row, so that sealed values cannot change places.
    std::string Seal(const PoolId& pool, std::string_view purpose, std::string_view row, std::string_view plaintext);
    // Throws std::runtime_error where it does not open: the store was tampered with or the wrong master key is in use.
    Secret Open(const PoolId& pool, std::string_view purpose, std::string_view row, std::string_view sealed);
    // The same for bytes that came back from outside; nothing where they do not open.
    std::optional<Secret> TryOpen(const PoolId& pool, std::string_view purpose, std::string_view row,
                                  std::string_view sealed);
    // HMAC-SHA256 under a key of that purpose, for codes and for names that must not be told (32 bytes).
    std::string Mac(const PoolId& pool, std::string_view purpose, std::string_view text);

    // One step of filling the reservoir of signing keys up to `goal`; true where it made a key. For the background.
    bool FillReservoir(int goal, Instant now);

    // The account's own secrets, sealed under its data key (pool id "").
    static const PoolId& AccountRow();

 private:
    std::shared_ptr<const DataKey> AccountKey();
    std::shared_ptr<const PoolKeys> Load(const PoolId& pool);
    bool AreCurrent(const PoolId& pool, const PoolKeys& keys);
    std::vector<std::shared_ptr<const DataKey>> LoadDataKeys(const PoolId& pool);
    WrappedKey MakeDataKey(const PoolId& pool, Secret& bytes);

    struct Entry {
        std::shared_ptr<const PoolKeys> keys;
        std::int64_t version = 0;  // of the configuration when they were read or compared
    };
    struct Opened {
        BoundedCache<PoolId, Entry> pools{2000};  // some 30 KB each
        std::int64_t version = -1;                // of the configuration, as Refresh saw it last
        std::int64_t epoch = 0;                   // grows with each drop: what was read before one is not kept after it
    };
    Store& store_;
    Random& random_;
    MasterKey master_;
    Guarded<Opened> opened_;
};

}  // namespace cardea
