#pragma once
// SRP-6a, the client's side, for tests and load generators: what an SDK computes (fact sheet user pools D.5).
//
//   const SrpClient client(Secret(RandomBytes(random, 128)));
//   send(HexEncode(client.PublicA()));
//   const auto key = client.Key(SrpFromHex(srp_b).value(), SrpPrivateKey(salt, pool_name, user_id, password));
//   send(Base64Encode(ClaimSignature(*key, claim)));

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace cardea {

class SrpClient {
 public:
    // `private_a` is taken modulo N: 1 to 384 bytes, CHECKed.
    explicit SrpClient(Secret private_a);

    // A = g^a mod N, big-endian without leading zeros.
    const std::string& PublicA() const { return public_a_; }
    // K (16 bytes) from the server's B and x (SrpPrivateKey); nothing where B is zero modulo N or u is zero.
    std::optional<Secret> Key(std::string_view public_b, const Secret& x) const;

 private:
    Secret private_a_;
    std::string public_a_;
};

}  // namespace cardea
