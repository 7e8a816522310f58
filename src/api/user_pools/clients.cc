#include "store/clients.h"

#include "api/pagination.h"
#include "api/require.h"
#include "api/user_pools/service.h"
#include "api/user_pools/shapes.h"
#include "flows/audit.h"
#include "flows/client_proof.h"
#include "flows/directory.h"
#include "flows/identifier.h"
#include "model/client_rules.h"

namespace cardea {

namespace {

constexpr std::int64_t kClientsOfPool = 1'000;  // fact sheet user pools B.14
constexpr int kPageSize = 60;                   // fact sheet user pools A.7

struct UserPoolClientType : ClientSettings {
    using Inherits = ClientSettings;
    std::string user_pool_id;
    std::string client_name;
    std::string client_id;
    std::optional<Secret> client_secret;
    Instant last_modified_date;
    Instant creation_date;
    std::optional<ClientType> client_type;

    static constexpr auto kFields = FieldsAfter<UserPoolClientType, ClientSettings>(
        Field<&UserPoolClientType::user_pool_id>("UserPoolId", kUserPoolId),
        Field<&UserPoolClientType::client_name>("ClientName", kClientName),
        Field<&UserPoolClientType::client_id>("ClientId", kClientId),
        Field<&UserPoolClientType::client_secret>("ClientSecret", kClientSecret),
        Field<&UserPoolClientType::last_modified_date>("LastModifiedDate"),
        Field<&UserPoolClientType::creation_date>("CreationDate"),
        Field<&UserPoolClientType::client_type>("ClientType"));
};

struct UserPoolClientDescription {
    std::string client_id;
    std::string user_pool_id;
    std::string client_name;

    static constexpr auto kFields = Fields(Field<&UserPoolClientDescription::client_id>("ClientId", kClientId),
                                           Field<&UserPoolClientDescription::user_pool_id>("UserPoolId", kUserPoolId),
                                           Field<&UserPoolClientDescription::client_name>("ClientName", kClientName));
};

struct CreateUserPoolClientRequest : ClientSettings {
    using Inherits = ClientSettings;
    std::string user_pool_id;
    std::string client_name;
    std::optional<bool> generate_secret;
    std::optional<Secret> client_secret;

    static constexpr auto kFields = FieldsAfter<CreateUserPoolClientRequest, ClientSettings>(
        Field<&CreateUserPoolClientRequest::user_pool_id>("UserPoolId", kUserPoolId),
        Field<&CreateUserPoolClientRequest::client_name>("ClientName", kClientName),
        Field<&CreateUserPoolClientRequest::generate_secret>("GenerateSecret"),
        Field<&CreateUserPoolClientRequest::client_secret>("ClientSecret", kClientSecret));
};

// What creating, describing and updating a client answer.
struct ClientResponse {
    UserPoolClientType user_pool_client;

    static constexpr auto kFields = Fields(Field<&ClientResponse::user_pool_client>("UserPoolClient"));
};

struct DescribeUserPoolClientRequest {
    std::string user_pool_id;
    std::string client_id;

    static constexpr auto kFields =
        Fields(Field<&DescribeUserPoolClientRequest::user_pool_id>("UserPoolId", kUserPoolId),
               Field<&DescribeUserPoolClientRequest::client_id>("ClientId", kClientId));
};

struct UpdateUserPoolClientRequest : ClientSettings {
    using Inherits = ClientSettings;
    std::string user_pool_id;
    std::string client_id;
    std::optional<std::string> client_name;

    static constexpr auto kFields = FieldsAfter<UpdateUserPoolClientRequest, ClientSettings>(
        Field<&UpdateUserPoolClientRequest::user_pool_id>("UserPoolId", kUserPoolId),
        Field<&UpdateUserPoolClientRequest::client_id>("ClientId", kClientId),
        Field<&UpdateUserPoolClientRequest::client_name>("ClientName", kClientName));
};

struct DeleteUserPoolClientRequest {
    std::string user_pool_id;
    std::string client_id;

