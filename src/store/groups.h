#pragma once
// Groups and their members in the store. Membership is kept both ways under the group's internal id.

#include "model/group.h"
#include "model/user.h"
#include "store/store.h"

namespace cardea {

bool AddGroup(sql::Connection& db, const Group& group);  // false where the pool has a group of that name
std::optional<Group> FindGroup(sql::Connection& db, const PoolId& pool, std::string_view name);
bool ReplaceGroup(sql::Connection& db, const Group& group);  // false where it is gone
// Drops the group at once; its memberships are swept in batches by SweepDeletedGroups. False where there is none.
bool DeleteGroup(sql::Connection& db, const PoolId& pool, std::string_view name);
std::int64_t SweepDeletedGroups(sql::Connection& db, int limit);
// By name.
Page<Group> ListGroups(sql::Connection& db, const PoolId& pool, const std::optional<std::string>& after, int limit);
std::int64_t CountGroups(sql::Connection& db, const PoolId& pool);

void AddMember(sql::Connection& db, const Group& group, const UserId& user, Instant now);  // idempotent
void RemoveMember(sql::Connection& db, const Group& group, const UserId& user);            // idempotent
Page<Group> ListGroupsOfUser(sql::Connection& db, const PoolId& pool, const UserId& user,
                             const std::optional<std::string>& after, int limit);
std::int64_t CountGroupsOfUser(sql::Connection& db, const PoolId& pool, const UserId& user);
Page<User> ListMembers(sql::Connection& db, const Group& group, const std::optional<std::string>& after, int limit);

}  // namespace cardea
