#include "crypto/hash.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"
#include "crypto/openssl.h"

namespace cardea {

namespace {

constexpr std::size_t kBlockSize = 64;
using Digest = std::array<unsigned char, kSha256Size>;

// Fetched once: a fetch by name costs more than the digest of a short text.
const EVP_MD* Algorithm() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    RequireOpenSsl(fetched != nullptr, "SHA-256");
    return fetched;
}

void Begin(EVP_MD_CTX* context) {
    // With the type given again the context starts afresh, and keeps its memory.
    RequireOpenSsl(EVP_DigestInit_ex2(context, Algorithm(), nullptr) == 1, "digest");
}

void Add(EVP_MD_CTX* context, std::string_view bytes) {
    RequireOpenSsl(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1, "digest");
}

void End(EVP_MD_CTX* context, unsigned char* out) {
    RequireOpenSsl(EVP_DigestFinal_ex(context, out, nullptr) == 1, "digest");
}

EVP_MD_CTX* ThreadContext() {
    static thread_local const DigestContextPtr context(EVP_MD_CTX_new());
    RequireOpenSsl(context != nullptr, "digest");
    return context.get();
}

std::string_view View(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

// HMAC (RFC 2104 §2) over parts, with the digest's context of the thread.
class Hmac {
 public:
    explicit Hmac(std::string_view key) {
        if (key.size() > kBlockSize) {
            Begin(context_);
            Add(context_, key);
            End(context_, pad_);
        } else {
            std::memcpy(pad_, key.data(), key.size());
        }
        Start(0x36);
    }
    ~Hmac() { WipeMemory(pad_, sizeof pad_); }
    Hmac(const Hmac&) = delete;
    Hmac& operator=(const Hmac&) = delete;

    Hmac& Update(std::string_view bytes) {
        Add(context_, bytes);
        return *this;
    }
    void Finish(unsigned char* out) {
        Digest inner;
        End(context_, inner.data());
        Start(0x36 ^ 0x5c);
        Add(context_, View(inner));
        End(context_, out);
        WipeMemory(inner.data(), inner.size());
    }

 private:
    void Start(unsigned char difference) {
        for (unsigned char& byte : pad_) byte ^= difference;
        Begin(context_);
        Add(context_, {reinterpret_cast<const char*>(pad_), sizeof pad_});
    }
    EVP_MD_CTX* context_ = ThreadContext();
    unsigned char pad_[kBlockSize] = {};
};

}  // namespace

std::string Sha256(std::string_view bytes) {
    std::string out(kSha256Size, '\0');
    EVP_MD_CTX* context = ThreadContext();
    Begin(context);
    Add(context, bytes);
    End(context, Bytes(out));
    return out;
}

std::string HmacSha256(std::string_view key, std::string_view message) {
    std::string out(kSha256Size, '\0');
    Hmac(key).Update(message).Finish(Bytes(out));
    return out;
}

void Sha256Stream::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
    RequireOpenSsl(context_ != nullptr, "digest");
    Begin(context_.get());
}

Sha256Stream::~Sha256Stream() = default;

Sha256Stream& Sha256Stream::Update(std::string_view bytes) {
    Add(context_.get(), bytes);
    return *this;
}

std::string Sha256Stream::Finish() {
    std::string out(kSha256Size, '\0');
    End(context_.get(), Bytes(out));
    Begin(context_.get());
    return out;
}

Secret Hkdf(std::string_view key_material, std::string_view salt, std::string_view info, std::size_t length) {
    const Secret key(HmacSha256(salt, key_material));
    return HkdfExpand(key.Reveal(), info, length);
}

Secret HkdfExpand(std::string_view key, std::string_view info, std::size_t length) {
    CHECK(length <= 255 * kSha256Size);
    std::string out(length, '\0');
    Digest block{};
    std::size_t made = 0;
    for (unsigned char counter = 1; made < length; ++counter) {
        Hmac hmac(key);
        if (made > 0) hmac.Update(View(block));
        hmac.Update(info).Update({reinterpret_cast<const char*>(&counter), 1}).Finish(block.data());
        const std::size_t take = std::min(length - made, block.size());
        std::memcpy(out.data() + made, block.data(), take);
        made += take;
    }
    WipeMemory(block.data(), block.size());
    return Secret(std::move(out));
}

}  // namespace cardea
