#include "api/user_pools/service.h"
#include "api/user_pools/shapes.h"
#include "api/user_pools/token_shapes.h"
#include "flows/access_token.h"
#include "flows/client_proof.h"
#include "flows/find_user.h"
#include "flows/refresh.h"
#include "flows/revoke.h"
#include "flows/sign_in.h"

namespace cardea {

namespace {

struct GetTokensFromRefreshTokenRequest {
    Secret refresh_token;
    std::string client_id;
    std::optional<Secret> client_secret;
    std::optional<std::string> device_key;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields =
        Fields(Field<&GetTokensFromRefreshTokenRequest::refresh_token>("RefreshToken", kTokenModel),
               Field<&GetTokensFromRefreshTokenRequest::client_id>("ClientId", kClientId),
               Field<&GetTokensFromRefreshTokenRequest::client_secret>("ClientSecret", kClientSecret),
               Field<&GetTokensFromRefreshTokenRequest::device_key>("DeviceKey", kDeviceKey),
               Field<&GetTokensFromRefreshTokenRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

struct RevokeTokenRequest {
    Secret token;
    std::string client_id;
    std::optional<Secret> client_secret;
    std::optional<RevokeAssociatedSessions> revoke_associated_sessions;

    static constexpr auto kFields =
        Fields(Field<&RevokeTokenRequest::token>("Token", kTokenModel),
               Field<&RevokeTokenRequest::client_id>("ClientId", kClientId),
               Field<&RevokeTokenRequest::client_secret>("ClientSecret", kClientSecret),
               Field<&RevokeTokenRequest::revoke_associated_sessions>("RevokeAssociatedSessions"));
};

struct GlobalSignOutRequest {
    Secret access_token;

    static constexpr auto kFields = Fields(Field<&GlobalSignOutRequest::access_token>("AccessToken", kTokenModel));
};

struct AdminUserGlobalSignOutRequest {
    std::string user_pool_id;
    std::string username;

    static constexpr auto kFields =
        Fields(Field<&AdminUserGlobalSignOutRequest::user_pool_id>("UserPoolId", kUserPoolId),
               Field<&AdminUserGlobalSignOutRequest::username>("Username", kUsername));
};

struct GetTokensFromRefreshTokenResponse {
    AuthenticationResult authentication_result;

    static constexpr auto kFields =
        Fields(Field<&GetTokensFromRefreshTokenResponse::authentication_result>("AuthenticationResult"));
};

// The client's secret comes in clear here (fact sheet user pools B.12).
void RequireClientSecret(Context& ctx, const Client& client, const std::optional<Secret>& secret) {
    if (ClientSecretMatches(ctx, client, secret)) return;
    if (!secret)
        throw ApiError(Error::kNotAuthorized,
                       "Client " + client.id.Text() + " is configured for secret but secret was not received");
    throw ApiError(Error::kNotAuthorized, "Unable to verify secret for client " + client.id.Text());
}

GetTokensFromRefreshTokenResponse GetTokensFromRefreshToken(Context& ctx, const GetTokensFromRefreshTokenRequest& in) {
    const SignInPlace at = PublicPlace(ctx, in.client_id);
    RequireClientSecret(ctx, at.GetClient(), in.client_secret);
    return {.authentication_result = ToWire(ExchangeRefreshToken(ctx, at, in.refresh_token))};
}

// The operation declares no ResourceNotFoundException: a client that does not exist is one that cannot prove itself.
NoMembers RevokeToken(Context& ctx, const RevokeTokenRequest& in) {
    const ClientHandle client = ctx.services.directory.FindClient(ClientId(in.client_id));
    const PoolHandle pool = client ? ctx.services.directory.FindPool(client->value.pool_id) : nullptr;
    if (!pool || !ClientSecretMatches(ctx, client->value, in.client_secret))
        throw ApiError(Error::kUnauthorized, "Invalid client");
    RevokeRefreshToken(ctx, {.door = Door::kPublic, .pool = pool, .client = client}, in.token);
    return {};
}

// Nor does this one declare UserNotFoundException: the tokens of who is gone are revoked.
NoMembers GlobalSignOut(Context& ctx, const GlobalSignOutRequest& in) {
    const auto holder = FindTokenHolder(ctx, in.access_token);
    if (!holder) throw ApiError(Error::kNotAuthorized, "Access Token has been revoked");
    SignOutEverywhere(ctx, holder->pool->value, holder->user);
    return {};
}

NoMembers AdminUserGlobalSignOut(Context& ctx, const AdminUserGlobalSignOutRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    SignOutEverywhere(ctx, pool->value, RequireUser(ctx, pool->value, in.username));
    return {};
}

constexpr Operation kOperations[] = {
    Op<GetTokensFromRefreshToken>(
        "GetTokensFromRefreshToken", Access::kPublic,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kNotAuthorized, Error::kTooManyRequests,
                 Error::kUserNotFound, Error::kUnexpectedLambda, Error::kUserLambdaValidation,
                 Error::kInvalidLambdaResponse, Error::kForbidden, Error::kRefreshTokenReuse,
                 Error::kOperationNotEnabled, Error::kInternalError)),
    Op<RevokeToken>("RevokeToken", Access::kPublic,
                    ErrorSet(Error::kTooManyRequests, Error::kInternalError, Error::kUnauthorized,
                             Error::kInvalidParameter, Error::kUnsupportedOperation, Error::kUnsupportedTokenType,
                             Error::kForbidden, Error::kOperationNotEnabled)),
    Op<GlobalSignOut>("GlobalSignOut", Access::kAccessToken,
                      ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kNotAuthorized,
                               Error::kTooManyRequests, Error::kPasswordResetRequired, Error::kUserNotConfirmed,
                               Error::kOperationNotEnabled, Error::kInternalError, Error::kForbidden)),
    Op<AdminUserGlobalSignOut>(
        "AdminUserGlobalSignOut", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests, Error::kNotAuthorized,
                 Error::kUserNotFound, Error::kOperationNotEnabled, Error::kInternalError)),
};

}  // namespace

std::span<const Operation> TokenOperations() { return kOperations; }

}  // namespace cardea
