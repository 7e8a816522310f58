#include "crypto/jwe.h"

#include <array>

#include "base/check.h"
#include "codec/base64.h"
#include "crypto/aead.h"

namespace cardea {

std::string EncryptJwe(const Secret& key, std::string_view header_json, std::string_view plaintext, Random& random) {
    std::string token = Base64UrlEncode(header_json);
    const std::string nonce = RandomBytes(random, kAesGcmNonceSize);
    const std::string sealed = AesGcmSeal(key, nonce, token, plaintext);
    const std::string_view ciphertext = std::string_view(sealed).substr(0, plaintext.size());
    token.append("..").append(Base64UrlEncode(nonce));
    token.append(".").append(Base64UrlEncode(ciphertext));
    token.append(".").append(Base64UrlEncode(std::string_view(sealed).substr(plaintext.size())));
    CHECK(token.size() <= kMaxJweSize);
    return token;
}

std::optional<Jwe> ParseJwe(std::string_view text) {
    if (text.size() > kMaxJweSize) return std::nullopt;
    std::array<std::string_view, 5> parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t end = text.find('.');
        if ((end == std::string_view::npos) != (i + 1 == parts.size())) return std::nullopt;
        parts[i] = text.substr(0, end);
        if (end != std::string_view::npos) text.remove_prefix(end + 1);
    }
    const auto& [header_part, key_part, nonce_part, ciphertext_part, tag_part] = parts;
    auto header = Base64UrlDecode(header_part);
    auto nonce = Base64UrlDecode(nonce_part);
    auto sealed = Base64UrlDecode(ciphertext_part);
    const auto tag = Base64UrlDecode(tag_part);
    if (!header || header->empty() || !key_part.empty() || !nonce || !sealed || !tag) return std::nullopt;
    if (nonce->size() != kAesGcmNonceSize || tag->size() != kAesGcmTagSize) return std::nullopt;
    sealed->append(*tag);
    return Jwe{std::move(*header), std::string(header_part), std::move(*nonce), std::move(*sealed)};
}

std::optional<Secret> DecryptJwe(const Secret& key, const Jwe& jwe) {
    return AesGcmOpen(key, jwe.nonce, jwe.associated_data, jwe.sealed);
}

}  // namespace cardea
