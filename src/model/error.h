#pragma once
// The catalogue of errors that a caller can see, and ApiError, which ends a request with one of them.
//
//   throw ApiError(Error::kGroupExists, "A group with the name already exists");
//
// ApiError is thrown in doors and flows only and caught in one place, the door's dispatch.

#include <cstdint>
#include <source_location>
#include <stdexcept>
#include <string>

#include "codec/shape.h"

namespace cardea {

enum class Error : std::uint8_t {
    kAccessDenied,
    kAliasExists,
    kCodeDeliveryFailure,
    kCodeMismatch,
    kConcurrentModification,
    kDeviceKeyExists,
    kDuplicateProvider,
    kEnableSoftwareTokenMfa,
    kExpiredCode,
    kFeatureUnavailableInTier,
    kForbidden,
    kGroupExists,
    kIncompleteSignature,
    kInternalError,
    kInternalServer,
    kInvalidEmailRoleAccessPolicy,
    kInvalidLambdaResponse,
    kInvalidOAuthFlow,
    kInvalidParameter,
    kInvalidPassword,
    kInvalidSignature,
    kInvalidSmsRoleAccessPolicy,
    kInvalidSmsRoleTrustRelationship,
    kInvalidUserPoolConfiguration,
    kLimitExceeded,
    kMfaMethodNotFound,
    kManagedLoginBrandingExists,
    kMissingAuthenticationToken,
    kNotAuthorized,
    kOperationNotEnabled,
    kPasswordHistoryPolicyViolation,
    kPasswordResetRequired,
    kPreconditionNotMet,
    kRefreshTokenReuse,
    kResourceNotFound,
    kScopeDoesNotExist,
    kSerialization,
    kServiceQuotaExceeded,
    kSoftwareTokenMfaNotFound,
    kTermsExists,
    kThrottling,
    kTierChangeNotAllowed,
    kTooManyFailedAttempts,
    kTooManyRequests,
    kUnauthorized,
    kUnexpectedLambda,
    kUnknownOperation,
    kUnrecognizedClient,
    kUnsupportedIdentityProvider,
    kUnsupportedOperation,
    kUnsupportedTokenType,
    kUnsupportedUserState,
    kUserImportInProgress,
    kUserLambdaValidation,
    kUserNotConfirmed,
    kUserNotFound,
    kUserPoolAddOnNotEnabled,
    kUserPoolTagging,
    kUsernameExists,
    kWebAuthnChallengeNotFound,
    kWebAuthnClientMismatch,
    kWebAuthnConfigurationMissing,
    kWebAuthnCredentialNotSupported,
    kWebAuthnNotEnabled,
    kWebAuthnOriginNotAllowed,
    kWebAuthnRelyingPartyMismatch,
    kCount
};
template <>
struct EnumNames<Error> {
    static constexpr std::array<std::string_view, static_cast<std::size_t>(Error::kCount)> kNames{
        "AccessDeniedException",
        "AliasExistsException",
        "CodeDeliveryFailureException",
        "CodeMismatchException",
        "ConcurrentModificationException",
        "DeviceKeyExistsException",
        "DuplicateProviderException",
        "EnableSoftwareTokenMFAException",
        "ExpiredCodeException",
        "FeatureUnavailableInTierException",
        "ForbiddenException",
        "GroupExistsException",
        "IncompleteSignatureException",
        "InternalErrorException",
        "InternalServerException",
        "InvalidEmailRoleAccessPolicyException",
        "InvalidLambdaResponseException",
        "InvalidOAuthFlowException",
        "InvalidParameterException",
        "InvalidPasswordException",
        "InvalidSignatureException",
        "InvalidSmsRoleAccessPolicyException",
        "InvalidSmsRoleTrustRelationshipException",
        "InvalidUserPoolConfigurationException",
        "LimitExceededException",
        "MFAMethodNotFoundException",
        "ManagedLoginBrandingExistsException",
        "MissingAuthenticationTokenException",
        "NotAuthorizedException",
        "OperationNotEnabledException",
        "PasswordHistoryPolicyViolationException",
        "PasswordResetRequiredException",
        "PreconditionNotMetException",
        "RefreshTokenReuseException",
        "ResourceNotFoundException",
        "ScopeDoesNotExistException",
        "SerializationException",
        "ServiceQuotaExceededException",
        "SoftwareTokenMFANotFoundException",
        "TermsExistsException",
        "ThrottlingException",
        "TierChangeNotAllowedException",
        "TooManyFailedAttemptsException",
        "TooManyRequestsException",
        "UnauthorizedException",
        "UnexpectedLambdaException",
        "UnknownOperationException",
        "UnrecognizedClientException",
        "UnsupportedIdentityProviderException",
        "UnsupportedOperationException",
        "UnsupportedTokenTypeException",
        "UnsupportedUserStateException",
        "UserImportInProgressException",
        "UserLambdaValidationException",
        "UserNotConfirmedException",
        "UserNotFoundException",
        "UserPoolAddOnNotEnabledException",
        "UserPoolTaggingException",
        "UsernameExistsException",
        "WebAuthnChallengeNotFoundException",
        "WebAuthnClientMismatchException",
        "WebAuthnConfigurationMissingException",
        "WebAuthnCredentialNotSupportedException",
        "WebAuthnNotEnabledException",
        "WebAuthnOriginNotAllowedException",
        "WebAuthnRelyingPartyMismatchException"};
};

// HTTP status of an error: 500 for the server's own faults, 400 for everything else (fact sheet user pools A.3).
constexpr int StatusOf(Error error) {
    return error == Error::kInternalError || error == Error::kInternalServer ? 500 : 400;
}

// A set of errors, for what an operation declares.
class ErrorSet {
 public:
    template <class... E>
    consteval explicit ErrorSet(E... errors) {
        (Put(errors), ...);
    }
    constexpr bool Contains(Error error) const {
        return (bits_[static_cast<unsigned>(error) / 64] >> (static_cast<unsigned>(error) % 64)) & 1u;
    }

 private:
    consteval void Put(Error error) {
        bits_[static_cast<unsigned>(error) / 64] |= std::uint64_t{1} << (static_cast<unsigned>(error) % 64);
    }
    std::uint64_t bits_[2] = {};
};

class ApiError : public std::runtime_error {
 public:
    ApiError(Error code, const std::string& message, std::source_location where = std::source_location::current())
        : std::runtime_error(message), code_(code), message_(message), where_(where) {}
    Error code() const { return code_; }
    // Whole, where what() ends at a NUL that the message quotes.
    const std::string& message() const { return message_; }
    const std::source_location& where() const { return where_; }

 private:
    Error code_;
    std::string message_;
    std::source_location where_;
};

}  // namespace cardea
