#pragma once
// The account's access keys: what operations under IAM are signed with. Until IAM comes each key is the account's root.

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "flows/context.h"

namespace cardea {

struct AccessKey {
    std::string id;  // "AKIA…"
    Secret secret;   // shown once, to whoever made the key
};

// Makes a key and keeps it, sealed under the account's data key.
AccessKey CreateAccessKey(Services& services);
// The secret of that key, nothing where there is none.
std::optional<Secret> SecretOfAccessKey(Services& services, std::string_view id);

}  // namespace cardea
