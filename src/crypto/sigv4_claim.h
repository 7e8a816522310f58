#pragma once
// What a request says of its own signature, read from the Authorization header or the query (fact sheet identity pools
// e.2, e.3, e.6). For sigv4_verify.cc: nothing here has been verified.
//
//   const auto claim = ReadSigV4Claim(request);          // SigV4Claim, or why there is none

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "crypto/sigv4_verify.h"

namespace cardea {

struct SigV4Claim {
    bool presigned = false;
    std::string algorithm;
    std::string credential;
    std::string signed_headers;
    std::string signature;
    std::string time;  // as sent; a Date header's is written as X-Amz-Date would be
    std::optional<Secret> session_token;
    std::optional<std::chrono::seconds> expires;  // presigned requests only
};

// The parts that a signature needs, or the failure where the request has none, two, or one that lacks a part.
std::variant<SigV4Claim, SigV4Failure> ReadSigV4Claim(const SignableRequest& request);

// Views into the credential's text.
struct CredentialParts {
    std::string_view access_key_id;
    std::string_view date;
    std::string_view region;
    std::string_view service;
    std::string_view terminator;
};
// Nothing where the text is not five parts between slashes, or the first is empty.
std::optional<CredentialParts> SplitCredential(std::string_view credential);

// YYYYMMDDThhmmssZ, a time that the calendar has.
std::optional<Instant> ParseIso8601Basic(std::string_view text);
// "Sun, 30 Aug 2015 12:36:00 GMT" (RFC 9110 §5.6.7, IMF-fixdate).
std::optional<Instant> ParseHttpDate(std::string_view text);

// The first header of that (lower-case) name.
std::optional<std::string_view> FindHeader(std::span<const HeaderView> headers, std::string_view name);

}  // namespace cardea
