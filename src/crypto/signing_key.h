#pragma once
// The keys of tokens: RSA signatures RS256 (RFC 7518 §3.3: RSASSA-PKCS1-v1_5 with SHA-256).
//
//   const GeneratedKey made = GenerateSigningKey(random);                    // 134 ms: make them ahead
//   const auto key = SigningKey::Load(made.kid, made.pkcs8);
//   const std::string signature = key->Sign(message);                        // about 197 µs
//
//   const auto published = VerifyKey::Load(made.modulus, made.exponent);
//   published->Verify(message, signature);                                   // about 13 µs

#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/secret.h"
#include "crypto/pkey_contexts.h"

namespace cardea {

// The public half, as a JWK writes it (RFC 7518 §6.3.1): base64url of big-endian numbers.
struct RsaPublicKey {
    std::string modulus;   // "n"
    std::string exponent;  // "e", "AQAB" for keys made here
};

// A new pair, to be sealed and stored.
struct GeneratedKey {
    std::string kid;  // base64 with padding of 32 random bytes: 44 characters (fact sheet user pools E.1)
    Secret pkcs8;     // the private key, DER
    std::string modulus;
    std::string exponent;
};

// RSA-2048 with the exponent 65537. The kid comes from `random`, the primes from OpenSSL's own generator. Takes 134 ms
// on average. Throws std::runtime_error where OpenSSL fails.
GeneratedKey GenerateSigningKey(Random& random);

// A private key, ready to sign. Thread-safe; held by unique_ptr because its contexts do not move.
class SigningKey {
 public:
    // From PKCS#8 DER. Null where the bytes are no RSA private key of 2048 to 4096 bits.
    static std::unique_ptr<SigningKey> Load(std::string kid, const Secret& pkcs8);

    const std::string& Kid() const { return kid_; }
    RsaPublicKey Public() const;
    // The raw signature, as long as the modulus (256 bytes for RSA-2048). Throws std::runtime_error where OpenSSL
    // fails.
    std::string Sign(std::string_view message) const;

 private:
    SigningKey(std::string kid, PkeyContexts::Key key);
    std::string kid_;
    PkeyContexts contexts_;
};

// A public key, ready to verify. Thread-safe.
class VerifyKey {
 public:
    // From a JWK's members n and e, which may come from outside. Null where they are not canonical base64url, or are
    // no key of 2048 to 4096 bits with an odd exponent from 3 to 2^32.
    static std::unique_ptr<VerifyKey> Load(std::string_view modulus, std::string_view exponent);

    bool Verify(std::string_view message, std::string_view signature) const;

 private:
    explicit VerifyKey(PkeyContexts::Key key);
    PkeyContexts contexts_;
};

}  // namespace cardea
