#include "store/groups.h"

#include "api/pagination.h"
#include "api/user_pools/service.h"
#include "api/user_pools/shapes.h"
#include "api/user_pools/user_shapes.h"
#include "flows/audit.h"
#include "flows/directory.h"
#include "flows/find_user.h"
#include "flows/identifier.h"

namespace cardea {

namespace {

// Fact sheet user pools B.14.
constexpr std::int64_t kGroupsOfPool = 10'000;
constexpr std::int64_t kGroupsOfUser = 100;
// Fact sheet user pools A.7.
constexpr int kPageSize = 60;

struct CreateGroupRequest {
    std::string group_name;
    std::string user_pool_id;
    std::optional<std::string> description;
    std::optional<std::string> role_arn;
    std::optional<int> precedence;

    static constexpr auto kFields = Fields(Field<&CreateGroupRequest::group_name>("GroupName", kGroupName),
                                           Field<&CreateGroupRequest::user_pool_id>("UserPoolId", kUserPoolId),
                                           Field<&CreateGroupRequest::description>("Description", kDescription),
                                           Field<&CreateGroupRequest::role_arn>("RoleArn", kArn),
                                           Field<&CreateGroupRequest::precedence>("Precedence", kPrecedence));
};

struct CreateGroupResponse {
    GroupType group;

    static constexpr auto kFields = Fields(Field<&CreateGroupResponse::group>("Group"));
};

struct GetGroupRequest {
    std::string group_name;
    std::string user_pool_id;

    static constexpr auto kFields = Fields(Field<&GetGroupRequest::group_name>("GroupName", kGroupName),
                                           Field<&GetGroupRequest::user_pool_id>("UserPoolId", kUserPoolId));
};

struct GetGroupResponse {
    GroupType group;

    static constexpr auto kFields = Fields(Field<&GetGroupResponse::group>("Group"));
};

struct UpdateGroupRequest {
    std::string group_name;
    std::string user_pool_id;
    std::optional<std::string> description;
    std::optional<std::string> role_arn;
    std::optional<int> precedence;

    static constexpr auto kFields = Fields(Field<&UpdateGroupRequest::group_name>("GroupName", kGroupName),
                                           Field<&UpdateGroupRequest::user_pool_id>("UserPoolId", kUserPoolId),
                                           Field<&UpdateGroupRequest::description>("Description", kDescription),
                                           Field<&UpdateGroupRequest::role_arn>("RoleArn", kArn),
                                           Field<&UpdateGroupRequest::precedence>("Precedence", kPrecedence));
};

struct UpdateGroupResponse {
    GroupType group;

    static constexpr auto kFields = Fields(Field<&UpdateGroupResponse::group>("Group"));
};

struct DeleteGroupRequest {
    std::string group_name;
    std::string user_pool_id;

    static constexpr auto kFields = Fields(Field<&DeleteGroupRequest::group_name>("GroupName", kGroupName),
                                           Field<&DeleteGroupRequest::user_pool_id>("UserPoolId", kUserPoolId));
};

struct ListGroupsRequest {
    std::string user_pool_id;
    std::optional<int> limit;
    std::optional<std::string> next_token;

    static constexpr auto kFields = Fields(Field<&ListGroupsRequest::user_pool_id>("UserPoolId", kUserPoolId),
                                           Field<&ListGroupsRequest::limit>("Limit", kQueryLimit),
                                           Field<&ListGroupsRequest::next_token>("NextToken", kPaginationKey));
};

struct ListGroupsResponse {
    std::vector<GroupType> groups;
    std::optional<std::string> next_token;

    static constexpr auto kFields = Fields(Field<&ListGroupsResponse::groups>("Groups"),
                                           Field<&ListGroupsResponse::next_token>("NextToken", kPaginationKey));
};

struct AdminAddUserToGroupRequest {
    std::string user_pool_id;
    std::string username;
    std::string group_name;

    static constexpr auto kFields = Fields(Field<&AdminAddUserToGroupRequest::user_pool_id>("UserPoolId", kUserPoolId),
                                           Field<&AdminAddUserToGroupRequest::username>("Username", kUsername),
                                           Field<&AdminAddUserToGroupRequest::group_name>("GroupName", kGroupName));
};

struct AdminRemoveUserFromGroupRequest {
    std::string user_pool_id;
    std::string username;
    std::string group_name;

    static constexpr auto kFields =
        Fields(Field<&AdminRemoveUserFromGroupRequest::user_pool_id>("UserPoolId", kUserPoolId),
               Field<&AdminRemoveUserFromGroupRequest::username>("Username", kUsername),
               Field<&AdminRemoveUserFromGroupRequest::group_name>("GroupName", kGroupName));
};

struct AdminListGroupsForUserRequest {
    std::string username;
    std::string user_pool_id;
    std::optional<int> limit;
    std::optional<std::string> next_token;

