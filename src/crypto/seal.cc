#include "crypto/seal.h"

#include <openssl/err.h>

#include "base/check.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/openssl.h"

namespace cardea {

namespace {

constexpr char kFormat = 1;
constexpr std::size_t kHeaderSize = 5;
constexpr std::size_t kWrappedSize = kKeySize + 8;
constexpr std::size_t kMaxLabels = 256;

std::string Header(std::uint32_t version) {
    return {kFormat, static_cast<char>(version >> 24), static_cast<char>(version >> 16),
            static_cast<char>(version >> 8), static_cast<char>(version)};
}

std::string Join(std::string_view a, std::string_view b) {
    std::string out;
    out.reserve(a.size() + b.size());
    return out.append(a).append(b);
}

Secret WrappingKey(const MasterKey& master, std::string_view context) {
    return HkdfExpand(master.Bytes().Reveal(), Join("cardea wrap|", context), kKeySize);
}

const EVP_CIPHER* WrapAlgorithm() {
    static const EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-WRAP-PAD", nullptr);
    RequireOpenSsl(fetched != nullptr, "AES-256-KWP");
    return fetched;
}

CipherContextPtr WrapContext() {
    CipherContextPtr context(EVP_CIPHER_CTX_new());
    RequireOpenSsl(context != nullptr, "cipher");
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    return context;
}

}  // namespace

Secret MakeKey(Random& random) { return Secret(RandomBytes(random, kKeySize)); }

MasterKey::MasterKey(std::string id, Secret bytes) : id_(std::move(id)), bytes_(std::move(bytes)) {
    CHECK(bytes_.Reveal().size() == kKeySize);
}

std::string WrapKey(const MasterKey& master, std::string_view context, const Secret& key) {
    CHECK(key.Reveal().size() == kKeySize);
    const Secret wrapping = WrappingKey(master, context);
    const CipherContextPtr cipher = WrapContext();
    std::string out(kWrappedSize + 8, '\0');  // OpenSSL asks for room for one more block
    int size = 0, rest = 0;
    const bool done =
        EVP_EncryptInit_ex2(cipher.get(), WrapAlgorithm(), Bytes(wrapping.Reveal()), nullptr, nullptr) == 1 &&
        EVP_EncryptUpdate(cipher.get(), Bytes(out), &size, Bytes(key.Reveal()), kKeySize) == 1 &&
        EVP_EncryptFinal_ex(cipher.get(), Bytes(out) + size, &rest) == 1;
    RequireOpenSsl(done && size + rest == static_cast<int>(kWrappedSize), "wrapping a key");
    out.resize(kWrappedSize);
    return out;
}

std::optional<Secret> UnwrapKey(const MasterKey& master, std::string_view context, std::string_view wrapped) {
    if (wrapped.size() != kWrappedSize) return std::nullopt;
    const Secret wrapping = WrappingKey(master, context);
    const CipherContextPtr cipher = WrapContext();
    RequireOpenSsl(EVP_DecryptInit_ex2(cipher.get(), WrapAlgorithm(), Bytes(wrapping.Reveal()), nullptr, nullptr) == 1,
                   "unwrapping a key");
    std::string out(kWrappedSize + 8, '\0');
    int size = 0;
    const bool genuine = EVP_DecryptUpdate(cipher.get(), Bytes(out), &size, Bytes(wrapped), kWrappedSize) == 1;
    const Secret room(std::move(out));  // wiped whatever it holds
    if (!genuine || size != static_cast<int>(kKeySize)) {
        ERR_clear_error();
        return std::nullopt;
    }
    return Secret(std::string(room.Reveal().substr(0, kKeySize)));
}

DataKey::DataKey(std::uint32_t version, Secret bytes) : version_(version), bytes_(std::move(bytes)) {
    CHECK(bytes_.Reveal().size() == kKeySize);
}

const Secret& DataKey::ForLabel(std::string_view label) const {
    auto derived = derived_.Lock();
    std::unique_ptr<const Secret>& key = (*derived)[std::string(label)];
    if (!key) {
        CHECK(derived->size() <= kMaxLabels);
        key = std::make_unique<const Secret>(HkdfExpand(bytes_.Reveal(), label, kKeySize));
    }
    return *key;
}

std::string Seal(const DataKey& key, Random& random, std::string_view purpose, std::string_view aad,
                 std::string_view plaintext) {
    std::string blob = Header(key.Version());
    const std::string bound = Join(blob, aad);
    const std::string nonce = RandomBytes(random, kAesGcmNonceSize);
    const std::string sealed = AesGcmSeal(key.ForLabel(Join("seal|", purpose)), nonce, bound, plaintext);
    blob.reserve(blob.size() + nonce.size() + sealed.size());
    return blob.append(nonce).append(sealed);
}

std::optional<Secret> Open(const DataKey& key, std::string_view purpose, std::string_view aad, std::string_view blob) {
    if (SealedVersion(blob) != key.Version()) return std::nullopt;
    return AesGcmOpen(key.ForLabel(Join("seal|", purpose)), blob.substr(kHeaderSize, kAesGcmNonceSize),
                      Join(blob.substr(0, kHeaderSize), aad), blob.substr(kHeaderSize + kAesGcmNonceSize));
}

std::optional<Secret> Open(std::span<const std::shared_ptr<const DataKey>> ring, std::string_view purpose,
                           std::string_view aad, std::string_view blob) {
    const auto version = SealedVersion(blob);
    for (const auto& key : ring)
        if (version == key->Version()) return Open(*key, purpose, aad, blob);
    return std::nullopt;
}

std::optional<std::uint32_t> SealedVersion(std::string_view blob) {
    if (blob.size() < kHeaderSize + kAesGcmNonceSize + kAesGcmTagSize || blob[0] != kFormat) return std::nullopt;
    std::uint32_t version = 0;
    for (std::size_t i = 1; i < kHeaderSize; ++i) version = version << 8 | static_cast<unsigned char>(blob[i]);
    return version;
}

Secret DeriveKey(const DataKey& key, std::string_view purpose, std::string_view context) {
    return HkdfExpand(key.ForLabel(Join("derive|", purpose)).Reveal(), context, kKeySize);
}

}  // namespace cardea
