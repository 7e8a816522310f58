#pragma once
// SRP-6a, the server's side, bit for bit as Cognito's clients expect it (fact sheet user pools D.5 and D.14).
//
//   const SrpVerifier stored = MakeVerifier(random, pool_name, user_id, password);          // when it is set
//   if (CheckPassword(stored, pool_name, user_id, password)) …                              // when it comes in clear
//
//   const SrpChallenge challenge = StartSrp(random, stored);                                // first call
//   const auto key = FinishSrp(stored, SrpFromHex(srp_a).value(), challenge);               // second call
//   if (key && ConstantTimeEqual(ClaimSignature(*key, claim), signature)) …
//
// The identity is two texts: the pool's name (its id after the '_') and USER_ID_FOR_SRP for a password, the device
// group key and the device key for a device. Nothing is kept between the two calls but the challenge, which the caller
// seals into its session. What depends on a secret takes the same time for every value of it. Thread-safe.

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/secret.h"
#include "crypto/srp_power.h"

namespace cardea {

// What is stored of a password. Whoever reads it can try passwords at the price of one exponentiation each: seal it.
struct SrpVerifier {
    std::string salt;  // big-endian; 16 bytes of which the first is not zero where it was made here
    Secret verifier;   // v = g^x mod N, 384 bytes, big-endian
};

SrpVerifier MakeVerifier(Random& random, std::string_view pool_name, std::string_view user_id, const Secret& password);
// With a given salt: v where the salt is another password's.
Secret ComputeVerifier(std::string_view salt, std::string_view pool_name, std::string_view user_id,
                       const Secret& password);
// Whether the password is the verifier's. One exponentiation, about 105 µs.
bool CheckPassword(const SrpVerifier& stored, std::string_view pool_name, std::string_view user_id,
                   const Secret& password);
// What a client sent as its device's verifier and salt (big-endian, perhaps with a zero in front): nothing where the
// salt is empty or longer than 64 bytes, or the number is not between 2 and N - 2.
std::optional<SrpVerifier> AcceptVerifier(std::string_view salt, std::string_view verifier);
// A verifier for a name that nobody has: the same for the same name and key (DeriveKey's), and told from a real one by
// nobody. No password is known for it.
SrpVerifier UnknownUserVerifier(const Secret& key, std::string_view pool_name, std::string_view name);

// x = H(PAD(salt) ‖ H(pool_name ‖ user_id ‖ ":" ‖ password)), 32 bytes.
Secret SrpPrivateKey(std::string_view salt, std::string_view pool_name, std::string_view user_id,
                     const Secret& password);

// A number as clients send it: hexadecimal in either case, of odd length too, up to 770 digits. The big-endian bytes
// without leading zeros, or nothing.
std::optional<std::string> SrpFromHex(std::string_view hex);

// The server's half of an exchange.
struct SrpChallenge {
    Secret private_b;      // 32 bytes
    std::string public_b;  // B = k·v + g^b mod N, big-endian without leading zeros: SRP_B is its HexEncode
};
SrpChallenge StartSrp(Random& random, const SrpVerifier& stored);
// The same with a b that the caller has, 32 bytes (CHECKed); nothing where B would be zero.
std::optional<SrpChallenge> StartSrpWith(Secret private_b, const SrpVerifier& stored);

// K (16 bytes), which the client has too if it knows the password; nothing for an A that is zero modulo N or longer
// than 385 bytes, or where u is zero. Two exponentiations, about 810 µs.
std::optional<Secret> FinishSrp(const SrpVerifier& stored, std::string_view public_a, const SrpChallenge& challenge);

// What PASSWORD_CLAIM_SIGNATURE signs.
struct SrpClaim {
    std::string_view pool_name;
    std::string_view user_id;
    std::string_view secret_block;  // decoded
    std::string_view timestamp;     // as sent
};
// HMAC-SHA256(K, pool_name ‖ user_id ‖ secret_block ‖ timestamp): 32 bytes, to be compared with ConstantTimeEqual.
std::string ClaimSignature(const Secret& key, const SrpClaim& claim);

}  // namespace cardea
