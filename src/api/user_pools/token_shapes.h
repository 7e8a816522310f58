#pragma once
// Tokens as the API shows them.

#include "api/user_pools/shapes.h"
#include "flows/issue_tokens.h"

namespace cardea {

// The members of AuthenticationResult (fact sheet user pools D.1). This build tracks no devices.
AuthenticationResult ToWire(IssuedTokens tokens);

}  // namespace cardea
