#include "crypto/password_hash.h"

#include <argon2.h>
#include <charconv>
#include <cstdint>
#include <optional>
#include <stdexcept>

#include "codec/base64.h"

namespace cardea {

namespace {

struct Cost {
    std::uint32_t memory_kib;
    std::uint32_t passes;
    std::uint32_t lanes;
    bool operator==(const Cost&) const = default;
};

constexpr Cost kCost{19456, 2, 1};  // OWASP's minimum
constexpr Cost kLimit{256 * 1024, 10, 16};
constexpr std::size_t kSaltSize = 16, kMinSaltSize = 8, kMaxSaltSize = 64;
constexpr std::size_t kHashSize = 32, kMinHashSize = 16, kMaxHashSize = 64;
constexpr std::size_t kMaxTextSize = 256;

struct Parsed {
    Cost cost;
    std::string salt;
    std::string hash;
};

bool Skip(std::string_view& text, std::string_view expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    return true;
}

// A number from 1 to `limit`, without leading zeros.
bool Take(std::string_view& text, std::uint32_t limit, std::uint32_t& value) {
    if (text.starts_with('0')) return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value > limit) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

// PHC strings have the standard alphabet without the padding.
std::optional<std::string> DecodeUnpadded(std::string_view text) {
    if (text.ends_with('=')) return std::nullopt;
    return Base64Decode(std::string(text) + std::string((4 - text.size() % 4) % 4, '='));
}

std::string EncodeUnpadded(std::string_view bytes) {
    std::string out = Base64Encode(bytes);
    return out.substr(0, out.find('='));
}

std::optional<Parsed> Parse(std::string_view text) {
    Parsed parsed;
    if (text.size() > kMaxTextSize || !Skip(text, "$argon2id$v=19$m=") ||
        !Take(text, kLimit.memory_kib, parsed.cost.memory_kib) || !Skip(text, ",t=") ||
        !Take(text, kLimit.passes, parsed.cost.passes) || !Skip(text, ",p=") ||
        !Take(text, kLimit.lanes, parsed.cost.lanes) || !Skip(text, "$"))
        return std::nullopt;
    if (parsed.cost.memory_kib < 8 * parsed.cost.lanes) return std::nullopt;  // RFC 9106 §3.1
    const std::size_t end = text.find('$');
    if (end == std::string_view::npos) return std::nullopt;
    auto salt = DecodeUnpadded(text.substr(0, end));
    auto hash = DecodeUnpadded(text.substr(end + 1));
    if (!salt || salt->size() < kMinSaltSize || salt->size() > kMaxSaltSize) return std::nullopt;
    if (!hash || hash->size() < kMinHashSize || hash->size() > kMaxHashSize) return std::nullopt;
    parsed.salt = std::move(*salt);
    parsed.hash = std::move(*hash);
    return parsed;
}

Secret Compute(const Cost& cost, std::string_view salt, const Secret& password, std::size_t size) {
    std::string hash(size, '\0');
    const std::string_view text = password.Reveal();
    const int result = argon2id_hash_raw(cost.passes, cost.memory_kib, cost.lanes, text.data(), text.size(),
                                         salt.data(), salt.size(), hash.data(), hash.size());
    if (result != ARGON2_OK) throw std::runtime_error(std::string("Argon2id failed: ") + argon2_error_message(result));
    return Secret(std::move(hash));
}

}  // namespace

std::string HashPassword(Random& random, const Secret& password) {
    const std::string salt = RandomBytes(random, kSaltSize);
    const Secret hash = Compute(kCost, salt, password, kHashSize);
    return "$argon2id$v=19$m=" + std::to_string(kCost.memory_kib) + ",t=" + std::to_string(kCost.passes) +
           ",p=" + std::to_string(kCost.lanes) + "$" + EncodeUnpadded(salt) + "$" + EncodeUnpadded(hash.Reveal());
}

bool VerifyPasswordHash(std::string_view stored, const Secret& password) {
    const auto parsed = Parse(stored);
    if (!parsed) return false;
    return ConstantTimeEqual(Compute(parsed->cost, parsed->salt, password, parsed->hash.size()).Reveal(), parsed->hash);
}

bool NeedsRehash(std::string_view stored) {
    const auto parsed = Parse(stored);
    return !parsed || parsed->cost != kCost || parsed->hash.size() != kHashSize;
}

}  // namespace cardea
