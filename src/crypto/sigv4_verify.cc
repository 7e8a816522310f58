#include "crypto/sigv4_verify.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "codec/hex.h"
#include "crypto/hash.h"
#include "crypto/sigv4_claim.h"

namespace cardea {

namespace {

constexpr std::size_t kMaxHeaders = 128;
constexpr std::size_t kMaxHeaderBytes = 64 * 1024;
constexpr std::size_t kMaxPathSize = 16 * 1024;
constexpr std::size_t kMaxQuerySize = 32 * 1024;
constexpr std::size_t kMaxParameters = 512;
constexpr std::size_t kSignatureSize = 64;
constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";
constexpr char kMismatchText[] =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.";

using Failure = std::optional<SigV4Failure>;

SigV4Failure Fail(SigV4Fault fault, std::string message) { return {fault, std::move(message)}; }

Failure CheckSize(const SignableRequest& request) {
    std::size_t bytes = 0;
    for (const HeaderView& header : request.headers) bytes += header.name.size() + header.value.size();
    const auto parameters = std::count(request.query.begin(), request.query.end(), '&');
    if (request.headers.size() > kMaxHeaders || bytes > kMaxHeaderBytes || request.path.size() > kMaxPathSize ||
        request.query.size() > kMaxQuerySize || static_cast<std::size_t>(parameters) >= kMaxParameters)
        return Fail(SigV4Fault::kInvalid, "The request is too large for its signature to be verified.");
    return std::nullopt;
}

// A header that decides something stands at most once (e.8): else two readers could each take another one.
Failure CheckDuplicates(const SignableRequest& request) {
    for (const std::string_view name :
         {"authorization", "host", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"}) {
        const auto count = std::count_if(request.headers.begin(), request.headers.end(),
                                         [&](const HeaderView& header) { return header.name == name; });
        if (count > 1)
            return Fail(SigV4Fault::kInvalid,
                        "The request must not have more than one '" + std::string(name) + "' header.");
    }
    return std::nullopt;
}

std::string Span(Duration span) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span).count();
    return seconds % 60 == 0 ? std::to_string(seconds / 60) + " min." : std::to_string(seconds) + " sec.";
}

Failure CheckTime(const SigV4Claim& claim, Instant signed_at, const SigV4Expectation& expected) {
    const Duration lasts = claim.expires ? Duration(*claim.expires) : Duration(expected.window);
    const std::string now = ToIso8601Basic(expected.now);
    if (signed_at < expected.now - lasts)
        return Fail(SigV4Fault::kSkewed, "Signature expired: " + claim.time + " is now earlier than " +
                                             ToIso8601Basic(expected.now - lasts) + " (" + now + " - " + Span(lasts) +
                                             ")");
    if (signed_at > expected.now + expected.window)
        return Fail(SigV4Fault::kSkewed, "Signature not yet current: " + claim.time + " is still later than " +
                                             ToIso8601Basic(expected.now + expected.window) + " (" + now + " + " +
                                             Span(expected.window) + ")");
    return std::nullopt;
}

// The names in order, each once, with `host` among them, and every x-amz-… header of the request: one of them names the
// operation. The session token alone may be added after signing, as some of AWS's services have it.
Failure CheckSignedHeaders(const SigV4Claim& claim, const SignableRequest& request) {
    std::vector<std::string_view> names;
    for (std::string_view rest = claim.signed_headers;;) {
        const std::size_t end = rest.find(';');
        names.push_back(rest.substr(0, end));
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
    }
    if (std::find(names.begin(), names.end(), "host") == names.end())
        return Fail(SigV4Fault::kInvalid, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    if (names.size() > kMaxHeaders ||
        std::adjacent_find(names.begin(), names.end(), std::greater_equal<>()) != names.end())
        return Fail(SigV4Fault::kMismatch, kMismatchText);
    for (const HeaderView& header : request.headers)
        if (header.name.starts_with("x-amz-") && header.name != "x-amz-security-token" &&
            std::find(names.begin(), names.end(), header.name) == names.end())
            return Fail(SigV4Fault::kInvalid, "The header '" + std::string(header.name) + "' is not signed.");
    return std::nullopt;
}

Failure CheckScope(const SigV4Claim& claim, const CredentialParts& credential, const SigV4Expectation& expected) {
    std::string message;
    if (credential.region.empty() || (!expected.region.empty() && credential.region != expected.region))
        message += "Credential should be scoped to a valid region, not '" + std::string(credential.region) + "'. ";
    if (credential.service != expected.service)
        message += "Credential should be scoped to correct service: '" + std::string(expected.service) + "'. ";
    if (credential.terminator != kTerminator)
        message += "Credential should be scoped with a valid terminator: 'aws4_request', not '" +
                   std::string(credential.terminator) + "'. ";
    const std::string_view day = std::string_view(claim.time).substr(0, 8);
    if (credential.date != day)
        message += "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '" +
                   std::string(credential.date) + "' != '" + std::string(day) + "', from '" + claim.time + "'. ";
    if (message.empty()) return std::nullopt;
    return Fail(SigV4Fault::kWrongScope, std::move(message));
}

bool IsSignatureText(std::string_view text) {
    return text.size() == kSignatureSize && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

bool SignatureMatches(const SignableRequest& request, const SigV4Claim& claim, const CredentialParts& credential,
                      const Secret& secret) {
    const std::string payload_hash = HexEncode(Sha256(request.body));
    // What the header says of the body must be so before anybody acts on the body; this refuses the keywords too.
    const auto declared = FindHeader(request.headers, "x-amz-content-sha256");
    if (declared && !ConstantTimeEqual(*declared, payload_hash)) return false;
    const auto canonical = CanonicalRequest(request, claim.signed_headers, payload_hash);
    if (!canonical || !IsSignatureText(claim.signature)) return false;
    const SigV4Scope scope{credential.date, credential.region, credential.service};
    return ConstantTimeEqual(SigV4Signature(DeriveSigV4Key(secret, scope), StringToSign(claim.time, scope, *canonical)),
                             claim.signature);
}

SigV4Result Verify(const SignableRequest& request, const SigV4Claim& claim, const SigV4Expectation& expected,
                   FindSecretAccessKey find) {
    const auto signed_at = ParseIso8601Basic(claim.time);
    if (!signed_at)
        return Fail(SigV4Fault::kIncomplete, "Date must be in ISO-8601 'basic format'. Got '" + claim.time +
                                                 "'. See http://en.wikipedia.org/wiki/ISO_8601");
    if (auto failure = CheckTime(claim, *signed_at, expected)) return *failure;
    if (auto failure = CheckSignedHeaders(claim, request)) return *failure;
    if (claim.algorithm != kAlgorithm)
        return Fail(SigV4Fault::kIncomplete,
                    "Unsupported AWS 'algorithm': '" + claim.algorithm + "' (only AWS4-HMAC-SHA256 for now). ");
    const auto credential = SplitCredential(claim.credential);
    if (!credential)
        return Fail(
            SigV4Fault::kIncomplete,
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" +
                claim.credential + "'");
    if (auto failure = CheckScope(claim, *credential, expected)) return *failure;
    const std::string_view token = claim.session_token ? claim.session_token->Reveal() : std::string_view();
    const auto secret = find(credential->access_key_id, token);
    if (!secret) return Fail(SigV4Fault::kUnknownKey, "The security token included in the request is invalid.");
    if (!SignatureMatches(request, claim, *credential, *secret)) return Fail(SigV4Fault::kMismatch, kMismatchText);
    return SigV4Caller{std::string(credential->access_key_id),
                       std::string(credential->region),
                       std::string(credential->service),
                       claim.session_token,
                       *signed_at,
                       claim.presigned};
}

}  // namespace

SigV4Result VerifySigV4(const SignableRequest& request, const SigV4Expectation& expected, FindSecretAccessKey find) {
    if (auto failure = CheckSize(request)) return *failure;
    if (auto failure = CheckDuplicates(request)) return *failure;
    const auto claim = ReadSigV4Claim(request);
    if (const auto* failure = std::get_if<SigV4Failure>(&claim)) return *failure;
    return Verify(request, std::get<SigV4Claim>(claim), expected, find);
}

std::optional<ClaimedCredential> ReadClaimedCredential(const SignableRequest& request) {
    if (CheckSize(request)) return std::nullopt;
    const auto read = ReadSigV4Claim(request);
    const auto* claim = std::get_if<SigV4Claim>(&read);
    const auto parts = claim ? SplitCredential(claim->credential) : std::nullopt;
    if (!parts) return std::nullopt;
    return ClaimedCredential{std::string(parts->access_key_id), std::string(parts->date), std::string(parts->region),
                             std::string(parts->service)};
}

}  // namespace cardea
