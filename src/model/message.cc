#include "model/message.h"

#include <algorithm>

namespace cardea {

namespace {

// The bytes of the first UTF-8 character.
std::string_view FirstCharacter(std::string_view text) {
    std::size_t size = text.empty() ? 0 : 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
    return text.substr(0, size);
}

}  // namespace

std::string MaskDestination(DeliveryMedium medium, std::string_view destination) {
    if (medium == DeliveryMedium::kEmail) {
        const std::size_t at = destination.rfind('@');
        const std::string_view domain = at == std::string_view::npos ? "" : destination.substr(at + 1);
        return std::string(FirstCharacter(destination)) + "***@" + std::string(FirstCharacter(domain)) + "***";
    }
    // The last four digits stay, but never more than half of a short number.
    const std::string_view digits = destination.starts_with('+') ? destination.substr(1) : destination;
    const std::size_t shown = std::min<std::size_t>(4, digits.size() / 2);
    return "+" + std::string(digits.size() - shown, '*') + std::string(digits.substr(digits.size() - shown));
}

}  // namespace cardea
