#pragma once
// Text as AWS's services count it.

#include <cstddef>
#include <string_view>

namespace cardea {

// The length in UTF-16 code units, which is what AWS's length limits count. `text` is valid UTF-8.
std::size_t Utf16Length(std::string_view text);

}  // namespace cardea
