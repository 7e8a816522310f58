#pragma once
// Hexadecimal text (RFC 4648 §8).
//
//   HexEncode("\x0f\xa0")     // "0fa0"

#include <optional>
#include <string>
#include <string_view>

namespace cardea {

// Two lower-case digits a byte.
std::string HexEncode(std::string_view bytes);
// Takes either case. Nothing where the length is odd or a character is no digit.
std::optional<std::string> HexDecode(std::string_view text);

}  // namespace cardea
