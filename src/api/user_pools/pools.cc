#include "store/pools.h"

#include "api/pagination.h"
#include "api/require.h"
#include "api/user_pools/service.h"
#include "api/user_pools/shapes.h"
#include "codec/pattern.h"
#include "flows/audit.h"
#include "flows/directory.h"
#include "flows/identifier.h"
#include "flows/keyring.h"
#include "model/pool_rules.h"
#include "model/schema.h"
#include "store/keys.h"

namespace cardea {

namespace {

constexpr std::int64_t kPoolsOfAccount = 1'000;  // fact sheet user pools B.14
// ListUserPools has a token of its own kind, without a greatest length.
constexpr Limits kPoolPaginationKey{.min = 1, .pattern = R"([\S]+)"};
constexpr std::string_view kCustomIdTag = "_custom_id_";

struct UserPoolType : PoolSettings {
    using Inherits = PoolSettings;
    std::string id;
    std::string name;
    Instant last_modified_date;
    Instant creation_date;
    std::vector<SchemaAttribute> schema_attributes;
    std::optional<std::vector<AliasAttribute>> alias_attributes;
    std::optional<std::vector<UsernameAttribute>> username_attributes;
    int estimated_number_of_users = 0;
    std::optional<std::string> sms_configuration_failure;
    std::optional<std::string> email_configuration_failure;
    std::optional<std::string> domain;
    std::optional<std::string> custom_domain;
    std::optional<UsernameConfiguration> username_configuration;
    std::string arn;

    static constexpr auto kFields = FieldsAfter<UserPoolType, PoolSettings>(
        Field<&UserPoolType::id>("Id", kUserPoolId), Field<&UserPoolType::name>("Name", kUserPoolName),
        Field<&UserPoolType::last_modified_date>("LastModifiedDate"),
        Field<&UserPoolType::creation_date>("CreationDate"),
        Field<&UserPoolType::schema_attributes>("SchemaAttributes", kSchemaAttributesList),
        Field<&UserPoolType::alias_attributes>("AliasAttributes"),
        Field<&UserPoolType::username_attributes>("UsernameAttributes"),
        Field<&UserPoolType::estimated_number_of_users>("EstimatedNumberOfUsers"),
        Field<&UserPoolType::sms_configuration_failure>("SmsConfigurationFailure", kString),
        Field<&UserPoolType::email_configuration_failure>("EmailConfigurationFailure", kString),
        Field<&UserPoolType::domain>("Domain", kDomain), Field<&UserPoolType::custom_domain>("CustomDomain", kDomain),
        Field<&UserPoolType::username_configuration>("UsernameConfiguration"), Field<&UserPoolType::arn>("Arn", kArn));
};

struct UserPoolDescription {
    std::string id;
    std::string name;
    std::optional<LambdaConfig> lambda_config;
    Instant last_modified_date;
    Instant creation_date;
    std::optional<std::vector<std::string>> replica_regions;

    static constexpr auto kFields = Fields(
        Field<&UserPoolDescription::id>("Id", kUserPoolId), Field<&UserPoolDescription::name>("Name", kUserPoolName),
        Field<&UserPoolDescription::lambda_config>("LambdaConfig"),
        Field<&UserPoolDescription::last_modified_date>("LastModifiedDate"),
        Field<&UserPoolDescription::creation_date>("CreationDate"),
        Field<&UserPoolDescription::replica_regions>("ReplicaRegions", kReplicaRegions));
};

struct CreateUserPoolRequest : PoolSettings {
    using Inherits = PoolSettings;
    std::string pool_name;
    std::optional<std::vector<AliasAttribute>> alias_attributes;
    std::optional<std::vector<UsernameAttribute>> username_attributes;
    std::optional<std::vector<SchemaAttribute>> schema;
    std::optional<UsernameConfiguration> username_configuration;

    static constexpr auto kFields = FieldsAfter<CreateUserPoolRequest, PoolSettings>(
        Field<&CreateUserPoolRequest::pool_name>("PoolName", kUserPoolName),
        Field<&CreateUserPoolRequest::alias_attributes>("AliasAttributes"),
        Field<&CreateUserPoolRequest::username_attributes>("UsernameAttributes"),
        Field<&CreateUserPoolRequest::schema>("Schema", kSchemaAttributesList),
        Field<&CreateUserPoolRequest::username_configuration>("UsernameConfiguration"));
};

struct CreateUserPoolResponse {
    UserPoolType user_pool;

