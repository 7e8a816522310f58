#pragma once
// Base64 in its two spellings (RFC 4648): the standard one with padding (§4) and the one for URLs without (§5).
//
//   Base64Encode("hi")            // "aGk="
//   Base64UrlDecode("aGk")        // "hi"
//
// Decoding is strict: one text for one value. White space, a missing or superfluous padding, the other spelling's
// characters and unused bits that are not zero are refused, so that two texts never stand for the same token.

#include <optional>
#include <string>
#include <string_view>

namespace cardea {

// With padding, alphabet A–Z a–z 0–9 + /.
std::string Base64Encode(std::string_view bytes);
// Nothing where the text is not canonical base64 with padding. The empty text stands for no bytes.
std::optional<std::string> Base64Decode(std::string_view text);

// Without padding, alphabet A–Z a–z 0–9 - _ (what RFC 7515 calls BASE64URL).
std::string Base64UrlEncode(std::string_view bytes);
// Nothing where the text is not canonical base64url, or has padding.
std::optional<std::string> Base64UrlDecode(std::string_view text);

}  // namespace cardea
