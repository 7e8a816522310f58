#include "flows/sign_in.h"

#include "api/user_pools/service.h"
#include "api/user_pools/shapes.h"
#include "api/user_pools/token_shapes.h"

namespace cardea {

namespace {

// What threat protection would look at. This build has none: it reads the shape and nothing else of it.
struct HttpHeader {
    std::optional<std::string> header_name;
    std::optional<std::string> header_value;

    static constexpr auto kFields = Fields(Field<&HttpHeader::header_name>("headerName", kString),
                                           Field<&HttpHeader::header_value>("headerValue", kString));
};

struct ContextData {
    std::string ip_address;
    std::string server_name;
    std::string server_path;
    std::vector<HttpHeader> http_headers;
    std::optional<std::string> encoded_data;

    static constexpr auto kFields = Fields(
        Field<&ContextData::ip_address>("IpAddress", kString), Field<&ContextData::server_name>("ServerName", kString),
        Field<&ContextData::server_path>("ServerPath", kString), Field<&ContextData::http_headers>("HttpHeaders"),
        Field<&ContextData::encoded_data>("EncodedData", kString));
};

struct InitiateAuthRequest {
    AuthFlow auth_flow;
    std::optional<std::map<std::string, Secret>> auth_parameters;
    std::optional<std::map<std::string, std::string>> client_metadata;
    std::string client_id;
    std::optional<AnalyticsMetadata> analytics_metadata;
    std::optional<UserContextData> user_context_data;
    std::optional<Secret> session;

    static constexpr auto kFields =
        Fields(Field<&InitiateAuthRequest::auth_flow>("AuthFlow"),
               Field<&InitiateAuthRequest::auth_parameters>("AuthParameters", kAuthParameters),
               Field<&InitiateAuthRequest::client_metadata>("ClientMetadata", kClientMetadata),
               Field<&InitiateAuthRequest::client_id>("ClientId", kClientId),
               Field<&InitiateAuthRequest::analytics_metadata>("AnalyticsMetadata"),
               Field<&InitiateAuthRequest::user_context_data>("UserContextData", kUserContextData),
               Field<&InitiateAuthRequest::session>("Session", kSession));
};

struct AdminInitiateAuthRequest {
    std::string user_pool_id;
    std::string client_id;
    AuthFlow auth_flow;
    std::optional<std::map<std::string, Secret>> auth_parameters;
    std::optional<std::map<std::string, std::string>> client_metadata;
    std::optional<AnalyticsMetadata> analytics_metadata;
    std::optional<ContextData> context_data;
    std::optional<Secret> session;

