#pragma once
// Regular expressions of the AWS model, matched against a whole value in linear time (RE2).

#include <string_view>

namespace cardea {

// Whether the whole text matches. `pattern` must be a literal of this program (its address is the cache's key) and
// must compile: CHECKed. Text that is not UTF-8 matches nothing. Thread-safe.
bool MatchesPattern(std::string_view pattern, std::string_view text);

}  // namespace cardea
