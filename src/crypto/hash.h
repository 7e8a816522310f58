#pragma once
// SHA-256 (FIPS 180-4), HMAC-SHA256 (RFC 2104) and HKDF-SHA256 (RFC 5869).
//
//   HexEncode(Sha256("abc"))                      // "ba7816bf…"
//   Base64Encode(HmacSha256(secret, username + client_id))
//
// Everything here is thread-safe, except that a Sha256Stream belongs to one thread at a time.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/secret.h"

struct evp_md_ctx_st;

namespace cardea {

inline constexpr std::size_t kSha256Size = 32;

// The digest: 32 bytes.
std::string Sha256(std::string_view bytes);
// The code: 32 bytes. A key may have any length. Put the result into a Secret where it is a key in its turn.
std::string HmacSha256(std::string_view key, std::string_view message);

// A digest of parts, so that they need not be joined.
//
//   Sha256Stream stream;
//   stream.Update(pool).Update(user).Update(":").Update(password.Reveal());
//   const std::string digest = stream.Finish();
class Sha256Stream {
 public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(const Sha256Stream&) = delete;
    Sha256Stream& operator=(const Sha256Stream&) = delete;

    Sha256Stream& Update(std::string_view bytes);
    // The digest (32 bytes) of all that came since the last Finish; the stream may be used again.
    std::string Finish();

 private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// RFC 5869 §2.2 and §2.3: a key of `length` bytes (at most 255 · 32) from key material of any shape.
Secret Hkdf(std::string_view key_material, std::string_view salt, std::string_view info, std::size_t length);
// RFC 5869 §2.3 alone, for a key that is uniformly random already (§3.3).
Secret HkdfExpand(std::string_view key, std::string_view info, std::size_t length);

}  // namespace cardea
