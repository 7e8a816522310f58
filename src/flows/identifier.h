#pragma once
// Every id, code and secret that Cardea makes: one named function each, which states its alphabet and its bits.

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/secret.h"
#include "model/client.h"
#include "model/group.h"
#include "model/user.h"

namespace cardea {

// "<region>_" and 9 of [0-9A-Za-z]: 53 bits. Not a secret; the store refuses a second one.
PoolId NewPoolId(Random& random, std::string_view region);
// 26 of [0-9a-z]: 134 bits.
ClientId NewClientId(Random& random);
// 52 of [0-9a-z]: 268 bits.
Secret NewClientSecret(Random& random);
// 8-4-4-4-12 lower-case hex without version bits, as a Cognito sub is: 128 bits.
UserId NewUserId(Random& random);
// 22 of [0-9A-Za-z]: 130 bits.
GroupId NewGroupId(Random& random);
// 6 digits: 20 bits; guesses are limited by the code's attempt counter.
Secret NewCode(Random& random);
// At least 12 characters that satisfy the pool's policy: 70 bits or more.
Secret NewTemporaryPassword(Random& random, const PasswordPolicy& policy);
// UUID version 4: 122 bits. For jti, origin_jti and sessions.
std::string NewTokenId(Random& random);
// "AKIA" and 16 of [A-Z2-7]: 80 bits; not a secret.
std::string NewAccessKeyId(Random& random);
// 40 of [A-Za-z0-9+/]: 240 bits.
Secret NewSecretAccessKey(Random& random);

}  // namespace cardea
