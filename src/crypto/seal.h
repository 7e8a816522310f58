#pragma once
// Secrets at rest: a master key wraps data keys, and a data key seals the fields of rows.
//
//   const MasterKey master("2026-11", Secret(bytes));
//   const Secret fresh = MakeKey(random);
//   const std::string wrapped = WrapKey(master, "pool|us-east-1_abc|1", fresh);      // 40 bytes, to be stored
//
//   const DataKey key(1, UnwrapKey(master, "pool|us-east-1_abc|1", wrapped).value());
//   const std::string blob = Seal(key, random, "totp", "users|42|totp", seed.Reveal());
//   const auto seed = Open(key, "totp", "users|42|totp", blob);
//
// The master key does not live on the database's host. Rotating it wraps the data keys anew and touches no row;
// deleting a wrapped data key destroys all that was sealed with it.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/guarded.h"
#include "base/random.h"
#include "base/secret.h"

namespace cardea {

inline constexpr std::size_t kKeySize = 32;

// 32 bytes that nobody can predict.
Secret MakeKey(Random& random);

// The key that wraps data keys. The id names it beside what it wrapped; it is no secret.
class MasterKey {
 public:
    // `bytes` are 32 and uniformly random: CHECKed, so whoever reads them from a file looks at their number first.
    MasterKey(std::string id, Secret bytes);
    const std::string& KeyId() const { return id_; }
    const Secret& Bytes() const { return bytes_; }

 private:
    std::string id_;
    Secret bytes_;
};

// AES-256-KWP (RFC 5649, NIST SP 800-38F) of a 32-byte key: 40 bytes. The wrapping key is derived from the master key
// and `context`, which names the row, so that wrapped keys cannot change places. Thread-safe.
std::string WrapKey(const MasterKey& master, std::string_view context, const Secret& key);
// The key, or nothing where the master key, the context or the wrapped bytes are not those of the wrapping.
std::optional<Secret> UnwrapKey(const MasterKey& master, std::string_view context, std::string_view wrapped);

// A key that seals fields. Keys for each purpose are derived from it and kept, so it is held by one owner and shared
// by reference. Thread-safe.
class DataKey {
 public:
    // CHECKs that `bytes` are 32.
    DataKey(std::uint32_t version, Secret bytes);
    DataKey(const DataKey&) = delete;
    DataKey& operator=(const DataKey&) = delete;

    std::uint32_t Version() const { return version_; }
    // HKDF-SHA256 of the key with `label` as info (32 bytes); the reference lives as long as this object. A label is a
    // constant of the program: more than 256 of them are a programmer's mistake.
    const Secret& ForLabel(std::string_view label) const;

 private:
    std::uint32_t version_;
    Secret bytes_;
    // unique_ptr: the references that were given out outlive a rehash.
    mutable Guarded<std::unordered_map<std::string, std::unique_ptr<const Secret>>> derived_;
};

// AES-256-GCM under a key derived for `purpose`. The blob is
//
//   format (1 byte, 1) | data key version (4 bytes, big-endian) | nonce (12) | ciphertext | tag (16)
//
// and `aad` names the row and column ("users|42|totp"), so that blobs cannot change places. The nonce is random: one
// purpose of one data key may seal 2^32 times (NIST SP 800-38D §8.3) before the chance that two nonces meet reaches
// 2^-33; replace the data key before that. Thread-safe.
std::string Seal(const DataKey& key, Random& random, std::string_view purpose, std::string_view aad,
                 std::string_view plaintext);
// What was sealed, or nothing where the blob is not of this key's version, or key, purpose, aad or bytes are not those
// of the sealing. Thread-safe.
std::optional<Secret> Open(const DataKey& key, std::string_view purpose, std::string_view aad, std::string_view blob);
// The same with the key of the ring whose version the blob names. shared_ptr, because rings are kept so by their owner.
std::optional<Secret> Open(std::span<const std::shared_ptr<const DataKey>> ring, std::string_view purpose,
                           std::string_view aad, std::string_view blob);
// The version of the data key that sealed the blob; nothing where it is no blob of a known format.
std::optional<std::uint32_t> SealedVersion(std::string_view blob);

// A key (32 bytes) for one thing of a purpose, such as one token: the same for the same context (which may come from
// outside), and unrelated to what Seal uses for that purpose. Thread-safe.
Secret DeriveKey(const DataKey& key, std::string_view purpose, std::string_view context);

}  // namespace cardea
