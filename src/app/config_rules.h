#pragma once
// What must hold between the values of a configuration, and what production demands of them.

#include "app/config.h"

namespace cardea {

// Completes the values that follow from others (the store's path, the listeners, the SMS transports), and adds a
// mistake, with the key and where its value is from, for each rule that does not hold.
void ApplyRules(ConfigResult& result);

}  // namespace cardea
