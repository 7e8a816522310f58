#pragma once
// Secret: bytes that must not leak (passwords, tokens, keys, codes).
//
//   Secret password(std::move(text));
//   if (ConstantTimeEqual(password, stored)) …
//
// It is zeroed when it dies, has no ==, and cannot be printed or logged: Reveal() is the only way in, and is what a
// reader of the code looks for.

#include <string>
#include <string_view>
#include <utility>

namespace cardea {

class Secret {
 public:
    Secret() = default;
    explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.Wipe(); }
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;
    ~Secret() { Wipe(); }

    // The bytes, valid while this object lives and is not changed.
    std::string_view Reveal() const { return bytes_; }
    bool Empty() const { return bytes_.empty(); }
    bool operator==(const Secret&) const = delete;

 private:
    void Wipe() noexcept;
    std::string bytes_;
};

// Compares without telling by its time where two values differ. The lengths are not hidden.
bool ConstantTimeEqual(std::string_view a, std::string_view b);
inline bool ConstantTimeEqual(const Secret& a, const Secret& b) { return ConstantTimeEqual(a.Reveal(), b.Reveal()); }

// Overwrites memory in a way that the compiler does not remove.
void WipeMemory(void* data, std::size_t size);

}  // namespace cardea
