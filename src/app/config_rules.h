#pragma once
// What must hold between the values of a configuration, and what production demands of them.

#include "app/config.h"

namespace cardea {

// Completes the values that follow from others (the store's path, the listeners, the SMS transports), and adds a
// mistake, with the key and where its value is from, for each rule that does not hold.
void ApplyRules(ConfigResult& result);

// Whether the value of `store` is a URL with a password in it: such a one is refused, and not printed.
bool HoldsPassword(std::string_view store);

}  // namespace cardea
