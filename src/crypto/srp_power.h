#pragma once
// Powers of SRP's generator: the exponentiation that a password check, a new password and the start of an exchange
// cost, four times as fast as a general one because everything that depends on the base alone was computed before.
//
//   const std::string verifier = FixedBasePower(x);

#include <string>

#include "base/secret.h"

namespace cardea {

inline constexpr std::size_t kSrpExponentSize = 32;
inline constexpr std::size_t kSrpNumberSize = 384;

// 2^exponent mod N, for a big-endian exponent of 32 bytes (CHECKed): 384 bytes, big-endian. Takes about 105 µs, the
// same time and the same memory accesses for every exponent. The first call builds a table of 1 MiB (a few
// milliseconds). Thread-safe.
Secret FixedBasePower(const Secret& exponent);

}  // namespace cardea