    static constexpr auto kFields =
        Fields(Field<&AdminListGroupsForUserRequest::username>("Username", kUsername),
               Field<&AdminListGroupsForUserRequest::user_pool_id>("UserPoolId", kUserPoolId),
               Field<&AdminListGroupsForUserRequest::limit>("Limit", kQueryLimit),
               Field<&AdminListGroupsForUserRequest::next_token>("NextToken", kPaginationKey));
};

struct AdminListGroupsForUserResponse {
    std::vector<GroupType> groups;
    std::optional<std::string> next_token;

    static constexpr auto kFields =
        Fields(Field<&AdminListGroupsForUserResponse::groups>("Groups"),
               Field<&AdminListGroupsForUserResponse::next_token>("NextToken", kPaginationKey));
};

struct ListUsersInGroupRequest {
    std::string user_pool_id;
    std::string group_name;
    std::optional<int> limit;
    std::optional<std::string> next_token;

    static constexpr auto kFields = Fields(Field<&ListUsersInGroupRequest::user_pool_id>("UserPoolId", kUserPoolId),
                                           Field<&ListUsersInGroupRequest::group_name>("GroupName", kGroupName),
                                           Field<&ListUsersInGroupRequest::limit>("Limit", kQueryLimit),
                                           Field<&ListUsersInGroupRequest::next_token>("NextToken", kPaginationKey));
};

struct ListUsersInGroupResponse {
    std::vector<UserType> users;
    std::optional<std::string> next_token;