    static constexpr auto kFields = Fields(Field<&CreateUserPoolResponse::user_pool>("UserPool"));
};

struct DescribeUserPoolRequest {
    std::string user_pool_id;

    static constexpr auto kFields = Fields(Field<&DescribeUserPoolRequest::user_pool_id>("UserPoolId", kUserPoolId));
};

struct DescribeUserPoolResponse {
    UserPoolType user_pool;

    static constexpr auto kFields = Fields(Field<&DescribeUserPoolResponse::user_pool>("UserPool"));
};

struct UpdateUserPoolRequest : PoolSettings {
    using Inherits = PoolSettings;
    std::string user_pool_id;
    std::optional<std::string> pool_name;

    static constexpr auto kFields = FieldsAfter<UpdateUserPoolRequest, PoolSettings>(
        Field<&UpdateUserPoolRequest::user_pool_id>("UserPoolId", kUserPoolId),
        Field<&UpdateUserPoolRequest::pool_name>("PoolName", kUserPoolName));
};

struct DeleteUserPoolRequest {
    std::string user_pool_id;

    static constexpr auto kFields = Fields(Field<&DeleteUserPoolRequest::user_pool_id>("UserPoolId", kUserPoolId));
};

struct ListUserPoolsRequest {
    std::optional<std::string> next_token;
    int max_results = 0;

    static constexpr auto kFields = Fields(Field<&ListUserPoolsRequest::next_token>("NextToken", kPoolPaginationKey),
                                           Field<&ListUserPoolsRequest::max_results>("MaxResults", kPoolQueryLimit));
};

struct ListUserPoolsResponse {
    std::vector<UserPoolDescription> user_pools;
    std::optional<std::string> next_token;

    static constexpr auto kFields = Fields(Field<&ListUserPoolsResponse::user_pools>("UserPools"),
                                           Field<&ListUserPoolsResponse::next_token>("NextToken", kPoolPaginationKey));
};

struct AddCustomAttributesRequest {
    std::string user_pool_id;
    std::vector<SchemaAttribute> custom_attributes;

