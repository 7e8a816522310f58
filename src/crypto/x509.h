#pragma once
// A certificate that vouches for itself, for https on a developer's machine.
//
//   const std::string names[] = {"localhost", "*.auth.localhost", "127.0.0.1", "::1"};
//   const Certificate made = MakeSelfSignedCertificate(random, names, now, std::chrono::days(90));
//
// Browsers and clients trust it only where they are told to. OpenSSL matches no wildcard directly below a top-level
// name:
// "*.localhost" would be written and never match there.

#include <chrono>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/secret.h"

namespace cardea {

struct Certificate {
    std::string certificate_pem;
    Secret private_key_pem;  // PKCS#8
};

// ECDSA P-256 with SHA-256, for server authentication, valid from a day before `now` (clocks differ) to `now` +
// `valid_for`. Each name is a DNS name, with a wildcard perhaps, or an IP address of either kind; there is at least one
// (CHECKed). They stand in subjectAltName; the first is the subject too. Throws std::runtime_error where OpenSSL fails
// or a name is longer than 253 bytes or has characters beyond a-z A-Z 0-9 - . _ *.
Certificate MakeSelfSignedCertificate(Random& random, std::span<const std::string> names, Instant now,
                                      std::chrono::seconds valid_for);

}  // namespace cardea
