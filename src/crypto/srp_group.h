#pragma once
// The group of SRP-6a as Cognito uses it (fact sheet user pools D.5), and what both sides compute in it. For this
// folder's .cc files only: it shows OpenSSL's numbers.
//
// H is SHA-256; PAD writes a number as the fewest big-endian bytes of its two's complement, so with a zero in front
// where the top bit is set, and never padded to the modulus' length.

#include <string>
#include <string_view>

#include "base/secret.h"
#include "crypto/openssl.h"

namespace cardea {

using BigNumberContextPtr = std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>>;
using MontgomeryPtr = std::unique_ptr<BN_MONT_CTX, FreeWith<BN_MONT_CTX_free>>;

// Numbers that never change, made once. Read-only afterwards, so all threads share it.
struct SrpGroup {
    BigNumberPtr modulus;      // N, 3072 bits (RFC 5054 appendix A)
    BigNumberPtr generator;    // g = 2
    BigNumberPtr multiplier;   // k = H(PAD(N) ‖ PAD(g))
    MontgomeryPtr montgomery;  // of N
};
const SrpGroup& Group();

// OpenSSL's scratch space of this thread.
BN_CTX* SrpScratch();

// A new number from big-endian bytes. Throws std::bad_alloc where memory has run out, as do the others here.
BigNumberPtr ToNumber(std::string_view bytes);
BigNumberPtr NewNumber();
// Big-endian, with leading zeros up to `size` bytes; the number fits. The text may be secret: wrap it.
std::string ToBytes(const BIGNUM* number, std::size_t size);
// Big-endian without leading zeros.
std::string ToBytes(const BIGNUM* number);

// PAD of a number that is given as big-endian bytes, with or without leading zeros.
std::string SrpPad(std::string_view bytes);

// u = H(PAD(A) ‖ PAD(B)).
std::string SrpScrambler(std::string_view public_a, std::string_view public_b);
// K: HKDF of PAD(S) with the salt PAD(u), 16 bytes.
Secret SrpSessionKey(const BIGNUM* premaster, std::string_view scrambler);

}  // namespace cardea
