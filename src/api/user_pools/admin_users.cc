#include "api/user_pools/service.h"
#include "api/user_pools/shapes.h"
#include "api/user_pools/user_shapes.h"
#include "flows/attributes.h"
#include "flows/audit.h"
#include "flows/change_user.h"
#include "flows/directory.h"
#include "flows/find_user.h"
#include "flows/identifier.h"
#include "flows/invitation.h"
#include "flows/passwords.h"
#include "store/users.h"

namespace cardea {

namespace {

// ValidationData and ClientMetadata are for triggers.

struct AdminCreateUserRequest {
    std::string user_pool_id;
    std::string username;
    std::optional<std::vector<Attribute>> user_attributes;
    std::optional<std::vector<Attribute>> validation_data;
    std::optional<Secret> temporary_password;
    std::optional<bool> force_alias_creation;
    std::optional<MessageAction> message_action;
    std::optional<std::vector<DeliveryMedium>> desired_delivery_mediums;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields =
        Fields(Field<&AdminCreateUserRequest::user_pool_id>("UserPoolId", kUserPoolId),
               Field<&AdminCreateUserRequest::username>("Username", kUsername),
               Field<&AdminCreateUserRequest::user_attributes>("UserAttributes"),
               Field<&AdminCreateUserRequest::validation_data>("ValidationData"),
               Field<&AdminCreateUserRequest::temporary_password>("TemporaryPassword", kPassword),
               Field<&AdminCreateUserRequest::force_alias_creation>("ForceAliasCreation"),
               Field<&AdminCreateUserRequest::message_action>("MessageAction"),
               Field<&AdminCreateUserRequest::desired_delivery_mediums>("DesiredDeliveryMediums"),
               Field<&AdminCreateUserRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

struct AdminCreateUserResponse {
    std::optional<UserType> user;

    static constexpr auto kFields = Fields(Field<&AdminCreateUserResponse::user>("User"));
};

struct AdminGetUserRequest {
    std::string user_pool_id;
    std::string username;

    static constexpr auto kFields = Fields(Field<&AdminGetUserRequest::user_pool_id>("UserPoolId", kUserPoolId),
                                           Field<&AdminGetUserRequest::username>("Username", kUsername));
};

struct AdminGetUserResponse {
    std::string username;
    std::optional<std::vector<Attribute>> user_attributes;
    std::optional<Instant> user_create_date;
    std::optional<Instant> user_last_modified_date;
    std::optional<bool> enabled;
    std::optional<UserStatus> user_status;
    std::optional<std::vector<MfaOption>> mfa_options;
    std::optional<std::string> preferred_mfa_setting;
    std::optional<std::vector<std::string>> user_mfa_setting_list;

    static constexpr auto kFields = Fields(
        Field<&AdminGetUserResponse::username>("Username", kUsername),
        Field<&AdminGetUserResponse::user_attributes>("UserAttributes"),
        Field<&AdminGetUserResponse::user_create_date>("UserCreateDate"),
        Field<&AdminGetUserResponse::user_last_modified_date>("UserLastModifiedDate"),
        Field<&AdminGetUserResponse::enabled>("Enabled"), Field<&AdminGetUserResponse::user_status>("UserStatus"),
        Field<&AdminGetUserResponse::mfa_options>("MFAOptions"),
        Field<&AdminGetUserResponse::preferred_mfa_setting>("PreferredMfaSetting", kString),
        Field<&AdminGetUserResponse::user_mfa_setting_list>("UserMFASettingList", kUserMfaSettingList));
};

struct AdminDeleteUserRequest {
    std::string user_pool_id;
    std::string username;

    static constexpr auto kFields = Fields(Field<&AdminDeleteUserRequest::user_pool_id>("UserPoolId", kUserPoolId),
                                           Field<&AdminDeleteUserRequest::username>("Username", kUsername));
};

struct AdminEnableUserRequest {
    std::string user_pool_id;
    std::string username;

    static constexpr auto kFields = Fields(Field<&AdminEnableUserRequest::user_pool_id>("UserPoolId", kUserPoolId),
                                           Field<&AdminEnableUserRequest::username>("Username", kUsername));
};

struct AdminDisableUserRequest {
    std::string user_pool_id;
    std::string username;

    static constexpr auto kFields = Fields(Field<&AdminDisableUserRequest::user_pool_id>("UserPoolId", kUserPoolId),
                                           Field<&AdminDisableUserRequest::username>("Username", kUsername));
};

// Where the message goes, decided before the user is made.
std::vector<DeliveryMedium> MessageMedia(const AdminCreateUserRequest& in, const User& user) {
    if (in.message_action == MessageAction::kSuppress) return {};
    return InvitationMedia(in.desired_delivery_mediums, user);
}

Secret TemporaryPassword(Context& ctx, const Pool& pool, const std::optional<Secret>& given) {
    if (!given) return NewTemporaryPassword(ctx.random(), PasswordPolicyOf(pool));
    CheckPasswordPolicy(pool, *given, PolicyPrefix::kDidNotConform);
    return *given;
}

// The invitation again, with another temporary password, whose time starts anew.
AdminCreateUserResponse ResendInvitation(Context& ctx, const Pool& pool, const AdminCreateUserRequest& in) {
    const User user = RequireUser(ctx, pool, in.username);
    const auto require_waiting = [&](const User& current) {
        if (current.status != UserStatus::kForceChangePassword)
            throw ApiError(Error::kUnsupportedUserState,
                           "Resend not possible. " + in.username + " status is not FORCE_CHANGE_PASSWORD");
    };
    require_waiting(user);
    const std::vector<DeliveryMedium> media = MessageMedia(in, user);
    const Secret password = TemporaryPassword(ctx, pool, in.temporary_password);
    const Credential credential = MakeCredential(ctx, pool, user, password, true);
    const UserChange done = ChangeUser(ctx, pool, user, [&](UserChange& change) {
        require_waiting(change.user);
        change.credential = credential;
    });
    Audit(ctx, "user_invite", Outcome::kAllowed, {{"pool", pool.id.Text()}, {"user", user.id.Text()}});
    SendInvitation(ctx, pool, user, password, media);
    return {.user = ToWire(done.user)};
}

AdminCreateUserResponse AdminCreateUser(Context& ctx, const AdminCreateUserRequest& in) {
    const PoolHandle handle = RequirePool(ctx, in.user_pool_id);
    const Pool& pool = handle->value;
    if (in.message_action == MessageAction::kResend) return ResendInvitation(ctx, pool, in);
    UserChange change;
    User& user = change.user;
    user.pool_id = pool.id;
    user.id = NewUserId(ctx.random());
    user.created_at = user.modified_at = ctx.now;
    user.status = UserStatus::kForceChangePassword;
    NameNewUser(pool, in.username, user);
    SetFirstAttributes(pool, nullptr, in.user_attributes.value_or(std::vector<Attribute>()), user);
    const std::vector<DeliveryMedium> media = MessageMedia(in, user);
    const Secret password = TemporaryPassword(ctx, pool, in.temporary_password);
    change.credential = MakeCredential(ctx, pool, user, password, true);
    change.takes_aliases = in.force_alias_creation.value_or(false);
    AddNewUser(ctx, pool, change, "User account already exists");
    Audit(ctx, "user_create", Outcome::kAllowed, {{"pool", pool.id.Text()}, {"user", user.id.Text()}});
    SendInvitation(ctx, pool, user, password, media);
    return {.user = ToWire(user)};
}

AdminGetUserResponse AdminGetUser(Context& ctx, const AdminGetUserRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const User user = RequireUser(ctx, pool->value, in.username);
    return {.username = user.username,
            .user_attributes = ToWire(user.id, user.attributes),
            .user_create_date = user.created_at,
            .user_last_modified_date = user.modified_at,
            .enabled = user.enabled,
            .user_status = user.status,
            .mfa_options = std::nullopt,
            .preferred_mfa_setting = std::nullopt,
            .user_mfa_setting_list = std::nullopt};
}

void AdminDeleteUser(Context& ctx, const AdminDeleteUserRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const User user = RequireUser(ctx, pool->value, in.username);
    const bool deleted =
        ctx.store().Transact([&](sql::Connection& db) { return DeleteUser(db, pool->value.id, user.id); });
    if (!deleted) throw ApiError(Error::kUserNotFound, "User does not exist.");
    Audit(ctx, "user_delete", Outcome::kAllowed, {{"pool", pool->value.id.Text()}, {"user", user.id.Text()}});
}

NoMembers AdminEnableUser(Context& ctx, const AdminEnableUserRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const UserChange done = ChangeUser(ctx, pool->value, RequireUser(ctx, pool->value, in.username),
                                       [](UserChange& change) { change.user.enabled = true; });
    Audit(ctx, "user_enable", Outcome::kAllowed, {{"pool", pool->value.id.Text()}, {"user", done.user.id.Text()}});
    return {};
}

// All tokens of the user end with it.
NoMembers AdminDisableUser(Context& ctx, const AdminDisableUserRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const UserChange done =
        ChangeUser(ctx, pool->value, RequireUser(ctx, pool->value, in.username), [](UserChange& change) {
            change.user.enabled = false;
            ++change.user.sign_outs;
        });
    Audit(ctx, "user_disable", Outcome::kAllowed, {{"pool", pool->value.id.Text()}, {"user", done.user.id.Text()}});
    return {};
}

constexpr Operation kOperations[] = {
    Op<AdminCreateUser>(
        "AdminCreateUser", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kUserNotFound, Error::kUsernameExists,
                 Error::kInvalidPassword, Error::kCodeDeliveryFailure, Error::kUnexpectedLambda,
                 Error::kUserLambdaValidation, Error::kInvalidLambdaResponse, Error::kPreconditionNotMet,
                 Error::kInvalidSmsRoleAccessPolicy, Error::kInvalidSmsRoleTrustRelationship, Error::kTooManyRequests,
                 Error::kNotAuthorized, Error::kUnsupportedUserState, Error::kOperationNotEnabled,
                 Error::kInternalError)),
    Op<AdminGetUser>(
        "AdminGetUser", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests, Error::kNotAuthorized,
                 Error::kUserNotFound, Error::kOperationNotEnabled, Error::kInternalError)),
    Op<AdminDeleteUser>(
        "AdminDeleteUser", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests, Error::kNotAuthorized,
                 Error::kUserNotFound, Error::kOperationNotEnabled, Error::kInternalError)),
    Op<AdminEnableUser>(
        "AdminEnableUser", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests, Error::kNotAuthorized,
                 Error::kUserNotFound, Error::kOperationNotEnabled, Error::kInternalError)),
    Op<AdminDisableUser>(
        "AdminDisableUser", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests, Error::kNotAuthorized,
                 Error::kUserNotFound, Error::kOperationNotEnabled, Error::kInternalError)),
};

}  // namespace

std::span<const Operation> AdminUserOperations() { return kOperations; }

}  // namespace cardea
