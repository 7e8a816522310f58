#include "flows/refresh_token.h"

#include <charconv>

#include "codec/base64.h"
#include "codec/json.h"
#include "crypto/jwe.h"
#include "flows/keyring.h"

namespace cardea {

namespace {

constexpr std::string_view kPurpose = "refresh-token";
constexpr std::size_t kSaltSize = 16;
constexpr std::string_view kHeadStart = R"({"cty":"JWT","enc":"A256GCM","alg":"dir","kid":")";
constexpr std::string_view kHeadEnd = R"("})";

struct KeyName {
    std::uint32_t version = 0;
    std::string salt;
};

// "<version>.<salt>" out of the header that SealRefreshToken wrote, and of no other one.
std::optional<KeyName> KeyNameOf(std::string_view header) {
    if (!header.starts_with(kHeadStart) || !header.ends_with(kHeadEnd)) return std::nullopt;
    std::string_view kid(header);
    kid.remove_prefix(kHeadStart.size());
    if (kid.size() < kHeadEnd.size()) return std::nullopt;
    kid.remove_suffix(kHeadEnd.size());
    KeyName out;
    const auto [end, fault] = std::from_chars(kid.data(), kid.data() + kid.size(), out.version);
    if (fault != std::errc() || end == kid.data() + kid.size() || *end != '.') return std::nullopt;
    auto salt = Base64UrlDecode(kid.substr(static_cast<std::size_t>(end - kid.data()) + 1));
    if (!salt || salt->size() != kSaltSize) return std::nullopt;
    out.salt = std::move(*salt);
    return out;
}

}  // namespace

Secret SealRefreshToken(Context& ctx, const Pool& pool, const RefreshToken& token) {
    const auto keys = ctx.services.keyring.Require(pool.id);
    const DataKey& data_key = *keys->data_keys.front();
    const std::string salt = RandomBytes(ctx.random(), kSaltSize);
    std::string header(kHeadStart);
    header.append(std::to_string(data_key.Version())).append(".").append(Base64UrlEncode(salt)).append(kHeadEnd);
    return Secret(EncryptJwe(DeriveKey(data_key, kPurpose, salt), header, PrintShape(token), ctx.random()));
}

std::optional<RefreshToken> OpenRefreshToken(Context& ctx, const Pool& pool, const Secret& token) {
    const auto jwe = ParseJwe(token.Reveal());
    const auto name = jwe ? KeyNameOf(jwe->header) : std::nullopt;
    const auto keys = ctx.services.keyring.Find(pool.id);
    if (!name || !keys) return std::nullopt;
    for (const auto& data_key : keys->data_keys) {
        if (data_key->Version() != name->version) continue;
        const auto opened = DecryptJwe(DeriveKey(*data_key, kPurpose, name->salt), *jwe);
        if (!opened) return std::nullopt;
        return LoadShape<RefreshToken>(opened->Reveal());
    }
    return std::nullopt;
}

}  // namespace cardea
