#pragma once
// AWS Signature Version 4 (fact sheet identity pools e.1 to e.3): what a signature is over, and signing. Verifying is
// sigv4_verify.h's.
//
//   const HeaderView headers[] = {{"host", "sns.eu-west-1.amazonaws.com"}, {"content-type", "…"}};
//   for (const Header& header : SignRequest({"POST", "/", "", headers, body}, credentials, {"eu-west-1", "sns", now}))
//       add(header);                                    // x-amz-date, x-amz-security-token, authorization
//
// Thread-safe.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"

namespace cardea {

struct HeaderView {
    std::string_view name;  // lower case
    std::string_view value;
};

// A request as it stands on the wire; a parameter, not kept. Path and query are raw: never parsed and written again.
struct SignableRequest {
    std::string_view method;
    std::string_view path;   // up to the '?'
    std::string_view query;  // after the '?'
    std::span<const HeaderView> headers;
    std::string_view body;
};

// Dot segments and double slashes go before signing, except where the service (S3) takes paths as they are.
enum class PathForm : std::uint8_t { kNormalised, kAsSent };

struct SigV4Scope {
    std::string_view date;  // YYYYMMDD
    std::string_view region;
    std::string_view service;
};

// "/a/../b c" → "/b%20c": encoded once more than it was sent, as every service but S3 wants it.
std::string CanonicalPath(std::string_view path, PathForm form = PathForm::kNormalised);
// Decoded, encoded afresh and sorted by name and value, without X-Amz-Signature.
std::string CanonicalQuery(std::string_view query);
// `signed_headers` is the list as the signature names it ("host;x-amz-date"); `payload_hash` is hexadecimal. Nothing
// where the request lacks one of the headers.
std::optional<std::string> CanonicalRequest(const SignableRequest& request, std::string_view signed_headers,
                                            std::string_view payload_hash, PathForm form = PathForm::kNormalised);
// `time` is YYYYMMDDThhmmssZ.
std::string StringToSign(std::string_view time, const SigV4Scope& scope, std::string_view canonical_request);
// The key of a day, region and service (32 bytes).
Secret DeriveSigV4Key(const Secret& secret_access_key, const SigV4Scope& scope);
// 64 lower-case hexadecimal digits.
std::string SigV4Signature(const Secret& derived_key, std::string_view string_to_sign);

struct AwsCredentials {
    std::string access_key_id;
    Secret secret_access_key;
    std::optional<Secret> session_token;
};

// For whom a request is signed, and when.
struct SigV4Target {
    std::string_view region;
    std::string_view service;
    Instant now;
    PathForm path_form = PathForm::kNormalised;
};

struct Header {
    std::string name;  // lower case
    std::string value;
};

// The headers to add to the request. All headers that it has are signed, so give those that will be sent and that no
// proxy changes; "host" is among them, and none of those that this makes (CHECKed).
std::vector<Header> SignRequest(const SignableRequest& request, const AwsCredentials& credentials,
                                const SigV4Target& target);
// The whole query of a presigned URL, which works for `valid_for` (1 to 604800 s, CHECKed). It is a credential: never
// log it.
std::string PresignQuery(const SignableRequest& request, const AwsCredentials& credentials, const SigV4Target& target,
                         std::chrono::seconds valid_for);

}  // namespace cardea
