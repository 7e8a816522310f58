#include "flows/passwords.h"

#include "api/user_pools/public_call.h"
#include "api/user_pools/service.h"
#include "api/user_pools/shapes.h"
#include "flows/access_token.h"
#include "flows/attributes.h"
#include "flows/audit.h"
#include "flows/change_user.h"
#include "flows/codes.h"
#include "flows/directory.h"
#include "flows/find_user.h"
#include "flows/lockout.h"
#include "store/codes.h"
#include "store/users.h"

namespace cardea {

namespace {

// A user and hour (fact sheet user pools B.14). Asking for a code and giving it back count together.
constexpr int kRecoveries = 20;
constexpr int kChanges = 5;

constexpr std::string_view kWrongState = "User password cannot be reset in the current state.";
constexpr std::string_view kNoContact =
    "Cannot reset password for the user as there is no registered/verified email or phone_number";

// UserContextData and AnalyticsMetadata are read and not used; ClientMetadata is for triggers.

struct ForgotPasswordRequest {
    std::string client_id;
    std::optional<Secret> secret_hash;
    std::optional<UserContextData> user_context_data;
    std::string username;
    std::optional<AnalyticsMetadata> analytics_metadata;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields =
        Fields(Field<&ForgotPasswordRequest::client_id>("ClientId", kClientId),
               Field<&ForgotPasswordRequest::secret_hash>("SecretHash", kSecretHash),
               Field<&ForgotPasswordRequest::user_context_data>("UserContextData", kUserContextData),
               Field<&ForgotPasswordRequest::username>("Username", kUsername),
               Field<&ForgotPasswordRequest::analytics_metadata>("AnalyticsMetadata"),
               Field<&ForgotPasswordRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

struct ForgotPasswordResponse {
    std::optional<CodeDeliveryDetails> code_delivery_details;

    static constexpr auto kFields =
        Fields(Field<&ForgotPasswordResponse::code_delivery_details>("CodeDeliveryDetails"));
};

struct ConfirmForgotPasswordRequest {
    std::string client_id;
    std::optional<Secret> secret_hash;
    std::string username;
    Secret confirmation_code;
    Secret password;
    std::optional<AnalyticsMetadata> analytics_metadata;
    std::optional<UserContextData> user_context_data;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields =
        Fields(Field<&ConfirmForgotPasswordRequest::client_id>("ClientId", kClientId),
               Field<&ConfirmForgotPasswordRequest::secret_hash>("SecretHash", kSecretHash),
               Field<&ConfirmForgotPasswordRequest::username>("Username", kUsername),
               Field<&ConfirmForgotPasswordRequest::confirmation_code>("ConfirmationCode", kConfirmationCode),
               Field<&ConfirmForgotPasswordRequest::password>("Password", kPassword),
               Field<&ConfirmForgotPasswordRequest::analytics_metadata>("AnalyticsMetadata"),
               Field<&ConfirmForgotPasswordRequest::user_context_data>("UserContextData", kUserContextData),
               Field<&ConfirmForgotPasswordRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

struct ChangePasswordRequest {
    std::optional<Secret> previous_password;
    Secret proposed_password;
    Secret access_token;

    static constexpr auto kFields =
        Fields(Field<&ChangePasswordRequest::previous_password>("PreviousPassword", kPassword),
               Field<&ChangePasswordRequest::proposed_password>("ProposedPassword", kPassword),
               Field<&ChangePasswordRequest::access_token>("AccessToken", kTokenModel));
};

struct AdminSetUserPasswordRequest {
    std::string user_pool_id;
    std::string username;
    Secret password;
    std::optional<bool> permanent;

    static constexpr auto kFields = Fields(Field<&AdminSetUserPasswordRequest::user_pool_id>("UserPoolId", kUserPoolId),
                                           Field<&AdminSetUserPasswordRequest::username>("Username", kUsername),
                                           Field<&AdminSetUserPasswordRequest::password>("Password", kPassword),
                                           Field<&AdminSetUserPasswordRequest::permanent>("Permanent"));
};

struct AdminResetUserPasswordRequest {
    std::string user_pool_id;
    std::string username;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields =
        Fields(Field<&AdminResetUserPasswordRequest::user_pool_id>("UserPoolId", kUserPoolId),
               Field<&AdminResetUserPasswordRequest::username>("Username", kUsername),
               Field<&AdminResetUserPasswordRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

[[noreturn]] void ThrowNotAuthorized(std::string_view message) {
    throw ApiError(Error::kNotAuthorized, std::string(message));
}

void RequireRecoverable(const User& user) {
    if (user.status != UserStatus::kConfirmed && user.status != UserStatus::kResetRequired &&
        user.status != UserStatus::kUnconfirmed)
        ThrowNotAuthorized(kWrongState);
}

IssuedCode MakeRecoveryCode(Context& ctx, const Pool& pool, const User& user, const std::string& attribute) {
    return MakeCode(ctx, pool, user, CodePurpose::kForgotPassword, attribute, user.attributes.at(attribute));
}

ForgotPasswordResponse ForgotPassword(Context& ctx, const ForgotPasswordRequest& in) {
    const PublicCall call = RequirePublicCall(ctx, in.client_id, in.username, in.secret_hash);
    const Pool& pool = call.pool->value;
    if (OnlyAdministratorsRecover(pool)) ThrowNotAuthorized("Contact administrator to reset password.");
    const auto user = FindNamedUser(ctx, call, in.username);
    CountAttempt(ctx, pool, "ForgotPassword", SubjectOf(call, user, in.username), kRecoveries);
    const auto simulate = [&] {
        return ForgotPasswordResponse{.code_delivery_details =
                                          SimulateCode(ctx, pool, CodePurpose::kForgotPassword, in.username)};
    };
    if (!user) return simulate();
    if (!user->enabled) {
        if (call.hides_users) return simulate();
        ThrowNotAuthorized("User is disabled.");
    }
    RequireRecoverable(*user);
    const auto attribute = RecoveryAttribute(pool, *user);
    if (!attribute) {
        if (call.hides_users) return simulate();
        throw ApiError(Error::kInvalidParameter, std::string(kNoContact));
    }
    const IssuedCode code = MakeRecoveryCode(ctx, pool, *user, *attribute);
    ctx.store().Transact([&](sql::Connection& db) { PutCode(db, pool.id, code.stored); });
    Audit(ctx, "password_recovery", Outcome::kAllowed, {{"pool", pool.id.Text()}, {"user", user->id.Text()}});
    return {.code_delivery_details = SendCode(ctx, pool, *user, code)};
}

// A code is worth nothing once its address or number is no longer the user's proven one.
void RequireStillVerified(const Code& code, const User& user) {
    const auto current = Find(user.attributes, code.attribute);
    if (!current || *current != code.value || !IsTrue(user.attributes, VerifiedFlag(code.attribute)))
        throw ApiError(Error::kExpiredCode, "Invalid code provided, please request a code again.");
}

NoMembers ConfirmForgotPassword(Context& ctx, const ConfirmForgotPasswordRequest& in) {
    const PublicCall call = RequirePublicCall(ctx, in.client_id, in.username, in.secret_hash);
    const Pool& pool = call.pool->value;
    const auto user = FindNamedUser(ctx, call, in.username);
    // Says nothing of the user or the code, and leaves both as they are.
    CheckPasswordPolicy(pool, in.password, PolicyPrefix::kDoesNotConform);
    CountAttempt(ctx, pool, "ForgotPassword", SubjectOf(call, user, in.username), kRecoveries);
    if (!user || (!user->enabled && call.hides_users))
        RejectUnknownUsersCode(ctx, pool, in.username, CodePurpose::kForgotPassword, in.confirmation_code);
    if (!user->enabled) ThrowNotAuthorized("User is disabled.");
    const Code code = RequireCode(ctx, pool, *user, CodePurpose::kForgotPassword, in.confirmation_code);
    RequireRecoverable(*user);
    CheckPasswordHistory(ctx, pool, *user, in.password);
    const Credential credential = MakeCredential(ctx, pool, *user, in.password, false);
    ChangeUser(ctx, pool, *user, [&](UserChange& change) {
        RequireRecoverable(change.user);
        change.user.status = UserStatus::kConfirmed;
        RequireStillVerified(code, change.user);
        change.consumed = code;
        change.credential = credential;
    });
    ForgetFailures(ctx, pool, user->id);
    Audit(ctx, "password_reset", Outcome::kAllowed, {{"pool", pool.id.Text()}, {"user", user->id.Text()}});
    return {};
}

// Whether who holds the token also knows the password; a user that has none yet needs none.
void RequirePreviousPassword(Context& ctx, const TokenHolder& holder, const std::optional<Secret>& previous) {
    const Pool& pool = holder.pool->value;
    const auto credential =
        ctx.store().Read([&](sql::Connection& db) { return FindCredential(db, pool.id, holder.user.id); });
    if (!credential && !previous) return;
    if (!previous)
        throw ApiError(Error::kInvalidParameter,
                       "1 validation error detected: Value at 'previousPassword' failed to satisfy constraint: Member "
                       "must not be null");
    if (CheckPassword(ctx, pool, holder.user, credential, *previous)) return;
    Audit(ctx, "password_change", Outcome::kDenied, {{"pool", pool.id.Text()}, {"user", holder.user.id.Text()}});
    ThrowNotAuthorized("Incorrect username or password.");
}

NoMembers ChangePassword(Context& ctx, const ChangePasswordRequest& in) {
    const TokenHolder holder = RequireTokenHolder(ctx, in.access_token);
    const Pool& pool = holder.pool->value;
    if (holder.user.status == UserStatus::kResetRequired)
        throw ApiError(Error::kPasswordResetRequired, "Password reset required for the user");
    CountAttempt(ctx, pool, "ChangePassword", holder.user.id.Text(), kChanges);
    RequirePreviousPassword(ctx, holder, in.previous_password);
    CheckPasswordPolicy(pool, in.proposed_password, PolicyPrefix::kDidNotConform);
    CheckPasswordHistory(ctx, pool, holder.user, in.proposed_password);
    const Credential credential = MakeCredential(ctx, pool, holder.user, in.proposed_password, false);
    // The password that was proved must still be the password: a change that came between wins.
    ChangeUser(ctx, pool, holder.user, [&](UserChange& change) {
        if (change.user.version != holder.user.version) RequirePreviousPassword(ctx, holder, in.previous_password);
        change.credential = credential;
    });
    Audit(ctx, "password_change", Outcome::kAllowed, {{"pool", pool.id.Text()}, {"user", holder.user.id.Text()}});
    return {};
}

NoMembers AdminSetUserPassword(Context& ctx, const AdminSetUserPasswordRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const User user = RequireUser(ctx, pool->value, in.username);
    const bool permanent = in.permanent.value_or(false);
    CheckPasswordPolicy(pool->value, in.password, PolicyPrefix::kDidNotConform);
    CheckPasswordHistory(ctx, pool->value, user, in.password);
    const Credential credential = MakeCredential(ctx, pool->value, user, in.password, !permanent);
    ChangeUser(ctx, pool->value, user, [&](UserChange& change) {
        change.user.status = permanent ? UserStatus::kConfirmed : UserStatus::kForceChangePassword;
        change.credential = credential;
    });
    ForgetFailures(ctx, pool->value, user.id);
    Audit(ctx, "password_set", Outcome::kAllowed, {{"pool", pool->value.id.Text()}, {"user", user.id.Text()}});
    return {};
}

// The old password stays in its row, and the status keeps it from being worth anything.
NoMembers AdminResetUserPassword(Context& ctx, const AdminResetUserPasswordRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const User user = RequireUser(ctx, pool->value, in.username);
    const UserChange done = ChangeUser(ctx, pool->value, user, [&](UserChange& change) {
        if (!change.user.enabled) ThrowNotAuthorized("User is disabled");
        if (change.user.status != UserStatus::kConfirmed && change.user.status != UserStatus::kResetRequired)
            ThrowNotAuthorized(kWrongState);
        const auto attribute = RecoveryAttribute(pool->value, change.user);
        if (!attribute) throw ApiError(Error::kInvalidParameter, std::string(kNoContact));
        change.user.status = UserStatus::kResetRequired;
        change.codes.push_back(MakeRecoveryCode(ctx, pool->value, change.user, *attribute));
    });
    Audit(ctx, "password_reset_required", Outcome::kAllowed,
          {{"pool", pool->value.id.Text()}, {"user", user.id.Text()}});
    // The model declares no CodeDeliveryFailureException here: who does not get this code asks for another.
    for (const IssuedCode& code : done.codes) TrySendCode(ctx, pool->value, done.user, code);
    return {};
}

constexpr Operation kOperations[] = {
    Op<ForgotPassword>("ForgotPassword", Access::kPublic,
                       ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kUnexpectedLambda,
                                Error::kUserLambdaValidation, Error::kNotAuthorized, Error::kInvalidLambdaResponse,
                                Error::kTooManyRequests, Error::kLimitExceeded, Error::kInvalidSmsRoleAccessPolicy,
                                Error::kInvalidSmsRoleTrustRelationship, Error::kInvalidEmailRoleAccessPolicy,
                                Error::kCodeDeliveryFailure, Error::kUserNotFound, Error::kOperationNotEnabled,
                                Error::kInternalError, Error::kForbidden)),
    Op<ConfirmForgotPassword>(
        "ConfirmForgotPassword", Access::kPublic,
        ErrorSet(Error::kResourceNotFound, Error::kUnexpectedLambda, Error::kUserLambdaValidation,
                 Error::kInvalidParameter, Error::kInvalidPassword, Error::kPasswordHistoryPolicyViolation,
                 Error::kNotAuthorized, Error::kCodeMismatch, Error::kExpiredCode, Error::kTooManyFailedAttempts,
                 Error::kInvalidLambdaResponse, Error::kTooManyRequests, Error::kLimitExceeded, Error::kUserNotFound,
                 Error::kUserNotConfirmed, Error::kOperationNotEnabled, Error::kInternalError, Error::kForbidden)),
    Op<ChangePassword>(
        "ChangePassword", Access::kAccessToken,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kInvalidPassword,
                 Error::kPasswordHistoryPolicyViolation, Error::kNotAuthorized, Error::kTooManyRequests,
                 Error::kLimitExceeded, Error::kPasswordResetRequired, Error::kUserNotFound, Error::kUserNotConfirmed,
                 Error::kOperationNotEnabled, Error::kInternalError, Error::kForbidden)),
    Op<AdminSetUserPassword>(
        "AdminSetUserPassword", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kNotAuthorized, Error::kUserNotFound, Error::kInternalError,
                 Error::kTooManyRequests, Error::kInvalidParameter, Error::kInvalidPassword,
                 Error::kPasswordHistoryPolicyViolation, Error::kOperationNotEnabled)),
    Op<AdminResetUserPassword>(
        "AdminResetUserPassword", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kUnexpectedLambda,
                 Error::kUserLambdaValidation, Error::kNotAuthorized, Error::kInvalidLambdaResponse,
                 Error::kTooManyRequests, Error::kLimitExceeded, Error::kUserNotFound,
                 Error::kInvalidSmsRoleAccessPolicy, Error::kInvalidEmailRoleAccessPolicy,
                 Error::kInvalidSmsRoleTrustRelationship, Error::kOperationNotEnabled, Error::kInternalError)),
};

}  // namespace

std::span<const Operation> PasswordOperations() { return kOperations; }

}  // namespace cardea