    static constexpr auto kFields =
        Fields(Field<&AddCustomAttributesRequest::user_pool_id>("UserPoolId", kUserPoolId),
               Field<&AddCustomAttributesRequest::custom_attributes>("CustomAttributes", kCustomAttributesList));
};

UserPoolType ToWire(const Pool& pool, std::int64_t users) {
    UserPoolType out;
    static_cast<PoolSettings&>(out) = pool;
    out.id = pool.id.Text();
    out.name = pool.name;
    out.last_modified_date = pool.modified_at;
    out.creation_date = pool.created_at;
    out.schema_attributes = pool.schema;
    out.alias_attributes = pool.alias_attributes;
    out.username_attributes = pool.username_attributes;
    out.estimated_number_of_users =
        static_cast<int>(std::min<std::int64_t>(users, std::numeric_limits<std::int32_t>::max()));
    out.username_configuration = pool.username_configuration;
    out.arn = pool.arn;
    return out;
}

// The id that the caller may choose: in development only, by a tag.
std::optional<PoolId> ChosenId(const Context& ctx, const PoolSettings& settings) {
    if (!ctx.account().development || !settings.user_pool_tags) return std::nullopt;
    const auto tag = settings.user_pool_tags->find(std::string(kCustomIdTag));
    if (tag == settings.user_pool_tags->end()) return std::nullopt;
    const std::string& id = tag->second;
    if (!id.starts_with(ctx.region + "_") || id.size() > static_cast<std::size_t>(kUserPoolId.max) ||
        !MatchesPattern(kUserPoolId.pattern, id))
        throw ApiError(Error::kInvalidParameter,
                       "The tag _custom_id_ must hold an id like " + ctx.region + "_mypool1.");
    return PoolId(id);
}

// What tokens of the pool say who issued them; fixed for its life (fact sheet user pools E.1).
std::string IssuerOf(const Context& ctx, const PoolId& id, const PoolSettings& settings) {
    if (ctx.account().issuer_form == IssuerForm::kPublicUrl) return ctx.account().public_url + "/" + id.Text();
    const bool updated = settings.issuer_configuration && settings.issuer_configuration->type == Issuer::kUpdated;
    const std::string_view suffix = ctx.region.starts_with("cn-") ? ".amazonaws.com.cn/" : ".amazonaws.com/";
    return (updated ? "https://issuer-cognito-idp." : "https://cognito-idp.") + ctx.region + std::string(suffix) +
           id.Text();
}

Pool MakePool(Context& ctx, const CreateUserPoolRequest& in) {
    if (in.user_pool_tags) Require(CheckTags(*in.user_pool_tags, Error::kUserPoolTagging));
    Require(CheckPoolSettings(in, false));
    Pool pool;
    static_cast<PoolSettings&>(pool) = in;
    CompletePoolSettings(pool);
    pool.schema = StandardSchema();
    if (in.schema) Require(ApplySchema(pool.schema, *in.schema));
    if (in.alias_attributes && !in.alias_attributes->empty()) pool.alias_attributes = in.alias_attributes;
    if (in.username_attributes && !in.username_attributes->empty()) pool.username_attributes = in.username_attributes;
    pool.username_configuration = in.username_configuration;
    Require(CheckSignInNames(pool));

    const auto chosen = ChosenId(ctx, in);
    pool.id = chosen ? *chosen : NewPoolId(ctx.random(), ctx.region);
    pool.name = in.pool_name;
    pool.arn = "arn:aws:cognito-idp:" + ctx.region + ":" + ctx.account().id + ":userpool/" + pool.id.Text();
    pool.issuer = IssuerOf(ctx, pool.id, pool);
    // As its document will say, so that a listing's cursor names the same time.
    pool.created_at = pool.modified_at = std::chrono::floor<std::chrono::milliseconds>(ctx.now);
    return pool;
}

CreateUserPoolResponse CreateUserPool(Context& ctx, const CreateUserPoolRequest& in) {
    const Pool pool = MakePool(ctx, in);
    const auto keys = ctx.services.keyring.MakePoolKeys(pool.id, ctx.now);
    ctx.store().Transact([&](sql::Connection& db) {
        if (CountPools(db) >= kPoolsOfAccount)
            throw ApiError(Error::kLimitExceeded, "The account has as many user pools as it may have.");
        if (FindPool(db, pool.id))
            throw ApiError(Error::kInvalidParameter, "User pool " + pool.id.Text() + " already exists.");
        AddPool(db, pool);
        AddDataKey(db, keys.data_key);
        for (const StoredSigningKey& key : keys.signing) AddSigningKey(db, pool.id, key);
    });
    ctx.services.directory.Forget(pool.id);
    ctx.services.keyring.Forget(pool.id);
    Audit(ctx, "pool_create", Outcome::kAllowed, {{"pool", pool.id.Text()}});
    return {ToWire(pool, 0)};
}

DescribeUserPoolResponse DescribeUserPool(Context& ctx, const DescribeUserPoolRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const auto users = ctx.store().Read([&](sql::Connection& db) { return CountUsers(db, pool->value.id); });
    return {ToWire(pool->value, users)};
}

// A full replace: what the request leaves out goes back to its default, apart from name, tier, tags and issuer
// (fact sheet user pools B.1).
NoMembers UpdateUserPool(Context& ctx, const UpdateUserPoolRequest& in) {
    if (in.user_pool_tags) Require(CheckTags(*in.user_pool_tags, Error::kUserPoolTagging));
    ChangePool(ctx, in.user_pool_id, [&](Pool& pool) {
        PoolSettings next = in;
        if (!next.user_pool_tier) next.user_pool_tier = pool.user_pool_tier;
        if (!next.user_pool_tags) next.user_pool_tags = pool.user_pool_tags;
        const auto issuer = [](const PoolSettings& settings) {
            return settings.issuer_configuration ? settings.issuer_configuration->type.value_or(Issuer::kOriginal)
                                                 : Issuer::kOriginal;
        };
        if (next.issuer_configuration && issuer(next) != issuer(pool))
            Require(NotInThisBuild("To change the IssuerConfiguration of a user pool"));
        if (!next.issuer_configuration) next.issuer_configuration = pool.issuer_configuration;
        const bool other_factor =
            pool.email_mfa || (pool.software_token_mfa && pool.software_token_mfa->enabled == true);
        Require(CheckPoolSettings(next, other_factor));
        Require(CheckTierChange(pool, *next.user_pool_tier));
        CompletePoolSettings(next);
        static_cast<PoolSettings&>(pool) = std::move(next);
        if (in.pool_name) pool.name = *in.pool_name;
    });
    Audit(ctx, "pool_update", Outcome::kAllowed, {{"pool", in.user_pool_id}});
    return {};
}

void DeleteUserPool(Context& ctx, const DeleteUserPoolRequest& in) {
    const PoolId id = RequirePool(ctx, in.user_pool_id)->value.id;
    const bool deleted = ctx.store().Transact([&](sql::Connection& db) {
        const auto pool = FindPool(db, id);
        if (pool && pool->value.deletion_protection == DeletionProtection::kActive)
            throw ApiError(Error::kInvalidParameter,
                           "The user pool cannot be deleted because deletion protection is activated. Deletion "
                           "protection must be inactivated first.");
        return DeletePool(db, id);
    });
    ctx.services.directory.Forget(id);
    ctx.services.keyring.Forget(id);
    if (!deleted) throw ApiError(Error::kResourceNotFound, "User pool " + id.Text() + " does not exist.");
    Audit(ctx, "pool_delete", Outcome::kAllowed, {{"pool", id.Text()}});
}

ListUserPoolsResponse ListUserPools(Context& ctx, const ListUserPoolsRequest& in) {
    const auto after = UnwrapToken(ctx, "ListUserPools " + ctx.region, in.next_token);
    const auto page =
        ctx.store().Read([&](sql::Connection& db) { return ListPools(db, ctx.region, after, in.max_results); });
    ListUserPoolsResponse out;
    for (const Pool& pool : page.items)
        out.user_pools.push_back({.id = pool.id.Text(),
                                  .name = pool.name,
                                  .lambda_config = pool.lambda_config,
                                  .last_modified_date = pool.modified_at,
                                  .creation_date = pool.created_at});
    if (page.next) out.next_token = WrapToken(ctx, "ListUserPools " + ctx.region, *page.next);
    return out;
}

NoMembers AddCustomAttributes(Context& ctx, const AddCustomAttributesRequest& in) {
    const auto extend = [&](Pool& pool) { Require(ExtendSchema(pool.schema, in.custom_attributes)); };
    ChangePool(ctx, in.user_pool_id, extend, Error::kTooManyRequests);
    Audit(ctx, "pool_schema_extend", Outcome::kAllowed, {{"pool", in.user_pool_id}});
    return {};
}

constexpr Operation kOperations[] = {
    Op<CreateUserPool>("CreateUserPool", Access::kIam,
                       ErrorSet(Error::kInvalidParameter, Error::kTooManyRequests, Error::kLimitExceeded,
                                Error::kInvalidSmsRoleAccessPolicy, Error::kInvalidSmsRoleTrustRelationship,
                                Error::kInvalidEmailRoleAccessPolicy, Error::kNotAuthorized, Error::kUserPoolTagging,
                                Error::kInternalError, Error::kTierChangeNotAllowed, Error::kFeatureUnavailableInTier)),
    Op<DescribeUserPool>(
        "DescribeUserPool", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests, Error::kNotAuthorized,
                 Error::kUserPoolTagging, Error::kOperationNotEnabled, Error::kInternalError)),
    Op<UpdateUserPool>(
        "UpdateUserPool", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kConcurrentModification,
                 Error::kTooManyRequests, Error::kNotAuthorized, Error::kUserImportInProgress, Error::kInternalError,
                 Error::kInvalidSmsRoleAccessPolicy, Error::kInvalidSmsRoleTrustRelationship, Error::kUserPoolTagging,
                 Error::kInvalidEmailRoleAccessPolicy, Error::kOperationNotEnabled, Error::kTierChangeNotAllowed,
                 Error::kFeatureUnavailableInTier)),
    Op<DeleteUserPool>(
        "DeleteUserPool", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests, Error::kNotAuthorized,
                 Error::kUserImportInProgress, Error::kOperationNotEnabled, Error::kInternalError)),
    Op<ListUserPools>(
        "ListUserPools", Access::kIam,
        ErrorSet(Error::kInvalidParameter, Error::kTooManyRequests, Error::kNotAuthorized, Error::kInternalError)),
    Op<AddCustomAttributes>(
        "AddCustomAttributes", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests, Error::kNotAuthorized,
                 Error::kOperationNotEnabled, Error::kUserImportInProgress, Error::kInternalError)),
};

}  // namespace

std::span<const Operation> PoolOperations() { return kOperations; }

}  // namespace cardea
