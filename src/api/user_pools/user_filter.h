#pragma once
// The filter of ListUsers (fact sheet user pools C.10).
//
//   ParseUserFilter(R"(email ^= "jo")")   // e-mail addresses that begin with jo

#include <optional>
#include <string_view>

#include "store/users.h"

namespace cardea {

// `attribute = "value"` or `attribute ^= "value"`, where `\"` is a quote inside the value and `\\` a backslash; an
// empty text is all users. Nothing where no user can match (a status that there is not). Throws
// InvalidParameterException "Error while parsing filter" or "Invalid search attribute: custom:foo". One pass over the
// text.
std::optional<UserFilter> ParseUserFilter(std::string_view text);

}  // namespace cardea
