#include "api/require.h"
#include "api/user_pools/service.h"
#include "flows/audit.h"
#include "flows/directory.h"
#include "model/pool_rules.h"

namespace cardea {

namespace {

struct TagResourceRequest {
    std::string resource_arn;
    std::map<std::string, std::string> tags;

    static constexpr auto kFields = Fields(Field<&TagResourceRequest::resource_arn>("ResourceArn", kArn),
                                           Field<&TagResourceRequest::tags>("Tags", kUserPoolTags));
};

struct UntagResourceRequest {
    std::string resource_arn;
    std::vector<std::string> tag_keys;

    static constexpr auto kFields = Fields(Field<&UntagResourceRequest::resource_arn>("ResourceArn", kArn),
                                           Field<&UntagResourceRequest::tag_keys>("TagKeys", kUserPoolTagsList));
};

struct ListTagsForResourceRequest {
    std::string resource_arn;

    static constexpr auto kFields = Fields(Field<&ListTagsForResourceRequest::resource_arn>("ResourceArn", kArn));
};

struct ListTagsForResourceResponse {
    std::map<std::string, std::string> tags;

    static constexpr auto kFields = Fields(Field<&ListTagsForResourceResponse::tags>("Tags", kUserPoolTags));
};

using Tags = std::map<std::string, std::string>;

// The pool that an ARN names: arn:aws:cognito-idp:{region}:{account}:userpool/{id}.
PoolHandle RequirePoolByArn(Context& ctx, const std::string& arn) {
    constexpr std::string_view kResource = ":userpool/";
    const std::size_t at = arn.find(kResource);
    if (at == std::string::npos || arn.find(":cognito-idp:") == std::string::npos)
        throw ApiError(Error::kInvalidParameter, "Invalid ResourceArn: it does not name a user pool.");
    const std::string id = arn.substr(at + kResource.size());
    PoolHandle pool = RequirePool(ctx, id);
    if (pool->value.arn != arn) throw ApiError(Error::kResourceNotFound, "User pool " + id + " does not exist.");
    return pool;
}

NoMembers TagResource(Context& ctx, const TagResourceRequest& in) {
    const PoolId id = RequirePoolByArn(ctx, in.resource_arn)->value.id;
    const auto change = [&](Pool& pool) {
        Tags tags = pool.user_pool_tags.value_or(Tags{});
        for (const auto& [key, value] : in.tags) tags[key] = value;
        Require(CheckTags(tags, Error::kInvalidParameter));
        pool.user_pool_tags = std::move(tags);
    };
    ChangePool(ctx, id.Text(), change, Error::kTooManyRequests);
    Audit(ctx, "pool_tag", Outcome::kAllowed, {{"pool", id.Text()}});
    return {};
}

NoMembers UntagResource(Context& ctx, const UntagResourceRequest& in) {
    const PoolId id = RequirePoolByArn(ctx, in.resource_arn)->value.id;
    const auto change = [&](Pool& pool) {
        Tags tags = pool.user_pool_tags.value_or(Tags{});
        for (const std::string& key : in.tag_keys) tags.erase(key);
        pool.user_pool_tags = std::move(tags);
    };
    ChangePool(ctx, id.Text(), change, Error::kTooManyRequests);
    Audit(ctx, "pool_untag", Outcome::kAllowed, {{"pool", id.Text()}});
    return {};
}

ListTagsForResourceResponse ListTagsForResource(Context& ctx, const ListTagsForResourceRequest& in) {
    return {RequirePoolByArn(ctx, in.resource_arn)->value.user_pool_tags.value_or(Tags{})};
}

constexpr ErrorSet kRaises(Error::kResourceNotFound, Error::kNotAuthorized, Error::kTooManyRequests,
                           Error::kInvalidParameter, Error::kOperationNotEnabled, Error::kInternalError);

constexpr Operation kOperations[] = {
    Op<TagResource>("TagResource", Access::kIam, kRaises),
    Op<UntagResource>("UntagResource", Access::kIam, kRaises),
    Op<ListTagsForResource>("ListTagsForResource", Access::kIam, kRaises),
};

}  // namespace

std::span<const Operation> TagOperations() { return kOperations; }

}  // namespace cardea
