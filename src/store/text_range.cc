#include "store/text_range.h"

#include <cstdint>

namespace cardea {

namespace {

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The character that the bytes are, or nothing where they are not UTF-8.
std::optional<std::uint32_t> Decode(std::string_view bytes) {
    const auto first = static_cast<unsigned char>(bytes.front());
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
    if (size != bytes.size()) return std::nullopt;
    std::uint32_t character = size == 1 ? first : first & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) character = character << 6 | (static_cast<unsigned char>(bytes[i]) & 0x3Fu);
    return character;
}

void Append(std::string& out, std::uint32_t character) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (character < 0x80) return put(character);
    if (character < 0x800) return put(0xC0 | character >> 6), put(0x80 | (character & 0x3F));
    if (character < 0x10000)
        put(0xE0 | character >> 12);
    else
        put(0xF0 | character >> 18), put(0x80 | (character >> 12 & 0x3F));
    put(0x80 | (character >> 6 & 0x3F));
    put(0x80 | (character & 0x3F));
}

}  // namespace

std::optional<std::string> EndOfPrefix(std::string_view prefix) {
    std::string end(prefix);
    while (!end.empty()) {
        std::size_t last = end.size() - 1;
        while (last > 0 && end.size() - last < 4 && Continues(end[last])) --last;
        const auto character = Decode(std::string_view(end).substr(last));
        if (!character) {
            // Not UTF-8, so nothing that is stored starts with it: any end will do.
            end.pop_back();
            continue;
        }
        end.resize(last);
        if (*character == 0x10FFFF) continue;
        Append(end, *character == 0xD7FF ? 0xE000 : *character + 1);
        return end;
    }
    return std::nullopt;
}

}  // namespace cardea
