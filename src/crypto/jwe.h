#pragma once
// Encrypted tokens: JWE in its compact form (RFC 7516 §3.1) with the key agreed beforehand ("dir", RFC 7518 §4.5) and
// AES-256-GCM ("A256GCM", §5.3).
//
//   const std::string token = EncryptJwe(key, R"({"cty":"JWT","enc":"A256GCM","alg":"dir","kid":"…"})", claims,
//   random);
//
//   const auto jwe = ParseJwe(text);                   // nothing where it is no token
//   const auto claims = DecryptJwe(KeyFor(jwe->header), *jwe);
//
// The header is readable by everybody and covered by the tag; it decides nothing but which key to try. Thread-safe.

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/secret.h"

namespace cardea {

inline constexpr std::size_t kMaxJweSize = 8 * 1024;

// The token, `header..nonce.ciphertext.tag`, with `header_json` as it is. The key is 32 bytes (CHECKed), and serves at
// most 2^32 times, because the nonce is random. CHECKs that the token stays within kMaxJweSize: a caller limits what
// it puts in.
std::string EncryptJwe(const Secret& key, std::string_view header_json, std::string_view plaintext, Random& random);

// A token taken apart; nothing in it has been verified.
struct Jwe {
    std::string header;           // JSON, or so it says
    std::string associated_data;  // the header as it was sent
    std::string nonce;            // 12 bytes
    std::string sealed;           // ciphertext and tag
};
// Nothing where the text is longer than kMaxJweSize, or is not five parts of canonical base64url of which the second
// (an encrypted key) is empty and nonce and tag have their sizes.
std::optional<Jwe> ParseJwe(std::string_view text);

// The plaintext, or nothing where the token was not made with this key. The key is 32 bytes (CHECKed).
std::optional<Secret> DecryptJwe(const Secret& key, const Jwe& jwe);

}  // namespace cardea
