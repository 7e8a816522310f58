#include "api/user_pools/service.h"
#include "api/user_pools/shapes.h"
#include "flows/access_token.h"
#include "flows/attributes.h"
#include "flows/audit.h"
#include "flows/change_user.h"
#include "flows/codes.h"
#include "flows/directory.h"
#include "flows/find_user.h"
#include "store/codes.h"

namespace cardea {

namespace {

// A user and hour (fact sheet user pools B.14).
constexpr AttemptLimit kCodeRequests{"GetUserAttributeVerificationCode", 5};
constexpr AttemptLimit kVerifications{"VerifyUserAttribute", 15};

// ClientMetadata is for triggers.

struct UpdateUserAttributesRequest {
    std::vector<Attribute> user_attributes;
    Secret access_token;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields =
        Fields(Field<&UpdateUserAttributesRequest::user_attributes>("UserAttributes"),
               Field<&UpdateUserAttributesRequest::access_token>("AccessToken", kTokenModel),
               Field<&UpdateUserAttributesRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

struct UpdateUserAttributesResponse {
    std::vector<CodeDeliveryDetails> code_delivery_details_list;

    static constexpr auto kFields =
        Fields(Field<&UpdateUserAttributesResponse::code_delivery_details_list>("CodeDeliveryDetailsList"));
};

struct DeleteUserAttributesRequest {
    std::vector<std::string> user_attribute_names;
    Secret access_token;

    static constexpr auto kFields =
        Fields(Field<&DeleteUserAttributesRequest::user_attribute_names>("UserAttributeNames", kAttributeNameList),
               Field<&DeleteUserAttributesRequest::access_token>("AccessToken", kTokenModel));
};

struct GetUserAttributeVerificationCodeRequest {
    Secret access_token;
    std::string attribute_name;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields =
        Fields(Field<&GetUserAttributeVerificationCodeRequest::access_token>("AccessToken", kTokenModel),
               Field<&GetUserAttributeVerificationCodeRequest::attribute_name>("AttributeName", kAttributeName),
               Field<&GetUserAttributeVerificationCodeRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

struct GetUserAttributeVerificationCodeResponse {
    std::optional<CodeDeliveryDetails> code_delivery_details;

    static constexpr auto kFields =
        Fields(Field<&GetUserAttributeVerificationCodeResponse::code_delivery_details>("CodeDeliveryDetails"));
};

struct VerifyUserAttributeRequest {
    Secret access_token;
    std::string attribute_name;
    Secret code;

    static constexpr auto kFields =
        Fields(Field<&VerifyUserAttributeRequest::access_token>("AccessToken", kTokenModel),
               Field<&VerifyUserAttributeRequest::attribute_name>("AttributeName", kAttributeName),
               Field<&VerifyUserAttributeRequest::code>("Code", kConfirmationCode));
};

struct AdminUpdateUserAttributesRequest {
    std::string user_pool_id;
    std::string username;
    std::vector<Attribute> user_attributes;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields =
        Fields(Field<&AdminUpdateUserAttributesRequest::user_pool_id>("UserPoolId", kUserPoolId),
               Field<&AdminUpdateUserAttributesRequest::username>("Username", kUsername),
               Field<&AdminUpdateUserAttributesRequest::user_attributes>("UserAttributes"),
               Field<&AdminUpdateUserAttributesRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

struct AdminDeleteUserAttributesRequest {
    std::string user_pool_id;
    std::string username;
    std::vector<std::string> user_attribute_names;

    static constexpr auto kFields = Fields(
        Field<&AdminDeleteUserAttributesRequest::user_pool_id>("UserPoolId", kUserPoolId),
        Field<&AdminDeleteUserAttributesRequest::username>("Username", kUsername),
        Field<&AdminDeleteUserAttributesRequest::user_attribute_names>("UserAttributeNames", kAttributeNameList));
};

void AuditChange(Context& ctx, const PoolHandle& pool, const User& user) {
    Audit(ctx, "user_attributes_change", Outcome::kAllowed,
          {{"pool", pool->value.id.Text()}, {"user", user.id.Text()}});
}

UpdateUserAttributesResponse UpdateUserAttributes(Context& ctx, const UpdateUserAttributesRequest& in) {
    const TokenHolder holder = RequireTokenHolder(ctx, in.access_token);
    const Pool& pool = holder.pool->value;
    bool counted = false;
    const UserChange done = ChangeUser(ctx, pool, holder.user, [&](UserChange& change) {
        WriteAttributes(ctx, pool, &holder.client->value, in.user_attributes, change);
        // Codes count as those that GetUserAttributeVerificationCode sends, and once although a plan may run again.
        if (change.codes.empty() || counted) return;
        CountAttempt(ctx, pool, kCodeRequests, holder.user.id.Text(), Error::kTooManyRequests);
        counted = true;
    });
    AuditChange(ctx, holder.pool, done.user);
    UpdateUserAttributesResponse out;
    for (const IssuedCode& code : done.codes)
        out.code_delivery_details_list.push_back(SendCode(ctx, pool, done.user, code));
    return out;
}

NoMembers DeleteUserAttributes(Context& ctx, const DeleteUserAttributesRequest& in) {
    const TokenHolder holder = RequireTokenHolder(ctx, in.access_token);
    const UserChange done = ChangeUser(ctx, holder.pool->value, holder.user, [&](UserChange& change) {
        DeleteAttributes(holder.pool->value, &holder.client->value, in.user_attribute_names, change);
    });
    AuditChange(ctx, holder.pool, done.user);
    return {};
}

void RequireVerifiable(std::string_view name) {
    if (name != "email" && name != "phone_number")
        throw ApiError(Error::kInvalidParameter, "Attribute " + std::string(name) + " cannot be verified.");
}

GetUserAttributeVerificationCodeResponse GetUserAttributeVerificationCode(
    Context& ctx, const GetUserAttributeVerificationCodeRequest& in) {
    const TokenHolder holder = RequireTokenHolder(ctx, in.access_token);
    const Pool& pool = holder.pool->value;
    RequireVerifiable(in.attribute_name);
    CountAttempt(ctx, pool, kCodeRequests, holder.user.id.Text());
    const CodePurpose purpose = VerificationOf(in.attribute_name);
    // A value that waits for its code gets the new code (fact sheet user pools B.8).
    const auto earlier =
        ctx.store().Read([&](sql::Connection& db) { return FindCode(db, pool.id, holder.user.id, purpose); });
    const bool pending = earlier && earlier->pending && earlier->expires_at > ctx.now;
    const auto current = Find(holder.user.attributes, in.attribute_name);
    if (!pending && !current)
        throw ApiError(Error::kInvalidParameter, "User has no attribute " + in.attribute_name + " to verify.");
    IssuedCode code = MakeCode(ctx, pool, holder.user, purpose, in.attribute_name,
                               pending ? std::string_view(earlier->value) : *current);
    code.stored.pending = pending;
    // A value that was superseded meanwhile does not come back.
    const bool put = ctx.store().Transact([&](sql::Connection& db) {
        if (pending && !ConsumeCode(db, pool.id, *earlier)) return false;
        PutCode(db, pool.id, code.stored);
        return true;
    });
    if (!put) throw ApiError(Error::kTooManyRequests, "The user is being changed by other requests. Try again.");
    return {.code_delivery_details = SendCode(ctx, pool, holder.user, code)};
}

NoMembers VerifyUserAttribute(Context& ctx, const VerifyUserAttributeRequest& in) {
    const TokenHolder holder = RequireTokenHolder(ctx, in.access_token);
    const Pool& pool = holder.pool->value;
    RequireVerifiable(in.attribute_name);
    CountAttempt(ctx, pool, kVerifications, holder.user.id.Text());
    const Code code = RequireCode(ctx, pool, holder.user, VerificationOf(in.attribute_name), in.code);
    const UserChange done = ChangeUser(ctx, pool, holder.user, [&](UserChange& change) {
        ApplyProvenValue(code, change.user);
        change.consumed = code;
    });
    Audit(ctx, "user_attribute_verify", Outcome::kAllowed,
          {{"pool", pool.id.Text()}, {"user", done.user.id.Text()}, {"attribute", in.attribute_name}});
    return {};
}

NoMembers AdminUpdateUserAttributes(Context& ctx, const AdminUpdateUserAttributesRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const UserChange done =
        ChangeUser(ctx, pool->value, RequireUser(ctx, pool->value, in.username),
                   [&](UserChange& change) { WriteAttributes(ctx, pool->value, nullptr, in.user_attributes, change); });
    AuditChange(ctx, pool, done.user);
    // The model declares no CodeDeliveryFailureException here: the attributes are written all the same.
    for (const IssuedCode& code : done.codes) TrySendCode(ctx, pool->value, done.user, code);
    return {};
}

NoMembers AdminDeleteUserAttributes(Context& ctx, const AdminDeleteUserAttributesRequest& in) {
    const PoolHandle pool = RequirePool(ctx, in.user_pool_id);
    const UserChange done = ChangeUser(
        ctx, pool->value, RequireUser(ctx, pool->value, in.username),
        [&](UserChange& change) { DeleteAttributes(pool->value, nullptr, in.user_attribute_names, change); });
    AuditChange(ctx, pool, done.user);
    return {};
}

constexpr Operation kOperations[] = {
    Op<UpdateUserAttributes>(
        "UpdateUserAttributes", Access::kAccessToken,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kCodeMismatch, Error::kExpiredCode,
                 Error::kNotAuthorized, Error::kUnexpectedLambda, Error::kUserLambdaValidation,
                 Error::kInvalidLambdaResponse, Error::kTooManyRequests, Error::kAliasExists,
                 Error::kInvalidSmsRoleAccessPolicy, Error::kInvalidSmsRoleTrustRelationship,
                 Error::kInvalidEmailRoleAccessPolicy, Error::kCodeDeliveryFailure, Error::kPasswordResetRequired,
                 Error::kUserNotFound, Error::kUserNotConfirmed, Error::kOperationNotEnabled, Error::kInternalError,
                 Error::kForbidden)),
    Op<DeleteUserAttributes>(
        "DeleteUserAttributes", Access::kAccessToken,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kNotAuthorized, Error::kTooManyRequests,
                 Error::kPasswordResetRequired, Error::kUserNotFound, Error::kUserNotConfirmed,
                 Error::kOperationNotEnabled, Error::kInternalError, Error::kForbidden)),
    Op<GetUserAttributeVerificationCode>(
        "GetUserAttributeVerificationCode", Access::kAccessToken,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests, Error::kNotAuthorized,
                 Error::kUnexpectedLambda, Error::kUserLambdaValidation, Error::kInvalidLambdaResponse,
                 Error::kInvalidSmsRoleAccessPolicy, Error::kInvalidSmsRoleTrustRelationship,
                 Error::kInvalidEmailRoleAccessPolicy, Error::kCodeDeliveryFailure, Error::kLimitExceeded,
                 Error::kPasswordResetRequired, Error::kUserNotFound, Error::kUserNotConfirmed,
                 Error::kOperationNotEnabled, Error::kInternalError, Error::kForbidden)),
    Op<VerifyUserAttribute>(
        "VerifyUserAttribute", Access::kAccessToken,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kCodeMismatch, Error::kExpiredCode,
                 Error::kNotAuthorized, Error::kTooManyRequests, Error::kLimitExceeded, Error::kPasswordResetRequired,
                 Error::kUserNotFound, Error::kUserNotConfirmed, Error::kOperationNotEnabled, Error::kInternalError,
                 Error::kAliasExists, Error::kForbidden)),
    Op<AdminUpdateUserAttributes>(
        "AdminUpdateUserAttributes", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kUnexpectedLambda,
                 Error::kUserLambdaValidation, Error::kInvalidLambdaResponse, Error::kAliasExists,
                 Error::kTooManyRequests, Error::kNotAuthorized, Error::kUserNotFound, Error::kInternalError,
                 Error::kInvalidSmsRoleAccessPolicy, Error::kInvalidEmailRoleAccessPolicy,
                 Error::kInvalidSmsRoleTrustRelationship, Error::kOperationNotEnabled)),
    Op<AdminDeleteUserAttributes>(
        "AdminDeleteUserAttributes", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kTooManyRequests, Error::kNotAuthorized,
                 Error::kUserNotFound, Error::kOperationNotEnabled, Error::kInternalError)),
};

}  // namespace

std::span<const Operation> UserAttributeOperations() { return kOperations; }

}  // namespace cardea