    static constexpr auto kFields =
        Fields(Field<&AdminInitiateAuthRequest::user_pool_id>("UserPoolId", kUserPoolId),
               Field<&AdminInitiateAuthRequest::client_id>("ClientId", kClientId),
               Field<&AdminInitiateAuthRequest::auth_flow>("AuthFlow"),
               Field<&AdminInitiateAuthRequest::auth_parameters>("AuthParameters", kAuthParameters),
               Field<&AdminInitiateAuthRequest::client_metadata>("ClientMetadata", kClientMetadata),
               Field<&AdminInitiateAuthRequest::analytics_metadata>("AnalyticsMetadata"),
               Field<&AdminInitiateAuthRequest::context_data>("ContextData"),
               Field<&AdminInitiateAuthRequest::session>("Session", kSession));
};

struct RespondToAuthChallengeRequest {
    std::string client_id;
    ChallengeName challenge_name;
    std::optional<Secret> session;
    std::optional<std::map<std::string, Secret>> challenge_responses;
    std::optional<AnalyticsMetadata> analytics_metadata;
    std::optional<UserContextData> user_context_data;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields =
        Fields(Field<&RespondToAuthChallengeRequest::client_id>("ClientId", kClientId),
               Field<&RespondToAuthChallengeRequest::challenge_name>("ChallengeName"),
               Field<&RespondToAuthChallengeRequest::session>("Session", kSession),
               Field<&RespondToAuthChallengeRequest::challenge_responses>("ChallengeResponses", kChallengeResponses),
               Field<&RespondToAuthChallengeRequest::analytics_metadata>("AnalyticsMetadata"),
               Field<&RespondToAuthChallengeRequest::user_context_data>("UserContextData", kUserContextData),
               Field<&RespondToAuthChallengeRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

struct AdminRespondToAuthChallengeRequest {
    std::string user_pool_id;
    std::string client_id;
    ChallengeName challenge_name;
    std::optional<std::map<std::string, Secret>> challenge_responses;
    std::optional<Secret> session;
    std::optional<AnalyticsMetadata> analytics_metadata;
    std::optional<ContextData> context_data;
    std::optional<std::map<std::string, std::string>> client_metadata;

    static constexpr auto kFields = Fields(
        Field<&AdminRespondToAuthChallengeRequest::user_pool_id>("UserPoolId", kUserPoolId),
        Field<&AdminRespondToAuthChallengeRequest::client_id>("ClientId", kClientId),
        Field<&AdminRespondToAuthChallengeRequest::challenge_name>("ChallengeName"),
        Field<&AdminRespondToAuthChallengeRequest::challenge_responses>("ChallengeResponses", kChallengeResponses),
        Field<&AdminRespondToAuthChallengeRequest::session>("Session", kSession),
        Field<&AdminRespondToAuthChallengeRequest::analytics_metadata>("AnalyticsMetadata"),
        Field<&AdminRespondToAuthChallengeRequest::context_data>("ContextData"),
        Field<&AdminRespondToAuthChallengeRequest::client_metadata>("ClientMetadata", kClientMetadata));
};

// The answer of all four: a challenge, or tokens (fact sheet user pools D.1).
struct SignInResponse {
    std::optional<ChallengeName> challenge_name;
    std::optional<Secret> session;
    std::map<std::string, std::string> challenge_parameters;
    std::optional<AuthenticationResult> authentication_result;
    std::optional<std::vector<ChallengeName>> available_challenges;

    static constexpr auto kFields = Fields(
        Field<&SignInResponse::challenge_name>("ChallengeName"), Field<&SignInResponse::session>("Session", kSession),
        Field<&SignInResponse::challenge_parameters>("ChallengeParameters", kChallengeParameters),
        Field<&SignInResponse::authentication_result>("AuthenticationResult"),
        Field<&SignInResponse::available_challenges>("AvailableChallenges"));
};

SignInResponse ToWire(SignInOutcome outcome) {
    SignInResponse out;
    if (outcome.challenge) {
        out.challenge_name = outcome.challenge->name;
        out.session = std::move(outcome.challenge->session);
        out.challenge_parameters = std::move(outcome.challenge->parameters);
    } else {
        out.authentication_result = ToWire(std::move(*outcome.tokens));
    }
    return out;
}

Parameters Take(const std::optional<std::map<std::string, Secret>>& given) { return given.value_or(Parameters{}); }

SignInResponse InitiateAuth(Context& ctx, const InitiateAuthRequest& in) {
    const SignInPlace at = PublicPlace(ctx, in.client_id);
    return ToWire(StartSignIn(ctx, at, in.auth_flow, Take(in.auth_parameters)));
}

SignInResponse AdminInitiateAuth(Context& ctx, const AdminInitiateAuthRequest& in) {
    const SignInPlace at = AdminPlace(ctx, in.user_pool_id, in.client_id);
    return ToWire(StartSignIn(ctx, at, in.auth_flow, Take(in.auth_parameters)));
}

SignInResponse RespondToAuthChallenge(Context& ctx, const RespondToAuthChallengeRequest& in) {
    const SignInPlace at = PublicPlace(ctx, in.client_id);
    return ToWire(AnswerChallenge(
        ctx, at, {.name = in.challenge_name, .session = in.session, .responses = Take(in.challenge_responses)}));
}

SignInResponse AdminRespondToAuthChallenge(Context& ctx, const AdminRespondToAuthChallengeRequest& in) {
    const SignInPlace at = AdminPlace(ctx, in.user_pool_id, in.client_id);
    return ToWire(AnswerChallenge(
        ctx, at, {.name = in.challenge_name, .session = in.session, .responses = Take(in.challenge_responses)}));
}

constexpr Operation kOperations[] = {
    Op<InitiateAuth>("InitiateAuth", Access::kPublic,
                     ErrorSet(Error::kUnsupportedOperation, Error::kResourceNotFound, Error::kInvalidParameter,
                              Error::kNotAuthorized, Error::kTooManyRequests, Error::kUnexpectedLambda,
                              Error::kInvalidUserPoolConfiguration, Error::kUserLambdaValidation,
                              Error::kInvalidLambdaResponse, Error::kPasswordResetRequired, Error::kUserNotFound,
                              Error::kUserNotConfirmed, Error::kInternalError, Error::kInvalidSmsRoleAccessPolicy,
                              Error::kInvalidEmailRoleAccessPolicy, Error::kInvalidSmsRoleTrustRelationship,
                              Error::kOperationNotEnabled, Error::kForbidden, Error::kFeatureUnavailableInTier)),
    Op<AdminInitiateAuth>(
        "AdminInitiateAuth", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kUnsupportedOperation, Error::kInvalidParameter,
                 Error::kNotAuthorized, Error::kTooManyRequests, Error::kInternalError, Error::kUnexpectedLambda,
                 Error::kInvalidUserPoolConfiguration, Error::kUserLambdaValidation, Error::kInvalidLambdaResponse,
                 Error::kMfaMethodNotFound, Error::kInvalidSmsRoleAccessPolicy, Error::kInvalidEmailRoleAccessPolicy,
                 Error::kInvalidSmsRoleTrustRelationship, Error::kPasswordResetRequired, Error::kUserNotFound,
                 Error::kUserNotConfirmed, Error::kOperationNotEnabled, Error::kFeatureUnavailableInTier)),
    Op<RespondToAuthChallenge>(
        "RespondToAuthChallenge", Access::kPublic,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kNotAuthorized, Error::kCodeMismatch,
                 Error::kExpiredCode, Error::kUnexpectedLambda, Error::kUserLambdaValidation, Error::kInvalidPassword,
                 Error::kPasswordHistoryPolicyViolation, Error::kInvalidLambdaResponse, Error::kTooManyRequests,
                 Error::kInvalidUserPoolConfiguration, Error::kMfaMethodNotFound, Error::kPasswordResetRequired,
                 Error::kUserNotFound, Error::kUserNotConfirmed, Error::kInvalidSmsRoleAccessPolicy,
                 Error::kInvalidSmsRoleTrustRelationship, Error::kInvalidEmailRoleAccessPolicy, Error::kAliasExists,
                 Error::kInternalError, Error::kSoftwareTokenMfaNotFound, Error::kForbidden,
                 Error::kOperationNotEnabled)),
    Op<AdminRespondToAuthChallenge>(
        "AdminRespondToAuthChallenge", Access::kIam,
        ErrorSet(Error::kResourceNotFound, Error::kInvalidParameter, Error::kNotAuthorized, Error::kCodeMismatch,
                 Error::kExpiredCode, Error::kUnexpectedLambda, Error::kInvalidPassword,
                 Error::kPasswordHistoryPolicyViolation, Error::kUserLambdaValidation, Error::kInvalidLambdaResponse,
                 Error::kTooManyRequests, Error::kInvalidUserPoolConfiguration, Error::kInternalError,
                 Error::kMfaMethodNotFound, Error::kInvalidEmailRoleAccessPolicy, Error::kInvalidSmsRoleAccessPolicy,
                 Error::kInvalidSmsRoleTrustRelationship, Error::kAliasExists, Error::kPasswordResetRequired,
                 Error::kUserNotFound, Error::kUserNotConfirmed, Error::kSoftwareTokenMfaNotFound,
                 Error::kOperationNotEnabled)),
};

}  // namespace

std::span<const Operation> SignInOperations() { return kOperations; }

}  // namespace cardea
