#include "store/pools.h"

#include <charconv>
#include <limits>

#include "store/configuration.h"
#include "store/rows.h"
#include "store/sweeps.h"
#include "store/user_rows.h"

namespace cardea {

namespace {

constexpr std::string_view kBump = "UPDATE configuration SET version = version + 1 WHERE id = 1";
constexpr std::string_view kFindVersion = "SELECT version FROM configuration WHERE id = 1";

constexpr std::string_view kAdd =
    "INSERT INTO pools (pool_id, region, version, created_at, document) VALUES ($1, $2, 1, $3, $4)";
constexpr std::string_view kFind = "SELECT document, version FROM pools WHERE pool_id = $1";
constexpr std::string_view kReplace =
    "UPDATE pools SET version = version + 1, document = $1 WHERE pool_id = $2 AND version = $3";
constexpr std::string_view kList =
    "SELECT document FROM pools WHERE (created_at, pool_id) < ($1, $2) "
    "ORDER BY created_at DESC, pool_id DESC LIMIT $3";
constexpr std::string_view kListRegion =
    "SELECT document FROM pools WHERE region = $1 AND (created_at, pool_id) < ($2, $3) "
    "ORDER BY created_at DESC, pool_id DESC LIMIT $4";
constexpr std::string_view kCount = "SELECT COUNT(*) FROM pools";
constexpr std::string_view kCountUsers = "SELECT CAST(SUM(user_count) AS BIGINT) FROM pool_users WHERE pool_id = $1";

constexpr std::string_view kDeleteHead = "DELETE FROM pools WHERE pool_id = $1";
constexpr std::string_view kDeleteParts[] = {
    "DELETE FROM clients WHERE pool_id = $1", "DELETE FROM data_keys WHERE pool_id = $1",
    "DELETE FROM signing_keys WHERE pool_id = $1", "DELETE FROM pool_users WHERE pool_id = $1"};
constexpr std::string_view kAddDeleted =
    "INSERT INTO deleted_pools (pool_id) VALUES ($1) ON CONFLICT (pool_id) DO NOTHING";
constexpr std::string_view kListDeleted =
    "SELECT pool_id, empty_since FROM deleted_pools WHERE empty_since <= $1 ORDER BY empty_since, pool_id LIMIT 100";
constexpr std::string_view kFoundEmpty = "UPDATE deleted_pools SET empty_since = $1 WHERE pool_id = $2";
constexpr std::string_view kFindDeleted = "SELECT pool_id FROM deleted_pools WHERE pool_id = $1";
constexpr std::string_view kForgetDeleted = "DELETE FROM deleted_pools WHERE pool_id = $1";
constexpr std::string_view kListUsersOf =
    "SELECT user_id, names FROM users WHERE pool_id = $1 ORDER BY user_id LIMIT $2";
constexpr std::string_view kListGroupsOf = "SELECT name FROM user_groups WHERE pool_id = $1 ORDER BY name LIMIT $2";
constexpr std::string_view kDeleteGroup = "DELETE FROM user_groups WHERE pool_id = $1 AND name = $2";

// A pool's id is its region, a '_' and a name of its own.
std::string_view RegionOf(const PoolId& id) { return std::string_view(id.Text()).substr(0, id.Text().find('_')); }

// The place of a pool in the listing: "<created_at> <pool id>".
std::string PrintCursor(const Pool& pool) {
    return std::to_string(ToMicroseconds(pool.created_at)) + ' ' + pool.id.Text();
}

struct PoolCursor {
    std::int64_t created_at;
    std::string_view pool_id;
};

PoolCursor ParseCursor(const std::optional<std::string>& after) {
    PoolCursor cursor{std::numeric_limits<std::int64_t>::max(), ""};
    if (!after) return cursor;
    const auto space = after->find(' ');
    std::from_chars(after->data(), after->data() + after->size(), cursor.created_at);
    if (space != std::string::npos) cursor.pool_id = std::string_view(*after).substr(space + 1);
    return cursor;
}

// Deletes up to `limit` rows of one deleted pool.
std::int64_t SweepPool(sql::Connection& db, const PoolId& pool, std::int64_t limit) {
    std::vector<std::pair<UserId, std::string>> users;
    Query(db, kListUsersOf, {pool.Text(), limit},
          [&](const sql::Row& row) { users.emplace_back(UserId(std::string(row.Text(0))), row.Text(1)); });
    for (const auto& [id, names] : users) DeleteUserRows(db, pool, id, ParseNames(names));
    if (!users.empty()) return static_cast<std::int64_t>(users.size());
    std::vector<std::string> groups;
    Query(db, kListGroupsOf, {pool.Text(), limit}, [&](const sql::Row& row) { groups.emplace_back(row.Text(0)); });
    for (const std::string& name : groups) Execute(db, kDeleteGroup, {pool.Text(), name});
    if (!groups.empty()) return static_cast<std::int64_t>(groups.size());
    // Of a request that was under way while the pool was deleted.
    std::int64_t parts = 0;
    for (const std::string_view statement : kDeleteParts) parts += Execute(db, statement, {pool.Text()});
    return parts;
}

}  // namespace

void BumpConfiguration(sql::Connection& db) { Execute(db, kBump, {}); }

void AddPool(sql::Connection& db, const Pool& pool) {
    bool swept = true;
    Query(db, kFindDeleted, {pool.id.Text()}, [&](const sql::Row&) { swept = false; });
    // Only development uses an id again: what the old pool left must not become the new one's.
    if (!swept) {
        while (SweepPool(db, pool.id, 1000) > 0) continue;
        Execute(db, kForgetDeleted, {pool.id.Text()});
    }
    Execute(db, kAdd, {pool.id.Text(), RegionOf(pool.id), ToMicroseconds(pool.created_at), PrintShape(pool)});
    BumpConfiguration(db);
}

std::optional<Versioned<Pool>> FindPool(sql::Connection& db, const PoolId& id) {
    std::optional<Versioned<Pool>> found;
    Query(db, kFind, {id.Text()}, [&](const sql::Row& row) { found = {LoadShape<Pool>(row.Text(0)), row.Whole(1)}; });
    return found;
}

bool ReplacePool(sql::Connection& db, const Pool& pool, std::int64_t version) {
    if (Execute(db, kReplace, {PrintShape(pool), pool.id.Text(), version}) == 0) return false;
    BumpConfiguration(db);
    return true;
}

bool DeletePool(sql::Connection& db, const PoolId& id) {
    if (Execute(db, kDeleteHead, {id.Text()}) == 0) return false;
    for (const std::string_view statement : kDeleteParts) Execute(db, statement, {id.Text()});
    Execute(db, kAddDeleted, {id.Text()});
    BumpConfiguration(db);
    return true;
}

namespace {

// Without a time, a pool in which nothing is left is forgotten at once.
std::int64_t SweepPools(sql::Connection& db, std::optional<Instant> now, int limit) {
    struct Deleted {
        PoolId id;
        bool was_empty;
    };
    std::vector<Deleted> pools;
    Query(db, kListDeleted,
          {now ? ToMicroseconds(*now - kDeletedRemembered) : std::numeric_limits<std::int64_t>::max()},
          [&](const sql::Row& row) {
              pools.push_back({PoolId(std::string(row.Text(0))), row.Whole(1) != 0});
          });
    std::int64_t total = 0;
    for (const auto& [pool, was_empty] : pools) {
        if (total >= limit) break;
        const std::int64_t deleted = SweepPool(db, pool, limit - total);
        if (deleted == 0 && (was_empty || !now)) Execute(db, kForgetDeleted, {pool.Text()});
        if (deleted == 0 && !was_empty && now) Execute(db, kFoundEmpty, {ToMicroseconds(*now), pool.Text()});
        total += deleted;
    }
    return total;
}

}  // namespace

std::int64_t SweepDeletedPools(sql::Connection& db, int limit) { return SweepPools(db, std::nullopt, limit); }
std::int64_t SweepDeletedPools(sql::Connection& db, Instant now, int limit) { return SweepPools(db, now, limit); }

Page<Pool> ListPools(sql::Connection& db, std::string_view region, const std::optional<std::string>& after, int limit) {
    const PoolCursor start = ParseCursor(after);
    const std::int64_t rows = std::int64_t{limit} + 1;
    Page<Pool> page;
    const auto visit = [&](const sql::Row& row) { page.items.push_back(LoadShape<Pool>(row.Text(0))); };
    if (region.empty())
        Query(db, kList, {start.created_at, start.pool_id, rows}, visit);
    else
        Query(db, kListRegion, {region, start.created_at, start.pool_id, rows}, visit);
    EndPage(page, limit, PrintCursor);
    return page;
}

std::int64_t CountPools(sql::Connection& db) {
    std::int64_t count = 0;
    Query(db, kCount, {}, [&](const sql::Row& row) { count = row.Whole(0); });
    return count;
}

std::int64_t CountUsers(sql::Connection& db, const PoolId& id) {
    std::int64_t count = 0;
    Query(db, kCountUsers, {id.Text()}, [&](const sql::Row& row) { count = row.Whole(0); });
    return count;
}

std::int64_t ConfigurationVersion(sql::Connection& db) {
    std::int64_t version = 0;
    Query(db, kFindVersion, {}, [&](const sql::Row& row) { version = row.Whole(0); });
    return version;
}

}  // namespace cardea
