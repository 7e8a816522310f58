#pragma once
// Signed tokens: JWS in its compact form (RFC 7515 §3.1) with RS256, as Cognito writes it.
//
//   const std::string token = SignJwt(key, payload_json);
//
//   const auto jwt = ParseJwt(text);                          // nothing where it is no token
//   const auto kid = JwtKid(jwt->header);                     // nothing where it is no header of ours
//   if (kid && VerifyJwt(*jwt, *kid, *keys.at(*kid))) …       // then read jwt->payload
//
// What a payload says counts only after VerifyJwt. Everything here is thread-safe.

#include <optional>
#include <string>
#include <string_view>

#include "crypto/signing_key.h"

namespace cardea {

// An access token names up to 100 groups of 128 characters each.
inline constexpr std::size_t kMaxJwtSize = 64 * 1024;

// The token; its header is exactly {"kid":"…","alg":"RS256"} (fact sheet user pools E.1). `payload_json` is written as
// it is. The kid needs no escaping: it is base64. Throws std::runtime_error where OpenSSL fails.
std::string SignJwt(const SigningKey& key, std::string_view payload_json);

// A token taken apart; nothing in it has been verified.
struct Jwt {
    std::string header;         // JSON, or so it says
    std::string payload;        // likewise
    std::string signing_input;  // what the signature is over
    std::string signature;      // raw
};

// Nothing where the text is longer than kMaxJwtSize, or is not three parts of canonical base64url with none empty.
std::optional<Jwt> ParseJwt(std::string_view text);

// The kid of a header that SignJwt wrote, or one with the two members in the other order. Nothing for every other
// header, whatever a JSON reader would say of it: so no other algorithm, no "crit" (RFC 7515 §4.1.11), no second "alg".
std::optional<std::string> JwtKid(std::string_view header);

// Whether the token's header names RS256 and this kid, and `key` made its signature.
bool VerifyJwt(const Jwt& jwt, std::string_view kid, const VerifyKey& key);

}  // namespace cardea
