#pragma once
// Argon2id (RFC 9106) hashes of passwords, for pools that give SRP up, in the PHC string format:
//
//   $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>        (both base64 without padding)
//
//   const std::string stored = HashPassword(random, password);       // 13 ms and 19 MiB
//   if (VerifyPasswordHash(stored, password)) …                      // the same
//
// Thread-safe. Each call takes its memory and gives it back, so callers bound how many run at once.

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/secret.h"

namespace cardea {

// With 19 MiB, two passes, one lane, a salt of 16 bytes and a hash of 32. Throws std::runtime_error where memory has
// run out.
std::string HashPassword(Random& random, const Secret& password);

// Whether the hash is the password's, compared in constant time. Reads Argon2id strings of other parameters too (an
// imported user's): version 19, up to 256 MiB, 10 passes and 16 lanes, a salt of 8 to 64 bytes, a hash of 16 to 64.
// False for every other text.
bool VerifyPasswordHash(std::string_view stored, const Secret& password);

// Whether the hash has other parameters than HashPassword gives, so that it is worth making anew after a sign-in.
bool NeedsRehash(std::string_view stored);

}  // namespace cardea
