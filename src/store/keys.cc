#include "store/keys.h"

#include <algorithm>

#include "codec/shape.h"
#include "store/configuration.h"

namespace cardea {

template <>
struct EnumNames<KeyUse> {
    static constexpr std::array<std::string_view, 2> kNames{"id", "access"};
};

namespace {

constexpr std::string_view kAddDataKey =
    "INSERT INTO data_keys (pool_id, version, master_key_id, wrapped) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (pool_id, version) DO NOTHING";
constexpr std::string_view kListDataKeys =
    "SELECT version, master_key_id, wrapped FROM data_keys WHERE pool_id = $1 ORDER BY version";

constexpr std::string_view kAddSigningKey =
    "INSERT INTO signing_keys (pool_id, kid, key_use, modulus, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
constexpr std::string_view kListSigningKeys =
    "SELECT kid, key_use, modulus, sealed, created_at FROM signing_keys WHERE pool_id = $1";

constexpr std::string_view kAddReserveKey =
    "INSERT INTO reserve_keys (kid, key_use, modulus, sealed, created_at) VALUES ($1, $2, $3, $4, $5)";
constexpr std::string_view kListReserveKeys =
    "SELECT kid, key_use, modulus, sealed, created_at FROM reserve_keys ORDER BY created_at, kid LIMIT $1";
constexpr std::string_view kTakeReserveKey = "DELETE FROM reserve_keys WHERE kid = $1";
constexpr std::string_view kCountReserveKeys = "SELECT COUNT(*) FROM reserve_keys";

constexpr std::string_view kAddAccessKey =
    "INSERT INTO access_keys (access_key_id, sealed, created_at) VALUES ($1, $2, $3)";
constexpr std::string_view kFindAccessKey = "SELECT sealed, created_at FROM access_keys WHERE access_key_id = $1";

constexpr std::string_view kPutOnce =
    "INSERT INTO once_values (name, content) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
constexpr std::string_view kReplaceOnce =
    "INSERT INTO once_values (name, content) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET content = $2";
constexpr std::string_view kFindOnce = "SELECT content FROM once_values WHERE name = $1";

StoredSigningKey ReadSigningKey(const sql::Row& row) {
    const auto use = EnumFrom<KeyUse>(row.Text(1));
    if (!use) throw sql::DatabaseError("a signing key's use is unknown");
    return {.kid = std::string(row.Text(0)),
            .use = *use,
            .modulus = std::string(row.Text(2)),
            .sealed = std::string(row.Blob(3)),
            .created_at = FromMicroseconds(row.Whole(4))};
}

}  // namespace

bool AddDataKey(sql::Connection& db, const WrappedKey& key) {
    return Execute(db, kAddDataKey,
                   {key.pool_id.Text(), std::int64_t{key.version}, key.master_key_id, sql::Bytes{key.wrapped}}) == 1;
}

std::vector<WrappedKey> ListDataKeys(sql::Connection& db, const PoolId& pool) {
    std::vector<WrappedKey> keys;
    Query(db, kListDataKeys, {pool.Text()}, [&](const sql::Row& row) {
        keys.push_back({.pool_id = pool,
                        .version = static_cast<int>(row.Whole(0)),
                        .master_key_id = std::string(row.Text(1)),
                        .wrapped = std::string(row.Blob(2))});
    });
    return keys;
}

void AddSigningKey(sql::Connection& db, const PoolId& pool, const StoredSigningKey& key) {
    Execute(
        db, kAddSigningKey,
        {pool.Text(), key.kid, NameOf(key.use), key.modulus, sql::Bytes{key.sealed}, ToMicroseconds(key.created_at)});
}

std::vector<StoredSigningKey> ListSigningKeys(sql::Connection& db, const PoolId& pool) {
    std::vector<StoredSigningKey> keys;
    Query(db, kListSigningKeys, {pool.Text()}, [&](const sql::Row& row) { keys.push_back(ReadSigningKey(row)); });
    std::sort(keys.begin(), keys.end(), [](const StoredSigningKey& a, const StoredSigningKey& b) {
        if (a.use != b.use) return a.use < b.use;
        return a.created_at != b.created_at ? a.created_at > b.created_at : a.kid < b.kid;
    });
    return keys;
}

void AddReserveKey(sql::Connection& db, const StoredSigningKey& key) {
    Execute(db, kAddReserveKey,
            {key.kid, NameOf(key.use), key.modulus, sql::Bytes{key.sealed}, ToMicroseconds(key.created_at)});
}

// What another process takes at the same time is not there any more when it comes to be deleted, and is left out.
std::vector<StoredSigningKey> TakeReserveKeys(sql::Connection& db, int count) {
    std::vector<StoredSigningKey> oldest;
    Query(db, kListReserveKeys, {std::int64_t{count}},
          [&](const sql::Row& row) { oldest.push_back(ReadSigningKey(row)); });
    std::erase_if(oldest, [&](const StoredSigningKey& key) { return Execute(db, kTakeReserveKey, {key.kid}) == 0; });
    return oldest;
}

std::int64_t CountReserveKeys(sql::Connection& db) {
    std::int64_t count = 0;
    Query(db, kCountReserveKeys, {}, [&](const sql::Row& row) { count = row.Whole(0); });
    return count;
}

void AddAccessKey(sql::Connection& db, const StoredAccessKey& key) {
    Execute(db, kAddAccessKey, {key.id, sql::Bytes{key.sealed}, ToMicroseconds(key.created_at)});
}

std::optional<StoredAccessKey> FindAccessKey(sql::Connection& db, std::string_view id) {
    std::optional<StoredAccessKey> found;
    Query(db, kFindAccessKey, {id}, [&](const sql::Row& row) {
        found = {std::string(id), std::string(row.Blob(0)), FromMicroseconds(row.Whole(1))};
    });
    return found;
}

std::optional<std::string> FindOnce(sql::Connection& db, std::string_view name) {
    std::optional<std::string> found;
    Query(db, kFindOnce, {name}, [&](const sql::Row& row) { found = row.Blob(0); });
    return found;
}

std::string PutOnce(sql::Connection& db, std::string_view name, std::string_view value) {
    Execute(db, kPutOnce, {name, sql::Bytes{value}});
    return FindOnce(db, name).value();
}

void ReplaceOnceValue(sql::Connection& db, std::string_view name, std::string_view value) {
    Execute(db, kReplaceOnce, {name, sql::Bytes{value}});
    BumpConfiguration(db);
}

}  // namespace cardea
