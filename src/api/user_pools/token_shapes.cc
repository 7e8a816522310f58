#include "api/user_pools/token_shapes.h"

namespace cardea {

AuthenticationResult ToWire(IssuedTokens tokens) {
    return {.access_token = std::move(tokens.access_token),
            .expires_in = tokens.expires_in,
            .token_type = "Bearer",
            .refresh_token = std::move(tokens.refresh_token),
            .id_token = std::move(tokens.id_token),
            .new_device_metadata = std::nullopt};
}

}  // namespace cardea
