#pragma once
// Owners of OpenSSL's objects, for this folder's .cc files only: no public header includes this one.
//
//   const PkeyPtr key(EVP_PKEY_new());
//   RequireOpenSsl(EVP_DigestInit_ex2(…) == 1, "SHA-256");

#include <memory>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <string_view>

namespace cardea {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<EVP_CIPHER_CTX_free>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using PkeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
using BigNumberPtr = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>;

// Throws std::runtime_error, with OpenSSL's reason, where `succeeded` is false: memory has run out or the library is
// broken. Empties the thread's error queue. Never for what input can bring about.
void RequireOpenSsl(bool succeeded, std::string_view what);

inline const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
inline unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace cardea
