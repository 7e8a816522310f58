#include "crypto/aead.h"

#include <climits>
#include <openssl/err.h>

#include "base/check.h"
#include "crypto/openssl.h"

namespace cardea {

namespace {

const EVP_CIPHER* Algorithm() {
    static const EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    RequireOpenSsl(fetched != nullptr, "AES-256-GCM");
    return fetched;
}

// One a thread: making one costs half as much again as sealing a short text. Key and nonce are given anew each time.
EVP_CIPHER_CTX* ThreadContext() {
    static thread_local const CipherContextPtr context(EVP_CIPHER_CTX_new());
    RequireOpenSsl(context != nullptr, "cipher");
    return context.get();
}

// OpenSSL counts in int.
bool Fits(std::string_view bytes) { return bytes.size() <= INT_MAX - kAesGcmTagSize; }
int Size(std::string_view bytes) { return static_cast<int>(bytes.size()); }

}  // namespace

std::string AesGcmSeal(const Secret& key, std::string_view nonce, std::string_view aad, std::string_view plaintext) {
    CHECK(key.Reveal().size() == kAesGcmKeySize && nonce.size() == kAesGcmNonceSize);
    CHECK(Fits(aad) && Fits(plaintext));
    EVP_CIPHER_CTX* context = ThreadContext();
    std::string out(plaintext.size() + kAesGcmTagSize, '\0');
    int size = 0;
    bool done = EVP_EncryptInit_ex2(context, Algorithm(), Bytes(key.Reveal()), Bytes(nonce), nullptr) == 1;
    // OpenSSL 3.0 takes an empty part with a null pointer for the end of the data.
    if (!aad.empty()) done = done && EVP_EncryptUpdate(context, nullptr, &size, Bytes(aad), Size(aad)) == 1;
    if (!plaintext.empty())
        done = done && EVP_EncryptUpdate(context, Bytes(out), &size, Bytes(plaintext), Size(plaintext)) == 1;
    unsigned char* tag = Bytes(out) + plaintext.size();
    done = done && EVP_EncryptFinal_ex(context, tag, &size) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kAesGcmTagSize, tag) == 1;
    RequireOpenSsl(done, "sealing");
    return out;
}

std::optional<Secret> AesGcmOpen(const Secret& key, std::string_view nonce, std::string_view aad,
                                 std::string_view sealed) {
    CHECK(key.Reveal().size() == kAesGcmKeySize);
    if (nonce.size() != kAesGcmNonceSize || sealed.size() < kAesGcmTagSize || !Fits(aad) || !Fits(sealed))
        return std::nullopt;
    const std::string_view ciphertext = sealed.substr(0, sealed.size() - kAesGcmTagSize);
    std::string tag(sealed.substr(ciphertext.size()));
    std::string plaintext(ciphertext.size(), '\0');
    EVP_CIPHER_CTX* context = ThreadContext();
    int size = 0;
    bool done = EVP_DecryptInit_ex2(context, Algorithm(), Bytes(key.Reveal()), Bytes(nonce), nullptr) == 1 &&
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kAesGcmTagSize, tag.data()) == 1;
    if (!aad.empty()) done = done && EVP_DecryptUpdate(context, nullptr, &size, Bytes(aad), Size(aad)) == 1;
    if (!ciphertext.empty())
        done = done && EVP_DecryptUpdate(context, Bytes(plaintext), &size, Bytes(ciphertext), Size(ciphertext)) == 1;
    RequireOpenSsl(done, "opening");
    Secret result(std::move(plaintext));  // wiped where the tag is wrong: the bytes are not to be believed
    unsigned char rest[kAesGcmTagSize];
    if (EVP_DecryptFinal_ex(context, rest, &size) != 1) {
        ERR_clear_error();
        return std::nullopt;
    }
    return result;
}

}  // namespace cardea
