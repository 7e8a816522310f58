#include "api/user_pools/public_call.h"
#include "api/user_pools/service.h"
#include "api/user_pools/shapes.h"
#include "flows/attributes.h"
#include "flows/audit.h"
#include "flows/change_user.h"
#include "flows/codes.h"
#include "flows/directory.h"
#include "flows/find_user.h"
#include "flows/identifier.h"
#include "flows/passwords.h"
#include "store/codes.h"

namespace cardea {

namespace {

// A user and hour (fact sheet user pools B.14).
constexpr AttemptLimit kConfirmations{"ConfirmSignUp", 15};
constexpr AttemptLimit kResends{"ResendConfirmationCode", 5};

// UserContextData and AnalyticsMetadata are read and not used; ValidationData and ClientMetadata are for triggers.

struct SignUpRequest {
    std::string client_id;
    std::optional<Secret> secret_hash;
    std::string username;
    std::optional<Secret> password;
    std::optional<std::vector<Attribute>> user_attributes;
    std::optional<std::vector<Attribute>> validation_data;
    std::optional<AnalyticsMetadata> analytics_metadata;
    std::optional<UserContextData> user_context_data;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields = Fields(
        Field<&SignUpRequest::client_id>("ClientId", kClientId),
        Field<&SignUpRequest::secret_hash>("SecretHash", kSecretHash),
        Field<&SignUpRequest::username>("Username", kUsername), Field<&SignUpRequest::password>("Password", kPassword),
        Field<&SignUpRequest::user_attributes>("UserAttributes"),
        Field<&SignUpRequest::validation_data>("ValidationData"),
        Field<&SignUpRequest::analytics_metadata>("AnalyticsMetadata"),
        Field<&SignUpRequest::user_context_data>("UserContextData", kUserContextData),
        Field<&SignUpRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

struct SignUpResponse {
    bool user_confirmed;
    std::optional<CodeDeliveryDetails> code_delivery_details;
    std::string user_sub;
    std::optional<Secret> session;

    static constexpr auto kFields = Fields(Field<&SignUpResponse::user_confirmed>("UserConfirmed"),
                                           Field<&SignUpResponse::code_delivery_details>("CodeDeliveryDetails"),
                                           Field<&SignUpResponse::user_sub>("UserSub", kString),
                                           Field<&SignUpResponse::session>("Session", kSession));
};

struct ConfirmSignUpRequest {
    std::string client_id;
    std::optional<Secret> secret_hash;
    std::string username;
    Secret confirmation_code;
    std::optional<bool> force_alias_creation;
    std::optional<AnalyticsMetadata> analytics_metadata;
    std::optional<UserContextData> user_context_data;
    std::optional<std::map<std::string, std::string>> client_metadata;
    std::optional<Secret> session;

    static constexpr auto kFields =
        Fields(Field<&ConfirmSignUpRequest::client_id>("ClientId", kClientId),
               Field<&ConfirmSignUpRequest::secret_hash>("SecretHash", kSecretHash),
               Field<&ConfirmSignUpRequest::username>("Username", kUsername),
               Field<&ConfirmSignUpRequest::confirmation_code>("ConfirmationCode", kConfirmationCode),
               Field<&ConfirmSignUpRequest::force_alias_creation>("ForceAliasCreation"),
               Field<&ConfirmSignUpRequest::analytics_metadata>("AnalyticsMetadata"),
               Field<&ConfirmSignUpRequest::user_context_data>("UserContextData", kUserContextData),
               Field<&ConfirmSignUpRequest::client_metadata>("ClientMetadata", kClientMetadata),
               Field<&ConfirmSignUpRequest::session>("Session", kSession));
};

struct ConfirmSignUpResponse {
    std::optional<Secret> session;

    static constexpr auto kFields = Fields(Field<&ConfirmSignUpResponse::session>("Session", kSession));
};

struct ResendConfirmationCodeRequest {
    std::string client_id;
    std::optional<Secret> secret_hash;
    std::optional<UserContextData> user_context_data;
    std::string username;
    std::optional<AnalyticsMetadata> analytics_metadata;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields =
        Fields(Field<&ResendConfirmationCodeRequest::client_id>("ClientId", kClientId),
               Field<&ResendConfirmationCodeRequest::secret_hash>("SecretHash", kSecretHash),
               Field<&ResendConfirmationCodeRequest::user_context_data>("UserContextData", kUserContextData),
               Field<&ResendConfirmationCodeRequest::username>("Username", kUsername),
               Field<&ResendConfirmationCodeRequest::analytics_metadata>("AnalyticsMetadata"),
               Field<&ResendConfirmationCodeRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

struct ResendConfirmationCodeResponse {
    std::optional<CodeDeliveryDetails> code_delivery_details;

    static constexpr auto kFields =
        Fields(Field<&ResendConfirmationCodeResponse::code_delivery_details>("CodeDeliveryDetails"));
};

struct AdminConfirmSignUpRequest {
    std::string user_pool_id;
    std::string username;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields =
        Fields(Field<&AdminConfirmSignUpRequest::user_pool_id>("UserPoolId", kUserPoolId),
               Field<&AdminConfirmSignUpRequest::username>("Username", kUsername),
               Field<&AdminConfirmSignUpRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

[[noreturn]] void ThrowInvalid(const std::string& message) { throw ApiError(Error::kInvalidParameter, message); }

void RequireOpenSignUp(const Pool& pool) {
    if (pool.admin_create_user_config && pool.admin_create_user_config->allow_admin_create_user_only.value_or(false))
        throw ApiError(Error::kNotAuthorized, "SignUp is not permitted for this user pool");
}

// The user as it will be, its password and the code that goes out. Costs an exponentiation or a slow hash.
UserChange PlanSignUp(Context& ctx, const PublicCall& call, const SignUpRequest& in) {
    const Pool& pool = call.pool->value;
    UserChange change;
    User& user = change.user;
    user.pool_id = pool.id;
    user.id = NewUserId(ctx.random());
    user.created_at = user.modified_at = ctx.now;
    NameNewUser(pool, in.username, user);
    SetFirstAttributes(pool, &call.client->value, in.user_attributes.value_or(std::vector<Attribute>()), user);
    if (!in.password)  // only sign-in without passwords goes without
        ThrowInvalid(
            "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null");
    CheckPasswordPolicy(pool, *in.password, PolicyPrefix::kDidNotConform);
    change.credential = MakeCredential(ctx, pool, user, *in.password, false);
    if (const auto attribute = AttributeToVerify(pool, user))
        change.codes.push_back(
            MakeCode(ctx, pool, user, CodePurpose::kSignUp, *attribute, user.attributes.at(*attribute)));
    return change;
}

SignUpResponse SignUp(Context& ctx, const SignUpRequest& in) {
    const PublicCall call = RequirePublicCall(ctx, in.client_id, in.username, in.secret_hash);
    const Pool& pool = call.pool->value;
    RequireOpenSignUp(pool);
    const UserChange change = PlanSignUp(ctx, call, in);
    AddNewUser(ctx, pool, change, "User already exists");
    Audit(ctx, "sign_up", Outcome::kAllowed, {{"pool", pool.id.Text()}, {"user", change.user.id.Text()}});
    SignUpResponse out{.user_confirmed = false,
                       .code_delivery_details = std::nullopt,
                       .user_sub = change.user.id.Text(),
                       .session = std::nullopt};
    for (const IssuedCode& code : change.codes) out.code_delivery_details = SendCode(ctx, pool, change.user, code);
    return out;
}

void RequireUnconfirmed(const User& user) {
    if (user.status != UserStatus::kUnconfirmed)
        throw ApiError(Error::kNotAuthorized,
                       "User cannot be confirmed. Current status is " + std::string(NameOf(user.status)));
}

ConfirmSignUpResponse ConfirmSignUp(Context& ctx, const ConfirmSignUpRequest& in) {
    const PublicCall call = RequirePublicCall(ctx, in.client_id, in.username, in.secret_hash);
    const Pool& pool = call.pool->value;
    if (in.session)
        ThrowInvalid("A Session goes with choice-based sign-in, and this build of Cardea does not have it yet.");
    const auto user = FindNamedUser(ctx, call, in.username);
    if (user && !user->enabled) throw ApiError(Error::kNotAuthorized, "User is disabled.");
    if (user) RequireUnconfirmed(*user);
    CountAttempt(ctx, pool, kConfirmations, SubjectOf(call, user, in.username));
    if (!user) RejectUnknownUsersCode(ctx, pool, in.username, CodePurpose::kSignUp, in.confirmation_code);
    const Code code = RequireCode(ctx, pool, *user, CodePurpose::kSignUp, in.confirmation_code);
    ChangeUser(ctx, pool, *user, [&](UserChange& change) {
        RequireUnconfirmed(change.user);
        change.user.status = UserStatus::kConfirmed;
        ApplyProvenValue(code, change.user);
        change.consumed = code;
        change.takes_aliases = in.force_alias_creation.value_or(false);
    });
    Audit(ctx, "sign_up_confirm", Outcome::kAllowed, {{"pool", pool.id.Text()}, {"user", user->id.Text()}});
    return {};
}

// Details for somebody who is not there, where somebody who is would get some.
ResendConfirmationCodeResponse SimulateResend(Context& ctx, const Pool& pool, std::string_view name) {
    if (!pool.auto_verified_attributes || pool.auto_verified_attributes->empty())
        ThrowInvalid("Cannot resend codes. Auto verification not turned on.");
    return {.code_delivery_details = SimulateCode(ctx, pool, CodePurpose::kSignUp, name)};
}

ResendConfirmationCodeResponse ResendConfirmationCode(Context& ctx, const ResendConfirmationCodeRequest& in) {
    const PublicCall call = RequirePublicCall(ctx, in.client_id, in.username, in.secret_hash);
    const Pool& pool = call.pool->value;
    const auto user = FindNamedUser(ctx, call, in.username);
    CountAttempt(ctx, pool, kResends, SubjectOf(call, user, in.username));
    if (!user || (!user->enabled && call.hides_users)) return SimulateResend(ctx, pool, in.username);
    if (!user->enabled) throw ApiError(Error::kNotAuthorized, "User is disabled.");
    if (user->status != UserStatus::kUnconfirmed) ThrowInvalid("User is already confirmed.");
    const auto attribute = AttributeToVerify(pool, *user);
    if (!attribute) ThrowInvalid("Cannot resend codes. Auto verification not turned on.");
    const IssuedCode code =
        MakeCode(ctx, pool, *user, CodePurpose::kSignUp, *attribute, user->attributes.at(*attribute));
    ctx.store().Transact([&](sql::Connection& db) { PutCode(db, pool.id, code.stored); });
    return {.code_delivery_details = SendCode(ctx, pool, *user, code)};
}

NoMembers AdminConfirmSignUp(Context& ctx, const AdminConfirmSignUpRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const UserChange done =
        ChangeUser(ctx, pool->value, RequireUser(ctx, pool->value, in.username), [](UserChange& change) {
            RequireUnconfirmed(change.user);
            change.user.status = UserStatus::kConfirmed;
        });
    Audit(ctx, "sign_up_confirm", Outcome::kAllowed, {{"pool", pool->value.id.Text()}, {"user", done.user.id.Text()}});
    return {};
}

constexpr Operation kOperations[] = {
    Op<SignUp>("SignUp", Access::kPublic,
               ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kUnexpectedLambda,
                        Error::kUserLambdaValidation, Error::kNotAuthorized, Error::kInvalidPassword,
                        Error::kInvalidLambdaResponse, Error::kUsernameExists, Error::kTooManyRequests,
                        Error::kInternalError, Error::kLimitExceeded, Error::kInvalidSmsRoleAccessPolicy,
                        Error::kInvalidSmsRoleTrustRelationship, Error::kInvalidEmailRoleAccessPolicy,
                        Error::kCodeDeliveryFailure, Error::kOperationNotEnabled, Error::kForbidden)),
    Op<ConfirmSignUp>(
        "ConfirmSignUp", Access::kPublic,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kUnexpectedLambda,
                 Error::kUserLambdaValidation, Error::kNotAuthorized, Error::kTooManyFailedAttempts,
                 Error::kCodeMismatch, Error::kExpiredCode, Error::kInvalidLambdaResponse, Error::kAliasExists,
                 Error::kTooManyRequests, Error::kLimitExceeded, Error::kUserNotFound, Error::kOperationNotEnabled,
                 Error::kInternalError, Error::kForbidden)),
    Op<ResendConfirmationCode>(
        "ResendConfirmationCode", Access::kPublic,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kUnexpectedLambda,
                 Error::kUserLambdaValidation, Error::kNotAuthorized, Error::kInvalidLambdaResponse,
                 Error::kTooManyRequests, Error::kLimitExceeded, Error::kInvalidSmsRoleAccessPolicy,
                 Error::kInvalidSmsRoleTrustRelationship, Error::kInvalidEmailRoleAccessPolicy,
                 Error::kCodeDeliveryFailure, Error::kUserNotFound, Error::kOperationNotEnabled, Error::kInternalError,
                 Error::kForbidden)),
    Op<AdminConfirmSignUp>("AdminConfirmSignUp", Access::kIam,
                           ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kUnexpectedLambda,
                                    Error::kUserLambdaValidation, Error::kNotAuthorized, Error::kTooManyFailedAttempts,
                                    Error::kInvalidLambdaResponse, Error::kTooManyRequests, Error::kLimitExceeded,
                                    Error::kUserNotFound, Error::kOperationNotEnabled, Error::kInternalError)),
};

}  // namespace

std::span<const Operation> SignUpOperations() { return kOperations; }

}  // namespace cardea
