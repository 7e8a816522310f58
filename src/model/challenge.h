#pragma once
// The names of sign-in flows and challenges.

#include <array>
#include <cstdint>
#include <string_view>

#include "codec/shape.h"

namespace cardea {

enum class AuthFlow : std::uint8_t {
    kUserSrpAuth,
    kRefreshTokenAuth,
    kRefreshToken,
    kCustomAuth,
    kAdminNoSrpAuth,
    kUserPasswordAuth,
    kAdminUserPasswordAuth,
    kUserAuth
};
template <>
struct EnumNames<AuthFlow> {
    static constexpr std::array<std::string_view, 8> kNames{
        "USER_SRP_AUTH",      "REFRESH_TOKEN_AUTH",       "REFRESH_TOKEN", "CUSTOM_AUTH", "ADMIN_NO_SRP_AUTH",
        "USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH"};
    // Fact sheet user pools A.4; USER_AUTH is younger than that list.
    static constexpr std::array<std::string_view, 8> kListed{
        "ADMIN_NO_SRP_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_SRP_AUTH", "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN",
        "CUSTOM_AUTH",       "USER_PASSWORD_AUTH",       "USER_AUTH"};
};

enum class ChallengeName : std::uint8_t {
    kSmsMfa,
    kEmailOtp,
    kSoftwareTokenMfa,
    kSelectMfaType,
    kMfaSetup,
    kPasswordVerifier,
    kCustomChallenge,
    kSelectChallenge,
    kDeviceSrpAuth,
    kDevicePasswordVerifier,
    kAdminNoSrpAuth,
    kNewPasswordRequired,
    kSmsOtp,
    kPassword,
    kWebAuthn,
    kPasswordSrp
};
template <>
struct EnumNames<ChallengeName> {
    static constexpr std::array<std::string_view, 16> kNames{"SMS_MFA",
                                                             "EMAIL_OTP",
                                                             "SOFTWARE_TOKEN_MFA",
                                                             "SELECT_MFA_TYPE",
                                                             "MFA_SETUP",
                                                             "PASSWORD_VERIFIER",
                                                             "CUSTOM_CHALLENGE",
                                                             "SELECT_CHALLENGE",
                                                             "DEVICE_SRP_AUTH",
                                                             "DEVICE_PASSWORD_VERIFIER",
                                                             "ADMIN_NO_SRP_AUTH",
                                                             "NEW_PASSWORD_REQUIRED",
                                                             "SMS_OTP",
                                                             "PASSWORD",
                                                             "WEB_AUTHN",
                                                             "PASSWORD_SRP"};
};

}  // namespace cardea
