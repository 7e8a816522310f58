#pragma once
// AES-256-GCM (NIST SP 800-38D): encrypts bytes and binds other bytes, which stay readable, to them.
//
//   const std::string sealed = AesGcmSeal(key, nonce, "users|42|totp", seed.Reveal());
//   const auto seed = AesGcmOpen(key, nonce, "users|42|totp", sealed);     // nothing where anything was changed
//
// A nonce must never serve twice under one key. crypto/seal.h is what callers outside this folder usually want: it
// chooses keys and nonces itself.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace cardea {

inline constexpr std::size_t kAesGcmKeySize = 32;
inline constexpr std::size_t kAesGcmNonceSize = 12;
inline constexpr std::size_t kAesGcmTagSize = 16;

// The ciphertext, as long as the plaintext, and after it the tag (16 bytes). CHECKs the sizes of key (32 bytes) and
// nonce (12 bytes). Thread-safe.
std::string AesGcmSeal(const Secret& key, std::string_view nonce, std::string_view aad, std::string_view plaintext);

// The plaintext, or nothing where the key, the nonce, the associated data or the sealed bytes are not those of the
// sealing. CHECKs the key's size; a nonce or text of another size is refused as forged. Thread-safe.
std::optional<Secret> AesGcmOpen(const Secret& key, std::string_view nonce, std::string_view aad,
                                 std::string_view sealed);

}  // namespace cardea
