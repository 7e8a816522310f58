#include "store/users.h"

#include "api/user_pools/service.h"
#include "api/user_pools/shapes.h"
#include "api/user_pools/user_shapes.h"
#include "flows/access_token.h"
#include "flows/audit.h"
#include "model/schema.h"

namespace cardea {

namespace {

struct GetUserRequest {
    Secret access_token;

    static constexpr auto kFields = Fields(Field<&GetUserRequest::access_token>("AccessToken", kTokenModel));
};

struct GetUserResponse {
    std::string username;
    std::vector<Attribute> user_attributes;
    std::optional<std::vector<MfaOption>> mfa_options;
    std::optional<std::string> preferred_mfa_setting;
    std::optional<std::vector<std::string>> user_mfa_setting_list;

    static constexpr auto kFields = Fields(
        Field<&GetUserResponse::username>("Username", kUsername),
        Field<&GetUserResponse::user_attributes>("UserAttributes"), Field<&GetUserResponse::mfa_options>("MFAOptions"),
        Field<&GetUserResponse::preferred_mfa_setting>("PreferredMfaSetting", kString),
        Field<&GetUserResponse::user_mfa_setting_list>("UserMFASettingList", kUserMfaSettingList));
};

struct DeleteUserRequest {
    Secret access_token;

    static constexpr auto kFields = Fields(Field<&DeleteUserRequest::access_token>("AccessToken", kTokenModel));
};

Attributes ReadableBy(const Client& client, const Pool& pool, const Attributes& attributes) {
    Attributes out;
    for (const auto& [name, value] : attributes)
        if (CanRead(client, pool, name)) out.emplace(name, value);
    return out;
}

GetUserResponse GetUser(Context& ctx, const GetUserRequest& in) {
    const TokenHolder holder = RequireTokenHolder(ctx, in.access_token);
    const Attributes readable = ReadableBy(holder.client->value, holder.pool->value, holder.user.attributes);
    return {.username = holder.user.username,
            .user_attributes = ToWire(holder.user.id, readable),
            .mfa_options = std::nullopt,
            .preferred_mfa_setting = std::nullopt,
            .user_mfa_setting_list = std::nullopt};
}

void DeleteUser(Context& ctx, const DeleteUserRequest& in) {
    const TokenHolder holder = RequireTokenHolder(ctx, in.access_token);
    const PoolId& pool = holder.pool->value.id;
    const bool deleted =
        ctx.store().Transact([&](sql::Connection& db) { return cardea::DeleteUser(db, pool, holder.user.id); });
    if (!deleted) throw ApiError(Error::kUserNotFound, "User does not exist.");
    Audit(ctx, "user_delete", Outcome::kAllowed, {{"pool", pool.Text()}, {"user", holder.user.id.Text()}});
}

constexpr Operation kOperations[] = {
    Op<GetUser>(
        "GetUser", Access::kAccessToken,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kNotAuthorized, Error::kTooManyRequests,
                 Error::kPasswordResetRequired, Error::kUserNotFound, Error::kUserNotConfirmed,
                 Error::kOperationNotEnabled, Error::kInternalError, Error::kForbidden)),
    Op<DeleteUser>(
        "DeleteUser", Access::kAccessToken,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kNotAuthorized, Error::kTooManyRequests,
                 Error::kPasswordResetRequired, Error::kUserNotFound, Error::kUserNotConfirmed,
                 Error::kOperationNotEnabled, Error::kInternalError, Error::kForbidden)),
};

}  // namespace

std::span<const Operation> UserOperations() { return kOperations; }

}  // namespace cardea
