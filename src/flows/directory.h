#pragma once
// The directory: pools and clients, which every request needs and which seldom change, kept parsed in memory.
//
//   const auto pool = RequirePool(ctx, in.user_pool_id);      // throws the error that AWS gives
//   pool->settings…
//
// What a request got stays as it was until the request ends; a change is seen by the next one. Another process's change
// is seen within a second: the configuration version is looked at that often.

#include <memory>
#include <string_view>

#include "base/guarded.h"
#include "flows/bounded_cache.h"
#include "flows/context.h"
#include "model/client.h"
#include "model/pool.h"
#include "store/pools.h"

namespace cardea {

// A pool with the version to be named when it is replaced. shared_ptr: requests hold it while the cache moves on.
using PoolHandle = std::shared_ptr<const Versioned<Pool>>;
using ClientHandle = std::shared_ptr<const Versioned<Client>>;

// Thread-safe.
class Directory {
 public:
    explicit Directory(Store& store) : store_(store) {}
    // From memory, or from the store on a miss; null where there is none. Misses are not kept: ids that do not exist
    // cost a read each.
    PoolHandle FindPool(const PoolId& id);
    ClientHandle FindClient(const ClientId& id);
    // Drops what is kept of the pool or client after it was changed here.
    void Forget(const PoolId& id);
    void Forget(const ClientId& id);
    // Drops everything when another process has changed something. Called about once a second.
    void Refresh();
    void Clear();
    // What every refresh token carries: who restores a backup gives the account a new epoch, and refresh tokens from
    // before it, which may have been revoked after the backup, end. From memory, or from the store at the first use,
    // which makes it.
    std::string AccountEpoch(Random& random);

 private:
    Store& store_;
    struct Entries {
        BoundedCache<PoolId, PoolHandle> pools{10'000};  // some 10 KB each
        BoundedCache<ClientId, ClientHandle> clients{50'000};
        std::int64_t version = -1;  // the configuration version that Refresh saw last
        std::int64_t epoch = 0;     // grows with each drop: what was read before one is not kept after it
        std::string account_epoch;  // "" until it is read
    };
    Guarded<Entries> entries_;
};

// Throws ResourceNotFoundException "User pool … does not exist." (fact sheet user pools A.8).
PoolHandle RequirePool(Context& ctx, std::string_view pool_id);
// Throws ResourceNotFoundException "User pool client … does not exist."
ClientHandle RequireClient(Context& ctx, std::string_view client_id);
// The client of that pool; one of another pool does not exist.
ClientHandle RequireClient(Context& ctx, const Pool& pool, std::string_view client_id);

// Reads the pool, lets `change` edit a copy, and writes it; again where another writer came between, with a bound.
// Throws ResourceNotFoundException, or `busy` when the bound is reached: an operation that does not declare
// ConcurrentModificationException says kTooManyRequests.
void ChangePool(Context& ctx, std::string_view pool_id, FunctionRef<void(Pool&)> change,
                Error busy = Error::kConcurrentModification);
void ChangeClient(Context& ctx, std::string_view pool_id, std::string_view client_id,
                  FunctionRef<void(Client&)> change);

}  // namespace cardea
