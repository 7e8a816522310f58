#pragma once
// Verifying AWS Signature Version 4: in the Authorization header and in the query of a presigned URL (fact sheet
// identity pools e.5, e.6, e.8).
//
//   const SigV4Result result = VerifySigV4(request, {.service = "cognito-idp", .now = ctx.now}, FindSecret);
//   if (const auto* failure = std::get_if<SigV4Failure>(&result)) …      // a fault to be mapped, AWS's message
//   const auto& caller = std::get<SigV4Caller>(result);
//
// The checks and their order are AWS's. Thread-safe.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/function_ref.h"
#include "base/secret.h"
#include "crypto/sigv4.h"

namespace cardea {

// What went wrong. The doors name it as their protocol does: the JSON services say MissingAuthenticationTokenException,
// IncompleteSignatureException, UnrecognizedClientException, and InvalidSignatureException for the rest.
enum class SigV4Fault : std::uint8_t {
    kMissing,     // there is no signature
    kIncomplete,  // it lacks a part, or a part cannot be read
    kInvalid,     // it contradicts itself, or the request is too large to be looked at
    kSkewed,      // it is too old or not yet current
    kWrongScope,  // it is for another region, service or day
    kUnknownKey,  // nobody has that access key
    kMismatch     // it is not the signature of this request
};

struct SigV4Failure {
    SigV4Fault fault;
    std::string message;  // AWS's text; it may quote the request's Authorization header
};

// Who signed. The session token has been signed or not; what it says is for whoever issued it to check.
struct SigV4Caller {
    std::string access_key_id;
    std::string region;
    std::string service;
    std::optional<Secret> session_token;
    Instant signed_at;
    bool presigned = false;
};

using SigV4Result = std::variant<SigV4Caller, SigV4Failure>;

struct SigV4Expectation {
    std::string_view service;
    std::string_view region = {};  // empty: any
    Instant now;
    std::chrono::minutes window{5};  // how far the signer's clock may be from ours, either way
};

// The secret of an access key, given the session token that came with it (empty: none); nothing where there is no such
// key, it is inactive, or the token is not that key's.
using FindSecretAccessKey =
    FunctionRef<std::optional<Secret>(std::string_view access_key_id, std::string_view session_token)>;

// Verifies that the request was signed, whole, with the secret that `find` gives. A body must be covered: neither
// UNSIGNED-PAYLOAD nor the streaming forms are taken. Looks at no more than 128 headers of 64 KiB together, a path of
// 16 KiB and a query of 32 KiB.
SigV4Result VerifySigV4(const SignableRequest& request, const SigV4Expectation& expected, FindSecretAccessKey find);

// The credential that a request names, without any proof that it has it.
struct ClaimedCredential {
    std::string access_key_id;
    std::string date;
    std::string region;
    std::string service;
};
// Nothing where the request names none, or not in five parts. For finding the region, and for development, where any
// credentials are accepted.
std::optional<ClaimedCredential> ReadClaimedCredential(const SignableRequest& request);

}  // namespace cardea
