#pragma once
// What proves a user's password, as it is stored. The proof itself is in crypto/srp.h and crypto/password_hash.h.

#include <cstdint>
#include <optional>
#include <string>

#include "model/user.h"

namespace cardea {

enum class PasswordScheme : std::uint8_t { kSrp, kArgon2id };
template <>
struct EnumNames<PasswordScheme> {
    static constexpr std::array<std::string_view, 2> kNames{"srp", "argon2id"};
};

struct Credential {
    UserId user_id;
    PasswordScheme scheme = PasswordScheme::kSrp;
    std::string salt;    // SRP: 16 bytes, the first not zero
    std::string sealed;  // SRP verifier or Argon2id PHC text, sealed with the pool's data key (purpose "credential")
    Instant set_at;
    bool temporary = false;  // set by an administrator, to be changed at the first sign-in
};

// A one-time code that was sent, waiting to be given back.
enum class CodePurpose : std::uint8_t { kSignUp, kForgotPassword, kVerifyEmail, kVerifyPhoneNumber };
template <>
struct EnumNames<CodePurpose> {
    static constexpr std::array<std::string_view, 4> kNames{"sign_up", "forgot_password", "verify_email",
                                                            "verify_phone_number"};
};

struct Code {
    UserId user_id;
    CodePurpose purpose = CodePurpose::kSignUp;
    std::string mac;        // HMAC of the code under the pool's key; the code itself is not kept
    std::string attribute;  // which attribute it was sent to: "email", "phone_number"
    std::string value;      // the attribute's value that it proves
    bool pending = false;   // the value replaces the attribute's when the code is given (fact sheet user pools B.8)
    Instant expires_at;
    int failures = 0;
};

}  // namespace cardea
