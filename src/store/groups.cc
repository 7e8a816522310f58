#include "store/groups.h"

#include <limits>

#include "store/rows.h"
#include "store/statement.h"
#include "store/sweeps.h"

namespace cardea {

namespace {

constexpr std::string_view kAdd =
    "INSERT INTO user_groups (pool_id, name, group_id, description, role_arn, precedence, created_at, modified_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (pool_id, name) DO NOTHING";
constexpr auto kFind = Join("SELECT ", kGroupColumns, " FROM user_groups WHERE pool_id = $1 AND name = $2");
constexpr std::string_view kReplace =
    "UPDATE user_groups SET description = $1, role_arn = $2, precedence = $3, modified_at = $4 "
    "WHERE pool_id = $5 AND name = $6 AND group_id = $7";
constexpr std::string_view kDelete = "DELETE FROM user_groups WHERE pool_id = $1 AND name = $2 AND group_id = $3";
constexpr auto kList =
    Join("SELECT ", kGroupColumns, " FROM user_groups WHERE pool_id = $1 AND name > $2 ORDER BY name LIMIT $3");
constexpr std::string_view kCount = "SELECT COUNT(*) FROM user_groups WHERE pool_id = $1";

constexpr std::string_view kAddDeleted =
    "INSERT INTO deleted_groups (group_id, pool_id) VALUES ($1, $2) ON CONFLICT (group_id) DO NOTHING";
constexpr std::string_view kListDeleted =
    "SELECT group_id, pool_id, empty_since FROM deleted_groups WHERE empty_since <= $1 "
    "ORDER BY empty_since, group_id LIMIT 100";
constexpr std::string_view kFoundEmpty = "UPDATE deleted_groups SET empty_since = $1 WHERE group_id = $2";
constexpr std::string_view kForgetDeleted = "DELETE FROM deleted_groups WHERE group_id = $1";
constexpr std::string_view kListMemberIds = "SELECT user_id FROM members WHERE group_id = $1 ORDER BY user_id LIMIT $2";

// Writes nothing new, and so meets a deletion of the user that is under way: what hangs on nobody is never swept.
constexpr std::string_view kHoldUser = "UPDATE users SET version = version WHERE user_id = $1 AND pool_id = $2";
constexpr std::string_view kGroupExists = "SELECT created_at FROM user_groups WHERE pool_id = $1 AND group_id = $2";
constexpr std::string_view kAddMembership =
    "INSERT INTO memberships (user_id, pool_id, group_id, joined_at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (user_id, pool_id, group_id) DO NOTHING";
constexpr std::string_view kAddMember =
    "INSERT INTO members (group_id, user_id, pool_id) VALUES ($1, $2, $3) ON CONFLICT (group_id, user_id) DO NOTHING";
constexpr std::string_view kRemoveMembership =
    "DELETE FROM memberships WHERE user_id = $1 AND pool_id = $2 AND group_id = $3";
constexpr std::string_view kRemoveMember = "DELETE FROM members WHERE group_id = $1 AND user_id = $2";

// CROSS JOIN: SQLite keeps the order of the tables, PostgreSQL sees an inner join.
constexpr auto kListOfUser =
    Join("SELECT ", kGroupColumns,
         " FROM memberships CROSS JOIN user_groups WHERE memberships.user_id = $1 AND memberships.pool_id = $2 "
         "AND memberships.group_id > $3 AND user_groups.pool_id = memberships.pool_id "
         "AND user_groups.group_id = memberships.group_id ORDER BY memberships.group_id LIMIT $4");
constexpr std::string_view kCountOfUser =
    "SELECT COUNT(*) FROM memberships CROSS JOIN user_groups "
    "WHERE memberships.user_id = $1 AND memberships.pool_id = $2 "
    "AND user_groups.pool_id = memberships.pool_id AND user_groups.group_id = memberships.group_id";
constexpr auto kListMembers =
    Join("SELECT ", kUserColumns,
         " FROM members CROSS JOIN users WHERE members.group_id = $1 AND members.user_id > $2 "
         "AND users.user_id = members.user_id AND users.pool_id = members.pool_id "
         "ORDER BY members.user_id LIMIT $3");

bool Exists(sql::Connection& db, std::string_view statement, std::initializer_list<sql::Value> values) {
    bool exists = false;
    Query(db, statement, values, [&](const sql::Row&) { exists = true; });
    return exists;
}

sql::Value OrNull(const std::optional<int>& value) {
    if (!value) return std::monostate();
    return std::int64_t{*value};
}

void RemoveBothWays(sql::Connection& db, const PoolId& pool, std::string_view group, std::string_view user) {
    Execute(db, kRemoveMembership, {user, pool.Text(), group});
    Execute(db, kRemoveMember, {group, user});
}

}  // namespace

bool AddGroup(sql::Connection& db, const Group& group) {
    return Execute(db, kAdd,
                   {group.pool_id.Text(), group.name, group.id.Text(), sql::OrNull(group.description),
                    sql::OrNull(group.role_arn), OrNull(group.precedence), ToMicroseconds(group.created_at),
                    ToMicroseconds(group.modified_at)}) == 1;
}

std::optional<Group> FindGroup(sql::Connection& db, const PoolId& pool, std::string_view name) {
    std::optional<Group> group;
    Query(db, kFind, {pool.Text(), name}, [&](const sql::Row& row) { group = ReadGroup(row, pool); });
    return group;
}

bool ReplaceGroup(sql::Connection& db, const Group& group) {
    return Execute(db, kReplace,
                   {sql::OrNull(group.description), sql::OrNull(group.role_arn), OrNull(group.precedence),
                    ToMicroseconds(group.modified_at), group.pool_id.Text(), group.name, group.id.Text()}) == 1;
}

bool DeleteGroup(sql::Connection& db, const PoolId& pool, std::string_view name) {
    const auto group = FindGroup(db, pool, name);
    if (!group || Execute(db, kDelete, {pool.Text(), name, group->id.Text()}) == 0) return false;
    Execute(db, kAddDeleted, {group->id.Text(), pool.Text()});
    return true;
}

namespace {

// Without a time, a group in which nobody is left is forgotten at once.
std::int64_t SweepGroups(sql::Connection& db, std::optional<Instant> now, int limit) {
    struct Deleted {
        std::string id;
        PoolId pool;
        bool was_empty;
    };
    std::vector<Deleted> groups;
    Query(db, kListDeleted,
          {now ? ToMicroseconds(*now - kDeletedRemembered) : std::numeric_limits<std::int64_t>::max()},
          [&](const sql::Row& row) {
              groups.push_back({std::string(row.Text(0)), PoolId(std::string(row.Text(1))), row.Whole(2) != 0});
          });
    std::int64_t total = 0;
    for (const auto& [group, pool, was_empty] : groups) {
        if (total >= limit) break;
        std::vector<std::string> users;
        Query(db, kListMemberIds, {group, limit - total},
              [&](const sql::Row& row) { users.emplace_back(row.Text(0)); });
        for (const std::string& user : users) RemoveBothWays(db, pool, group, user);
        if (users.empty() && (was_empty || !now)) Execute(db, kForgetDeleted, {group});
        if (users.empty() && !was_empty && now) Execute(db, kFoundEmpty, {ToMicroseconds(*now), group});
        total += static_cast<std::int64_t>(users.size());
    }
    return total;
}

}  // namespace

std::int64_t SweepDeletedGroups(sql::Connection& db, int limit) { return SweepGroups(db, std::nullopt, limit); }
std::int64_t SweepDeletedGroups(sql::Connection& db, Instant now, int limit) { return SweepGroups(db, now, limit); }

Page<Group> ListGroups(sql::Connection& db, const PoolId& pool, const std::optional<std::string>& after, int limit) {
    Page<Group> page;
    Query(db, kList, {pool.Text(), after.value_or(""), std::int64_t{limit} + 1},
          [&](const sql::Row& row) { page.items.push_back(ReadGroup(row, pool)); });
    EndPage(page, limit, [](const Group& group) { return group.name; });
    return page;
}

std::int64_t CountGroups(sql::Connection& db, const PoolId& pool) {
    std::int64_t count = 0;
    Query(db, kCount, {pool.Text()}, [&](const sql::Row& row) { count = row.Whole(0); });
    return count;
}

void AddMember(sql::Connection& db, const Group& group, const UserId& user, Instant now) {
    const std::string& pool = group.pool_id.Text();
    if (!Exists(db, kGroupExists, {pool, group.id.Text()}) || Execute(db, kHoldUser, {user.Text(), pool}) == 0) return;
    Execute(db, kAddMembership, {user.Text(), pool, group.id.Text(), ToMicroseconds(now)});
    Execute(db, kAddMember, {group.id.Text(), user.Text(), pool});
}

void RemoveMember(sql::Connection& db, const Group& group, const UserId& user) {
    RemoveBothWays(db, group.pool_id, group.id.Text(), user.Text());
}

Page<Group> ListGroupsOfUser(sql::Connection& db, const PoolId& pool, const UserId& user,
                             const std::optional<std::string>& after, int limit) {
    Page<Group> page;
    Query(db, kListOfUser, {user.Text(), pool.Text(), after.value_or(""), std::int64_t{limit} + 1},
          [&](const sql::Row& row) { page.items.push_back(ReadGroup(row, pool)); });
    EndPage(page, limit, [](const Group& group) { return group.id.Text(); });
    return page;
}

std::int64_t CountGroupsOfUser(sql::Connection& db, const PoolId& pool, const UserId& user) {
    std::int64_t count = 0;
    Query(db, kCountOfUser, {user.Text(), pool.Text()}, [&](const sql::Row& row) { count = row.Whole(0); });
    return count;
}

Page<User> ListMembers(sql::Connection& db, const Group& group, const std::optional<std::string>& after, int limit) {
    Page<User> page;
    Query(db, kListMembers, {group.id.Text(), after.value_or(""), std::int64_t{limit} + 1},
          [&](const sql::Row& row) { page.items.push_back(ReadUser(row, group.pool_id)); });
    EndPage(page, limit, [](const User& user) { return user.id.Text(); });
    return page;
}

}  // namespace cardea