    static constexpr auto kFields = Fields(Field<&ListUsersInGroupResponse::users>("Users"),
                                           Field<&ListUsersInGroupResponse::next_token>("NextToken", kPaginationKey));
};

GroupType ToWire(const Group& group) {
    return {.group_name = group.name,
            .user_pool_id = group.pool_id.Text(),
            .description = group.description,
            .role_arn = group.role_arn,
            .precedence = group.precedence,
            .last_modified_date = group.modified_at,
            .creation_date = group.created_at};
}

template <class Stored>
auto ToWire(const std::vector<Stored>& items) {
    std::vector<decltype(ToWire(items.front()))> out;
    out.reserve(items.size());
    for (const Stored& item : items) out.push_back(ToWire(item));
    return out;
}

int PageSize(const std::optional<int>& limit) { return limit.value_or(0) == 0 ? kPageSize : *limit; }

[[noreturn]] void RejectMissingGroup() { throw ApiError(Error::kResourceNotFound, "Group not found."); }

Group RequireGroup(sql::Connection& db, const PoolId& pool, std::string_view name) {
    auto group = FindGroup(db, pool, name);
    if (!group) RejectMissingGroup();
    return std::move(*group);
}

CreateGroupResponse CreateGroup(Context& ctx, const CreateGroupRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const Group group{.pool_id = pool->value.id,
                      .id = NewGroupId(ctx.random()),
                      .name = in.group_name,
                      .description = in.description,
                      .role_arn = in.role_arn,
                      .precedence = in.precedence,
                      .created_at = ctx.now,
                      .modified_at = ctx.now};
    ctx.store().Transact([&](sql::Connection& db) {
        if (CountGroups(db, group.pool_id) >= kGroupsOfPool && !FindGroup(db, group.pool_id, group.name))
            throw ApiError(Error::kLimitExceeded, "A user pool can have at most 10000 groups.");
        if (!AddGroup(db, group)) throw ApiError(Error::kGroupExists, "A group with the name already exists");
    });
    return {.group = ToWire(group)};
}

GetGroupResponse GetGroup(Context& ctx, const GetGroupRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    return {.group = ToWire(ctx.store().Read(
                [&](sql::Connection& db) { return RequireGroup(db, pool->value.id, in.group_name); }))};
}

// Members that are not given stay as they are (fact sheet user pools C.12).
UpdateGroupResponse UpdateGroup(Context& ctx, const UpdateGroupRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const Group group = ctx.store().Transact([&](sql::Connection& db) {
        Group next = RequireGroup(db, pool->value.id, in.group_name);
        if (in.description) next.description = in.description;
        if (in.role_arn) next.role_arn = in.role_arn;
        if (in.precedence) next.precedence = in.precedence;
        next.modified_at = ctx.now;
        if (!ReplaceGroup(db, next)) RejectMissingGroup();
        return next;
    });
    return {.group = ToWire(group)};
}

// A group that still has members goes with its memberships.
void DeleteGroup(Context& ctx, const DeleteGroupRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const bool deleted = ctx.store().Transact(
        [&](sql::Connection& db) { return cardea::DeleteGroup(db, pool->value.id, in.group_name); });
    if (!deleted) RejectMissingGroup();
    Audit(ctx, "group_delete", Outcome::kAllowed, {{"pool", pool->value.id.Text()}, {"group", in.group_name}});
}

ListGroupsResponse ListGroups(Context& ctx, const ListGroupsRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const std::string kind = "ListGroups " + pool->value.id.Text();
    const auto after = UnwrapToken(ctx, kind, in.next_token);
    const auto page = ctx.store().Read(
        [&](sql::Connection& db) { return cardea::ListGroups(db, pool->value.id, after, PageSize(in.limit)); });
    ListGroupsResponse out{.groups = ToWire(page.items), .next_token = std::nullopt};
    if (page.next) out.next_token = WrapToken(ctx, kind, *page.next);
    return out;
}

void AdminAddUserToGroup(Context& ctx, const AdminAddUserToGroupRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const User user = RequireUser(ctx, pool->value, in.username);
    ctx.store().Transact([&](sql::Connection& db) {
        AddMember(db, RequireGroup(db, pool->value.id, in.group_name), user.id, ctx.now);
        if (CountGroupsOfUser(db, pool->value.id, user.id) > kGroupsOfUser)
            throw ApiError(Error::kInvalidParameter, "A user can be in at most 100 groups.");
    });
    Audit(ctx, "group_member_add", Outcome::kAllowed,
          {{"pool", pool->value.id.Text()}, {"user", user.id.Text()}, {"group", in.group_name}});
}

void AdminRemoveUserFromGroup(Context& ctx, const AdminRemoveUserFromGroupRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const User user = RequireUser(ctx, pool->value, in.username);
    ctx.store().Transact(
        [&](sql::Connection& db) { RemoveMember(db, RequireGroup(db, pool->value.id, in.group_name), user.id); });
    Audit(ctx, "group_member_remove", Outcome::kAllowed,
          {{"pool", pool->value.id.Text()}, {"user", user.id.Text()}, {"group", in.group_name}});
}

AdminListGroupsForUserResponse AdminListGroupsForUser(Context& ctx, const AdminListGroupsForUserRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const User user = RequireUser(ctx, pool->value, in.username);
    const std::string kind = "AdminListGroupsForUser " + pool->value.id.Text() + " " + user.id.Text();
    const auto after = UnwrapToken(ctx, kind, in.next_token);
    const auto page = ctx.store().Read(
        [&](sql::Connection& db) { return ListGroupsOfUser(db, pool->value.id, user.id, after, PageSize(in.limit)); });
    AdminListGroupsForUserResponse out{.groups = ToWire(page.items), .next_token = std::nullopt};
    if (page.next) out.next_token = WrapToken(ctx, kind, *page.next);
    return out;
}

ListUsersInGroupResponse ListUsersInGroup(Context& ctx, const ListUsersInGroupRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const Group group =
        ctx.store().Read([&](sql::Connection& db) { return RequireGroup(db, pool->value.id, in.group_name); });
    const std::string kind = "ListUsersInGroup " + pool->value.id.Text() + " " + group.id.Text();
    const auto after = UnwrapToken(ctx, kind, in.next_token);
    const auto page =
        ctx.store().Read([&](sql::Connection& db) { return ListMembers(db, group, after, PageSize(in.limit)); });
    ListUsersInGroupResponse out{.users = ToWire(page.items), .next_token = std::nullopt};
    if (page.next) out.next_token = WrapToken(ctx, kind, *page.next);
    return out;
}

// What most of them declare.
constexpr ErrorSet kGroupErrors(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests,
                                Error::kNotAuthorized, Error::kOperationNotEnabled, Error::kInternalError);
constexpr ErrorSet kMemberErrors(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests,
                                 Error::kNotAuthorized, Error::kUserNotFound, Error::kOperationNotEnabled,
                                 Error::kInternalError);

constexpr Operation kOperations[] = {
    Op<CreateGroup>(
        "CreateGroup", Access::kIam,
        ErrorSet(Error::kInvalidParameter, Error::kGroupExists, Error::kResourceNotFound, Error::kTooManyRequests,
                 Error::kLimitExceeded, Error::kNotAuthorized, Error::kOperationNotEnabled, Error::kInternalError)),
    Op<GetGroup>("GetGroup", Access::kIam, kGroupErrors),
    Op<UpdateGroup>("UpdateGroup", Access::kIam, kGroupErrors),
    Op<DeleteGroup>("DeleteGroup", Access::kIam, kGroupErrors),
    Op<ListGroups>("ListGroups", Access::kIam, kGroupErrors),
    Op<ListUsersInGroup>("ListUsersInGroup", Access::kIam, kGroupErrors),
    Op<AdminAddUserToGroup>("AdminAddUserToGroup", Access::kIam, kMemberErrors),
    Op<AdminRemoveUserFromGroup>("AdminRemoveUserFromGroup", Access::kIam, kMemberErrors),
    Op<AdminListGroupsForUser>("AdminListGroupsForUser", Access::kIam, kMemberErrors),
};

}  // namespace

std::span<const Operation> GroupOperations() { return kOperations; }

}  // namespace cardea
