#include "base/secret.h"

#include <string.h>

namespace cardea {

Secret& Secret::operator=(const Secret& other) {
    if (this != &other) {
        Wipe();
        bytes_ = other.bytes_;
    }
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        Wipe();
        bytes_ = std::move(other.bytes_);
        other.Wipe();
    }
    return *this;
}

void Secret::Wipe() noexcept {
    // The whole capacity: a shorter value may have taken the place of a longer one.
    bytes_.resize(bytes_.capacity());
    WipeMemory(bytes_.data(), bytes_.size());
    bytes_.clear();
}

bool ConstantTimeEqual(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    volatile unsigned char difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference = static_cast<unsigned char>(difference |
                                                (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
    return difference == 0;
}

void WipeMemory(void* data, std::size_t size) { explicit_bzero(data, size); }

}  // namespace cardea