    static constexpr auto kFields = Fields(Field<&DeleteUserPoolClientRequest::user_pool_id>("UserPoolId", kUserPoolId),
                                           Field<&DeleteUserPoolClientRequest::client_id>("ClientId", kClientId));
};

struct ListUserPoolClientsRequest {
    std::string user_pool_id;
    std::optional<int> max_results;
    std::optional<std::string> next_token;
    std::optional<ClientType> client_type;

    static constexpr auto kFields =
        Fields(Field<&ListUserPoolClientsRequest::user_pool_id>("UserPoolId", kUserPoolId),
               Field<&ListUserPoolClientsRequest::max_results>("MaxResults", kPoolQueryLimit),
               Field<&ListUserPoolClientsRequest::next_token>("NextToken", kPaginationKey),
               Field<&ListUserPoolClientsRequest::client_type>("ClientType"));
};

struct ListUserPoolClientsResponse {
    std::vector<UserPoolClientDescription> user_pool_clients;
    std::optional<std::string> next_token;

    static constexpr auto kFields =
        Fields(Field<&ListUserPoolClientsResponse::user_pool_clients>("UserPoolClients"),
               Field<&ListUserPoolClientsResponse::next_token>("NextToken", kPaginationKey));
};

UserPoolClientType ToWire(Context& ctx, const Client& client) {
    UserPoolClientType out;
    static_cast<ClientSettings&>(out) = client;
    out.user_pool_id = client.pool_id.Text();
    out.client_name = client.name;
    out.client_id = client.id.Text();
    if (client.sealed_secret) out.client_secret = OpenClientSecret(ctx, client);
    out.last_modified_date = client.modified_at;
    out.creation_date = client.created_at;
    out.client_type = ClientType::kRegular;
    return out;
}

// The client's secret: the caller's own, a new one, or none.
std::optional<Secret> SecretFor(Context& ctx, const CreateUserPoolClientRequest& in) {
    if (in.client_secret && in.generate_secret.value_or(false))
        throw ApiError(Error::kInvalidParameter, "Only one of GenerateSecret and ClientSecret can be set.");
    if (in.client_secret) return in.client_secret;
    if (in.generate_secret.value_or(false)) return NewClientSecret(ctx.random());
    return std::nullopt;
}

ClientResponse CreateUserPoolClient(Context& ctx, const CreateUserPoolClientRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const auto secret = SecretFor(ctx, in);
    Client client;
    static_cast<ClientSettings&>(client) = in;
    CompleteClientSettings(client);
    Require(CheckClientSettings(client, pool->value, secret.has_value()));
    client.pool_id = pool->value.id;
    client.id = NewClientId(ctx.random());
    client.name = in.client_name;
    client.created_at = client.modified_at = ctx.now;
    if (secret) client.sealed_secret = SealClientSecret(ctx, client.pool_id, client.id, *secret);
    ctx.store().Transact([&](sql::Connection& db) {
        // A client must not outlive its pool, whose deletion may have come first.
        if (!FindPool(db, client.pool_id))
            throw ApiError(Error::kResourceNotFound, "User pool " + in.user_pool_id + " does not exist.");
        if (CountClients(db, client.pool_id) >= kClientsOfPool)
            throw ApiError(Error::kLimitExceeded, "The user pool has as many app clients as it may have.");
        AddClient(db, client);
    });
    ctx.services.directory.Forget(client.id);
    Audit(ctx, "client_create", Outcome::kAllowed, {{"pool", client.pool_id.Text()}, {"client", client.id.Text()}});
    return {ToWire(ctx, client)};
}

ClientResponse DescribeUserPoolClient(Context& ctx, const DescribeUserPoolClientRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    return {ToWire(ctx, RequireClient(ctx, pool->value, in.client_id)->value)};
}

// A full replace: what the request leaves out goes back to its default, apart from the name.
ClientResponse UpdateUserPoolClient(Context& ctx, const UpdateUserPoolClientRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    Client updated;
    ChangeClient(ctx, in.user_pool_id, in.client_id, [&](Client& client) {
        ClientSettings next = in;
        CompleteClientSettings(next);
        Require(CheckClientSettings(next, pool->value, client.sealed_secret.has_value()));
        static_cast<ClientSettings&>(client) = std::move(next);
        if (in.client_name) client.name = *in.client_name;
        updated = client;
    });
    updated.modified_at = ctx.now;
    Audit(ctx, "client_update", Outcome::kAllowed, {{"pool", in.user_pool_id}, {"client", in.client_id}});
    return {ToWire(ctx, updated)};
}

void DeleteUserPoolClient(Context& ctx, const DeleteUserPoolClientRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const ClientId id = RequireClient(ctx, pool->value, in.client_id)->value.id;
    const bool deleted =
        ctx.store().Transact([&](sql::Connection& db) { return DeleteClient(db, pool->value.id, id); });
    ctx.services.directory.Forget(id);
    if (!deleted) throw ApiError(Error::kResourceNotFound, "User pool client " + id.Text() + " does not exist.");
    Audit(ctx, "client_delete", Outcome::kAllowed, {{"pool", in.user_pool_id}, {"client", id.Text()}});
}

ListUserPoolClientsResponse ListUserPoolClients(Context& ctx, const ListUserPoolClientsRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const std::string kind = "ListUserPoolClients " + in.user_pool_id;
    const auto after = UnwrapToken(ctx, kind, in.next_token);
    ListUserPoolClientsResponse out;
    // No client of this build registered itself.
    if (in.client_type == ClientType::kDcr) return out;
    const auto page = ctx.store().Read([&](sql::Connection& db) {
        return ListClients(db, pool->value.id, after, in.max_results.value_or(kPageSize));
    });
    for (const Client& client : page.items)
        out.user_pool_clients.push_back({client.id.Text(), client.pool_id.Text(), client.name});
    if (page.next) out.next_token = WrapToken(ctx, kind, *page.next);
    return out;
}

constexpr Operation kOperations[] = {
    Op<CreateUserPoolClient>(
        "CreateUserPoolClient", Access::kIam,
        ErrorSet(Error::kInvalidParameter, Error::kResourceNotFound, Error::kTooManyRequests, Error::kLimitExceeded,
                 Error::kNotAuthorized, Error::kScopeDoesNotExist, Error::kInvalidOAuthFlow,
                 Error::kOperationNotEnabled, Error::kInternalError, Error::kFeatureUnavailableInTier)),
    Op<DescribeUserPoolClient>("DescribeUserPoolClient", Access::kIam,
                               ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests,
                                        Error::kOperationNotEnabled, Error::kNotAuthorized, Error::kInternalError)),
    Op<UpdateUserPoolClient>(
        "UpdateUserPoolClient", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kConcurrentModification,
                 Error::kTooManyRequests, Error::kNotAuthorized, Error::kScopeDoesNotExist, Error::kInvalidOAuthFlow,
                 Error::kOperationNotEnabled, Error::kInternalError, Error::kFeatureUnavailableInTier)),
    Op<DeleteUserPoolClient>(
        "DeleteUserPoolClient", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests, Error::kNotAuthorized,
                 Error::kConcurrentModification, Error::kOperationNotEnabled, Error::kInternalError)),
    Op<ListUserPoolClients>("ListUserPoolClients", Access::kIam,
                            ErrorSet(Error::kInvalidParameter, Error::kResourceNotFound, Error::kTooManyRequests,
                                     Error::kNotAuthorized, Error::kOperationNotEnabled, Error::kInternalError)),
};

}  // namespace

std::span<const Operation> ClientOperations() { return kOperations; }

}  // namespace cardea
