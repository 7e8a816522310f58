#pragma once
// Prefixes as ranges: the texts that start with `prefix` are those from the prefix up to EndOfPrefix(prefix), where
// texts compare byte by byte.

#include <optional>
#include <string>
#include <string_view>

namespace cardea {

// The smallest text above all texts that start with the prefix; nothing where there is none (the empty prefix, and
// U+10FFFF repeated). UTF-8 stays UTF-8: the last character becomes the next one, not its last byte.
std::optional<std::string> EndOfPrefix(std::string_view prefix);

}  // namespace cardea
