#include "crypto/jwt.h"

#include <algorithm>

#include "codec/base64.h"

namespace cardea {

namespace {

constexpr std::size_t kMaxKidSize = 128;

bool IsKidCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
           c == '=' || c == '-' || c == '_';
}

// What stands between the two, or nothing.
std::optional<std::string_view> Between(std::string_view text, std::string_view before, std::string_view after) {
    if (text.size() < before.size() + after.size() || !text.starts_with(before) || !text.ends_with(after))
        return std::nullopt;
    return text.substr(before.size(), text.size() - before.size() - after.size());
}

}  // namespace

std::string SignJwt(const SigningKey& key, std::string_view payload_json) {
    std::string token = Base64UrlEncode(R"({"kid":")" + key.Kid() + R"(","alg":"RS256"})");
    token += '.';
    token += Base64UrlEncode(payload_json);
    const std::string signature = Base64UrlEncode(key.Sign(token));
    token += '.';
    return token.append(signature);
}

std::optional<Jwt> ParseJwt(std::string_view text) {
    if (text.size() > kMaxJwtSize) return std::nullopt;
    const std::size_t first = text.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const std::size_t second = text.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    auto header = Base64UrlDecode(text.substr(0, first));
    auto payload = Base64UrlDecode(text.substr(first + 1, second - first - 1));
    auto signature = Base64UrlDecode(text.substr(second + 1));  // refuses a fourth part: '.' is no digit
    if (!header || !payload || !signature) return std::nullopt;
    if (header->empty() || payload->empty() || signature->empty()) return std::nullopt;
    return Jwt{std::move(*header), std::move(*payload), std::string(text.substr(0, second)), std::move(*signature)};
}

std::optional<std::string> JwtKid(std::string_view header) {
    auto kid = Between(header, R"({"kid":")", R"(","alg":"RS256"})");
    if (!kid) kid = Between(header, R"({"alg":"RS256","kid":")", R"("})");
    if (!kid || kid->empty() || kid->size() > kMaxKidSize || !std::all_of(kid->begin(), kid->end(), IsKidCharacter))
        return std::nullopt;
    return std::string(*kid);
}

bool VerifyJwt(const Jwt& jwt, std::string_view kid, const VerifyKey& key) {
    return JwtKid(jwt.header) == kid && key.Verify(jwt.signing_input, jwt.signature);
}

}  // namespace cardea
