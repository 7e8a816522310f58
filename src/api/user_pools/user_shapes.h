#pragma once
// A user as the API shows it.

#include <vector>

#include "api/user_pools/shapes.h"
#include "model/attribute.h"
#include "model/user.h"

namespace cardea {

// "sub" first, then the others by name (fact sheet user pools C.9).
std::vector<Attribute> ToWire(const UserId& id, const Attributes& attributes);
// What an administrator sees: all attributes.
UserType ToWire(const User& user);

}  // namespace cardea
