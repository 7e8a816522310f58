#include "api/user_pools/user_shapes.h"

namespace cardea {

std::vector<Attribute> ToWire(const UserId& id, const Attributes& attributes) {
    std::vector<Attribute> out;
    out.reserve(attributes.size() + 1);
    out.push_back({"sub", id.Text()});
    for (const auto& [name, value] : attributes) out.push_back({name, value});
    return out;
}

UserType ToWire(const User& user) {
    return {.username = user.username,
            .attributes = ToWire(user.id, user.attributes),
            .user_create_date = user.created_at,
            .user_last_modified_date = user.modified_at,
            .enabled = user.enabled,
            .user_status = user.status,
            .mfa_options = std::nullopt};
}

}  // namespace cardea
