#pragma once
// Percent-encoding (RFC 3986 §2.1), as URLs and AWS's signatures write it.
//
//   PercentEncode("a b/c")                  // "a%20b%2Fc"
//   PercentEncode("a b/c", Slash::kKeep)    // "a%20b/c"
//
// A '+' is a plus sign here: what stands for a blank in forms is the form reader's business.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cardea {

enum class Slash : std::uint8_t { kEncode, kKeep };

// Keeps the unreserved characters (A–Z a–z 0–9 - . _ ~, RFC 3986 §2.3) and writes every other byte as %XX, upper case.
std::string PercentEncode(std::string_view bytes, Slash slash = Slash::kEncode);
// Nothing where a '%' is not followed by two hexadecimal digits. Every other byte stands for itself.
std::optional<std::string> PercentDecode(std::string_view text);

}  // namespace cardea
