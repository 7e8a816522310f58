#include "flows/event_id.h"

#include <array>

#include "codec/hex.h"
#include "flows/keyring.h"

namespace cardea {

namespace {

constexpr std::size_t kSize = 16;
constexpr std::size_t kCounterSize = 4;
constexpr std::array<std::size_t, 4> kDashes{8, 13, 18, 23};

// The counter's bytes, big-endian, masked or unmasked by the MAC of the rest.
std::string Mask(Context& ctx, const Pool& pool, std::string_view counter, std::string_view rest) {
    const std::string mac = ctx.services.keyring.Mac(pool.id, "event-id", rest);
    std::string out(counter);
    for (std::size_t i = 0; i < kCounterSize; ++i) out[i] = static_cast<char>(out[i] ^ mac[i]);
    return out;
}

std::string CounterBytes(std::int64_t sign_outs) {
    const auto low = static_cast<std::uint32_t>(sign_outs);
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((low >> shift) & 0xffu);
    return out;
}

std::optional<std::string> BytesOf(std::string_view uuid) {
    std::string hex(uuid);
    if (hex.size() != 2 * kSize + kDashes.size()) return std::nullopt;
    for (std::size_t i = kDashes.size(); i-- > 0;) {
        if (hex[kDashes[i]] != '-') return std::nullopt;
        hex.erase(kDashes[i], 1);
    }
    return HexDecode(hex);
}

}  // namespace

std::string NewEventId(Context& ctx, const Pool& pool, std::int64_t sign_outs) {
    std::string rest = RandomBytes(ctx.random(), kSize - kCounterSize);
    rest[2] = static_cast<char>((rest[2] & 0x0f) | 0x40);  // byte 6 of the UUID: version 4
    rest[4] = static_cast<char>((rest[4] & 0x3f) | 0x80);  // byte 8: the variant
    std::string text = HexEncode(Mask(ctx, pool, CounterBytes(sign_outs), rest) + rest);
    for (const std::size_t at : kDashes) text.insert(at, 1, '-');
    return text;
}

bool IsSignedOut(Context& ctx, const Pool& pool, std::string_view event_id, std::int64_t sign_outs) {
    const auto bytes = BytesOf(event_id);
    if (!bytes) return true;
    const std::string_view view(*bytes);
    return Mask(ctx, pool, view.substr(0, kCounterSize), view.substr(kCounterSize)) != CounterBytes(sign_outs);
}

}  // namespace cardea
