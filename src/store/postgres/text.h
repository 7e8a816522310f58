#pragma once
// Text as PostgreSQL can hold it: UTF-8 without U+0000. What else a text has is escaped: U+0000 and U+0001 by U+0001,
// U+10FFFF and bytes that are not UTF-8 by U+10FFFF. The order of texts that are UTF-8, and their prefixes, stay what
// they were, and a text that is not UTF-8 can be asked for and is not found.

#include <string>
#include <string_view>

namespace cardea::postgres {

// Whether the text is written otherwise than it is.
bool NeedsEscape(std::string_view text);
std::string Escape(std::string_view text);
// Whether a stored text may read otherwise than it is stored.
bool IsEscaped(std::string_view stored);
std::string Unescape(std::string_view stored);

}  // namespace cardea::postgres
