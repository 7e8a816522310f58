#include "api/pagination.h"

#include "base/secret.h"
#include "codec/base64.h"
#include "flows/keyring.h"
#include "model/error.h"

namespace cardea {

namespace {

// What a token holds, encoded: MAC, seconds of its making (8 bytes, big-endian), cursor.
constexpr std::size_t kMacSize = 16;
constexpr std::size_t kTimeSize = 8;
// A cursor is a key of the store: a token that is longer than any key is not worth decoding.
constexpr std::size_t kLongestToken = 8192;

std::string MacOf(Context& ctx, std::string_view kind, std::string_view body) {
    std::string text(kind);
    text += '\0';
    text += body;
    return ctx.services.keyring.Mac(Keyring::AccountRow(), "pagination", text).substr(0, kMacSize);
}

std::string PrintTime(std::int64_t seconds) {
    std::string out(kTimeSize, '\0');
    for (std::size_t i = 0; i < kTimeSize; ++i)
        out[i] = static_cast<char>((static_cast<std::uint64_t>(seconds) >> (8 * (kTimeSize - 1 - i))) & 0xff);
    return out;
}

std::int64_t ReadTime(std::string_view bytes) {
    std::uint64_t seconds = 0;
    for (std::size_t i = 0; i < kTimeSize; ++i) seconds = seconds << 8 | static_cast<unsigned char>(bytes[i]);
    return static_cast<std::int64_t>(seconds);
}

}  // namespace

std::string WrapToken(Context& ctx, std::string_view kind, const std::string& cursor) {
    const std::string body = PrintTime(ToSeconds(ctx.now)) + cursor;
    return Base64UrlEncode(MacOf(ctx, kind, body) + body);
}

std::optional<std::string> UnwrapToken(Context& ctx, std::string_view kind, const std::optional<std::string>& token,
                                       std::optional<Duration> lifetime) {
    if (!token) return std::nullopt;
    const auto refuse = [] { return ApiError(Error::kInvalidParameter, "Invalid pagination token"); };
    if (token->size() > kLongestToken) throw refuse();
    const auto bytes = Base64UrlDecode(*token);
    if (!bytes || bytes->size() < kMacSize + kTimeSize) throw refuse();
    const std::string_view mac = std::string_view(*bytes).substr(0, kMacSize);
    const std::string_view body = std::string_view(*bytes).substr(kMacSize);
    if (!ConstantTimeEqual(mac, MacOf(ctx, kind, body))) throw refuse();
    if (lifetime && ctx.now > FromSeconds(ReadTime(body)) + *lifetime) throw refuse();
    return std::string(body.substr(kTimeSize));
}

}  // namespace cardea
