#pragma once
// A user of a pool, as it is stored.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/id.h"
#include "model/pool.h"

namespace cardea {

using UserId = Id<struct UserTag>;  // the "sub": 8-4-4-4-12 lower-case hex

enum class UserStatus : std::uint8_t {
    kUnconfirmed,
    kConfirmed,
    kArchived,
    kCompromised,
    kUnknown,
    kResetRequired,
    kForceChangePassword,
    kExternalProvider
};
template <>
struct EnumNames<UserStatus> {
    static constexpr std::array<std::string_view, 8> kNames{
        "UNCONFIRMED",           "CONFIRMED",        "ARCHIVED", "COMPROMISED", "UNKNOWN", "RESET_REQUIRED",
        "FORCE_CHANGE_PASSWORD", "EXTERNAL_PROVIDER"};
};

// Attributes by name, "sub" apart. Values are text as on the wire ("true", "1642699117").
using Attributes = std::map<std::string, std::string>;

struct User {
    PoolId pool_id;
    UserId id;
    std::string username;  // as given at sign-up; equals the id in pools with username attributes
    UserStatus status = UserStatus::kUnconfirmed;
    bool enabled = true;
    Instant created_at;
    Instant modified_at;
    Attributes attributes;
    // How often all of this user's tokens were revoked: GlobalSignOut adds one. Tokens carry the count of their
    // sign-in.
    std::int64_t sign_outs = 0;
    // Grows by one with each change; a writer that read version n writes only where n still stands.
    std::int64_t version = 0;
};

// What a user is found by: one row each, unique in the pool.
enum class AliasKind : std::uint8_t { kUsername, kEmail, kPhoneNumber, kPreferredUsername };

struct Alias {
    AliasKind kind;
    std::string key;  // folded (AliasKey)
};

// The form in which names are compared: the bytes as they are, or NFC and lower case (root locale) where the pool
// ignores case. `name` is valid UTF-8.
std::string AliasKey(const Pool& pool, std::string_view name);

// The attribute's value, or nothing where it is absent.
std::optional<std::string_view> Find(const Attributes& attributes, std::string_view name);
bool IsTrue(const Attributes& attributes, std::string_view name);

}  // namespace cardea
