#include "flows/directory.h"

#include "store/clients.h"
#include "store/keys.h"

namespace cardea {

namespace {

// A change is tried again this often where another writer comes between reading and writing.
constexpr int kChangeAttempts = 8;

}  // namespace

PoolHandle Directory::FindPool(const PoolId& id) {
    std::int64_t epoch = 0;
    {
        auto entries = entries_.Lock();
        if (const PoolHandle* found = entries->pools.Find(id)) return *found;
        epoch = entries->epoch;
    }
    auto read = store_.Read([&](sql::Connection& db) { return cardea::FindPool(db, id); });
    if (!read) return nullptr;
    auto handle = std::make_shared<const Versioned<Pool>>(std::move(*read));
    auto entries = entries_.Lock();
    if (entries->epoch == epoch) entries->pools.Put(id, handle);
    return handle;
}

ClientHandle Directory::FindClient(const ClientId& id) {
    std::int64_t epoch = 0;
    {
        auto entries = entries_.Lock();
        if (const ClientHandle* found = entries->clients.Find(id)) return *found;
        epoch = entries->epoch;
    }
    auto read = store_.Read([&](sql::Connection& db) { return cardea::FindClient(db, id); });
    if (!read) return nullptr;
    auto handle = std::make_shared<const Versioned<Client>>(std::move(*read));
    auto entries = entries_.Lock();
    if (entries->epoch == epoch) entries->clients.Put(id, handle);
    return handle;
}

void Directory::Forget(const PoolId& id) {
    auto entries = entries_.Lock();
    ++entries->epoch;
    entries->pools.Erase(id);
    entries->clients.EraseIf([&](const ClientHandle& client) { return client->value.pool_id == id; });
}

void Directory::Forget(const ClientId& id) {
    auto entries = entries_.Lock();
    ++entries->epoch;
    entries->clients.Erase(id);
}

void Directory::Refresh() {
    const std::int64_t version = store_.Read([](sql::Connection& db) { return ConfigurationVersion(db); });
    auto entries = entries_.Lock();
    if (entries->version == version) return;
    ++entries->epoch;
    entries->pools.Clear();
    entries->clients.Clear();
    entries->account_epoch.clear();
    entries->version = version;
}

void Directory::Clear() {
    auto entries = entries_.Lock();
    ++entries->epoch;
    entries->pools.Clear();
    entries->clients.Clear();
    entries->account_epoch.clear();
}

std::string Directory::AccountEpoch(Random& random) {
    std::int64_t drops = 0;
    {
        auto entries = entries_.Lock();
        if (!entries->account_epoch.empty()) return entries->account_epoch;
        drops = entries->epoch;
    }
    auto epoch = store_.Read([](sql::Connection& db) { return FindOnce(db, kAccountEpoch); });
    if (!epoch) {
        const std::string made = RandomUuid(random);
        epoch = store_.Transact([&](sql::Connection& db) { return PutOnce(db, kAccountEpoch, made); });
    }
    auto entries = entries_.Lock();
    if (entries->epoch == drops) entries->account_epoch = *epoch;
    return *epoch;
}

namespace {

// Who signed for one region has no pool of another there. Who did not sign is of no region: a client's pool is its own.
bool IsOfCallersRegion(const Context& ctx, std::string_view pool_id) {
    if (ctx.caller.access_key_id.empty()) return true;
    return pool_id.starts_with(ctx.region) && pool_id.substr(ctx.region.size()).starts_with('_');
}

}  // namespace

PoolHandle RequirePool(Context& ctx, std::string_view pool_id) {
    PoolHandle pool;
    if (IsOfCallersRegion(ctx, pool_id)) pool = ctx.services.directory.FindPool(PoolId(std::string(pool_id)));
    if (!pool) throw ApiError(Error::kResourceNotFound, "User pool " + std::string(pool_id) + " does not exist.");
    return pool;
}

ClientHandle RequireClient(Context& ctx, std::string_view client_id) {
    auto client = ctx.services.directory.FindClient(ClientId(std::string(client_id)));
    if (!client)
        throw ApiError(Error::kResourceNotFound, "User pool client " + std::string(client_id) + " does not exist.");
    return client;
}

ClientHandle RequireClient(Context& ctx, const Pool& pool, std::string_view client_id) {
    auto client = RequireClient(ctx, client_id);
    if (client->value.pool_id != pool.id)
        throw ApiError(Error::kResourceNotFound, "User pool client " + std::string(client_id) + " does not exist.");
    return client;
}

void ChangePool(Context& ctx, std::string_view pool_id, FunctionRef<void(Pool&)> change, Error busy) {
    for (int attempt = 0; attempt < kChangeAttempts; ++attempt) {
        const PoolHandle current = RequirePool(ctx, pool_id);
        Pool next = current->value;
        change(next);
        next.modified_at = ctx.now;
        const bool written =
            ctx.store().Transact([&](sql::Connection& db) { return ReplacePool(db, next, current->version); });
        ctx.services.directory.Forget(next.id);
        if (written) return;
    }
    throw ApiError(busy, "The user pool is being changed by another request. Try again.");
}

void ChangeClient(Context& ctx, std::string_view pool_id, std::string_view client_id,
                  FunctionRef<void(Client&)> change) {
    for (int attempt = 0; attempt < kChangeAttempts; ++attempt) {
        const PoolHandle pool = RequirePool(ctx, pool_id);
        const ClientHandle current = RequireClient(ctx, pool->value, client_id);
        Client next = current->value;
        change(next);
        next.modified_at = ctx.now;
        const bool written =
            ctx.store().Transact([&](sql::Connection& db) { return ReplaceClient(db, next, current->version); });
        ctx.services.directory.Forget(next.id);
        if (written) return;
    }
    throw ApiError(Error::kConcurrentModification, "The app client is being changed by another request. Try again.");
}

}  // namespace cardea
