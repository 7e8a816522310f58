#include <algorithm>

#include "api/pagination.h"
#include "api/user_pools/service.h"
#include "api/user_pools/shapes.h"
#include "api/user_pools/user_filter.h"
#include "api/user_pools/user_shapes.h"
#include "flows/directory.h"
#include "model/schema.h"
#include "store/users.h"

namespace cardea {

namespace {

// Fact sheet user pools A.7.
constexpr int kPageSize = 60;
constexpr Duration kTokenLifetime = std::chrono::hours(1);

struct ListUsersRequest {
    std::string user_pool_id;
    std::optional<std::vector<std::string>> attributes_to_get;
    std::optional<int> limit;
    std::optional<std::string> pagination_token;
    std::optional<std::string> filter;

    static constexpr auto kFields =
        Fields(Field<&ListUsersRequest::user_pool_id>("UserPoolId", kUserPoolId),
               Field<&ListUsersRequest::attributes_to_get>("AttributesToGet", kSearchedAttributeNamesList),
               Field<&ListUsersRequest::limit>("Limit", kQueryLimit),
               Field<&ListUsersRequest::pagination_token>("PaginationToken", kSearchPaginationToken),
               Field<&ListUsersRequest::filter>("Filter", kUserFilter));
};

struct ListUsersResponse {
    std::vector<UserType> users;
    std::optional<std::string> pagination_token;

    static constexpr auto kFields =
        Fields(Field<&ListUsersResponse::users>("Users"),
               Field<&ListUsersResponse::pagination_token>("PaginationToken", kSearchPaginationToken));
};

void RequireKnownAttributes(const Pool& pool, const std::vector<std::string>& names) {
    for (const std::string& name : names)
        if (name != "sub" && !FindSchema(pool, name))
            throw ApiError(Error::kInvalidParameter, "One or more requested attributes do not exist.");
}

// Only the attributes that were asked for; a user that lacks one comes without it.
std::vector<Attribute> Only(const std::vector<std::string>& names, std::vector<Attribute> attributes) {
    std::erase_if(attributes, [&](const Attribute& attribute) {
        return std::find(names.begin(), names.end(), attribute.name) == names.end();
    });
    return attributes;
}

ListUsersResponse ListUsers(Context& ctx, const ListUsersRequest& in) {
    const PoolHandle handle = RequirePool(ctx, in.user_pool_id);
    const Pool& pool = handle->value;
    if (in.attributes_to_get) RequireKnownAttributes(pool, *in.attributes_to_get);
    const std::string text = in.filter.value_or("");
    const auto filter = ParseUserFilter(text);
    const std::string kind = "ListUsers " + pool.id.Text() + " " + text;
    const auto after = UnwrapToken(ctx, kind, in.pagination_token, kTokenLifetime);
    ListUsersResponse out;
    if (!filter) return out;
    const int limit = in.limit.value_or(0) == 0 ? kPageSize : *in.limit;
    const auto page =
        ctx.store().Read([&](sql::Connection& db) { return cardea::ListUsers(db, pool.id, *filter, after, limit); });
    for (const User& user : page.items) {
        UserType& wire = out.users.emplace_back(ToWire(user));
        if (in.attributes_to_get) wire.attributes = Only(*in.attributes_to_get, std::move(*wire.attributes));
    }
    if (page.next) out.pagination_token = WrapToken(ctx, kind, *page.next);
    return out;
}

constexpr Operation kOperations[] = {
    Op<ListUsers>("ListUsers", Access::kIam,
                  ErrorSet(Error::kInvalidParameter, Error::kResourceNotFound, Error::kTooManyRequests,
                           Error::kNotAuthorized, Error::kOperationNotEnabled, Error::kInternalError)),
};

}  // namespace

std::span<const Operation> UserListOperations() { return kOperations; }

}  // namespace cardea
