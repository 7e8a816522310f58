#include "store/postgres/text.h"

namespace cardea::postgres {

namespace {

constexpr char kLow = '\x01';
constexpr std::string_view kHigh = "\xF4\x8F\xBF\xBF";

unsigned char At(std::string_view text, std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

bool Continues(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// The bytes of the first character, 0 where it is none (RFC 3629 §4).
std::size_t CharacterSize(std::string_view text) {
    const unsigned char first = At(text, 0);
    const unsigned char second = At(text, 1);
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4 || !Continues(second)) return 0;
    if (first < 0xE0) return 2;
    if (!Continues(At(text, 2))) return 0;
    if (first < 0xF0) return (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ? 0 : 3;
    if (!Continues(At(text, 3))) return 0;
    return (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F) ? 0 : 4;
}

}  // namespace

bool NeedsEscape(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const unsigned char byte = At(text, i);
        if (byte > 0x01 && byte < 0x80) {
            ++i;
            continue;
        }
        const std::string_view rest = text.substr(i);
        const std::size_t size = CharacterSize(rest);
        if (size < 2 || rest.starts_with(kHigh)) return true;
        i += size;
    }
    return false;
}

std::string Escape(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        std::size_t size = CharacterSize(text);
        if (size == 0) {
            size = 1;
            (out += kHigh) +=
                {'1', static_cast<char>('a' + (At(text, 0) >> 4)), static_cast<char>('a' + (At(text, 0) & 15))};
        } else if (text.starts_with(kHigh)) {
            (out += kHigh) += '0';
        } else if (At(text, 0) <= 0x01) {
            (out += kLow) += static_cast<char>('0' + At(text, 0));
        } else {
            out += text.substr(0, size);
        }
        text.remove_prefix(size);
    }
    return out;
}

bool IsEscaped(std::string_view stored) {
    return stored.find(kLow) != std::string_view::npos || stored.find(kHigh) != std::string_view::npos;
}

std::string Unescape(std::string_view stored) {
    std::string out;
    while (!stored.empty()) {
        if (stored.size() >= 2 && stored[0] == kLow) {
            out += static_cast<char>(stored[1] - '0');
            stored.remove_prefix(2);
        } else if (stored.starts_with(kHigh) && At(stored, kHigh.size()) == '1' && stored.size() >= kHigh.size() + 3) {
            out += static_cast<char>((At(stored, kHigh.size() + 1) - 'a') << 4 | (At(stored, kHigh.size() + 2) - 'a'));
            stored.remove_prefix(kHigh.size() + 3);
        } else if (stored.starts_with(kHigh) && At(stored, kHigh.size()) == '0') {
            out += kHigh;
            stored.remove_prefix(kHigh.size() + 1);
        } else {
            out += stored.front();
            stored.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace cardea::postgres
