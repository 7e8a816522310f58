#include "codec/base64.h"

#include <array>
#include <cstdint>

namespace cardea {

namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNoDigit = 0xff;

constexpr std::array<std::uint8_t, 256> Invert(std::string_view alphabet) {
    std::array<std::uint8_t, 256> digits{};
    for (auto& digit : digits) digit = kNoDigit;
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return digits;
}

constexpr auto kStandardDigits = Invert(kStandard);
constexpr auto kUrlDigits = Invert(kUrl);

constexpr std::uint32_t Byte(char c) { return static_cast<unsigned char>(c); }

std::string Encode(std::string_view bytes, std::string_view alphabet) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        const std::uint32_t group = Byte(bytes[i]) << 16 | Byte(bytes[i + 1]) << 8 | Byte(bytes[i + 2]);
        const char digits[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63],
                                alphabet[group & 63]};
        out.append(digits, 4);
    }
    const std::size_t left = bytes.size() - i;
    if (left > 0) {
        const std::uint32_t group = Byte(bytes[i]) << 16 | (left == 2 ? Byte(bytes[i + 1]) << 8 : 0);
        out += alphabet[group >> 18];
        out += alphabet[group >> 12 & 63];
        if (left == 2) out += alphabet[group >> 6 & 63];
    }
    return out;
}

// `text` has no padding any more.
std::optional<std::string> Decode(std::string_view text, const std::array<std::uint8_t, 256>& digits) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string out;
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const std::uint8_t digit = digits[static_cast<unsigned char>(c)];
        if (digit == kNoDigit) return std::nullopt;
        group = group << 6 | digit;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>(group >> bits & 0xff);
        }
    }
    if ((group & ((1u << bits) - 1)) != 0) return std::nullopt;  // bits that stand for nothing
    return out;
}

}  // namespace

std::string Base64Encode(std::string_view bytes) {
    std::string out = Encode(bytes, kStandard);
    out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

std::optional<std::string> Base64Decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    // The length's remainder, checked by Decode, refuses a third '='.
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    return Decode(text, kStandardDigits);
}

std::string Base64UrlEncode(std::string_view bytes) { return Encode(bytes, kUrl); }

std::optional<std::string> Base64UrlDecode(std::string_view text) { return Decode(text, kUrlDigits); }

}  // namespace cardea
