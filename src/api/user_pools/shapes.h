#pragma once
// Structures of the user pools API that several nouns share.

#include <optional>
#include <string>
#include <vector>

#include "model/attribute.h"
#include "model/challenge.h"
#include "model/limits.h"
#include "model/message.h"
#include "model/user.h"

namespace cardea {

enum class MessageAction : std::uint8_t { kResend, kSuppress };
template <>
struct EnumNames<MessageAction> {
    static constexpr std::array<std::string_view, 2> kNames{"RESEND", "SUPPRESS"};
};

enum class RevokeAssociatedSessions : std::uint8_t { kLinked, kNone };
template <>
struct EnumNames<RevokeAssociatedSessions> {
    static constexpr std::array<std::string_view, 2> kNames{"LINKED", "NONE"};
};

enum class ClientType : std::uint8_t { kDcr, kRegular };
template <>
struct EnumNames<ClientType> {
    static constexpr std::array<std::string_view, 2> kNames{"DCR", "REGULAR"};
};

struct AnalyticsMetadata {
    std::optional<std::string> analytics_endpoint_id;

    static constexpr auto kFields =
        Fields(Field<&AnalyticsMetadata::analytics_endpoint_id>("AnalyticsEndpointId", kString));
};

struct UserContextData {
    std::optional<std::string> ip_address;
    std::optional<std::string> encoded_data;

    static constexpr auto kFields = Fields(Field<&UserContextData::ip_address>("IpAddress", kString),
                                           Field<&UserContextData::encoded_data>("EncodedData", kString));
};

struct MfaOption {
    std::optional<DeliveryMedium> delivery_medium;
    std::optional<std::string> attribute_name;

    static constexpr auto kFields = Fields(Field<&MfaOption::delivery_medium>("DeliveryMedium"),
                                           Field<&MfaOption::attribute_name>("AttributeName", kAttributeName));
};

struct UserType {
    std::optional<std::string> username;
    std::optional<std::vector<Attribute>> attributes;
    std::optional<Instant> user_create_date;
    std::optional<Instant> user_last_modified_date;
    std::optional<bool> enabled;
    std::optional<UserStatus> user_status;
    std::optional<std::vector<MfaOption>> mfa_options;

    static constexpr auto kFields =
        Fields(Field<&UserType::username>("Username", kUsername), Field<&UserType::attributes>("Attributes"),
               Field<&UserType::user_create_date>("UserCreateDate"),
               Field<&UserType::user_last_modified_date>("UserLastModifiedDate"), Field<&UserType::enabled>("Enabled"),
               Field<&UserType::user_status>("UserStatus"), Field<&UserType::mfa_options>("MFAOptions"));
};

struct NewDeviceMetadata {
    std::optional<std::string> device_key;
    std::optional<std::string> device_group_key;

    static constexpr auto kFields = Fields(Field<&NewDeviceMetadata::device_key>("DeviceKey", kDeviceKey),
                                           Field<&NewDeviceMetadata::device_group_key>("DeviceGroupKey", kString));
};

struct AuthenticationResult {
    std::optional<Secret> access_token;
    std::optional<int> expires_in;
    std::optional<std::string> token_type;
    std::optional<Secret> refresh_token;
    std::optional<Secret> id_token;
    std::optional<NewDeviceMetadata> new_device_metadata;

    static constexpr auto kFields = Fields(Field<&AuthenticationResult::access_token>("AccessToken", kTokenModel),
                                           Field<&AuthenticationResult::expires_in>("ExpiresIn"),
                                           Field<&AuthenticationResult::token_type>("TokenType", kString),
                                           Field<&AuthenticationResult::refresh_token>("RefreshToken", kTokenModel),
                                           Field<&AuthenticationResult::id_token>("IdToken", kTokenModel),
                                           Field<&AuthenticationResult::new_device_metadata>("NewDeviceMetadata"));
};

struct GroupType {
    std::optional<std::string> group_name;
    std::optional<std::string> user_pool_id;
    std::optional<std::string> description;
    std::optional<std::string> role_arn;
    std::optional<int> precedence;
    std::optional<Instant> last_modified_date;
    std::optional<Instant> creation_date;

    static constexpr auto kFields = Fields(
        Field<&GroupType::group_name>("GroupName", kGroupName),
        Field<&GroupType::user_pool_id>("UserPoolId", kUserPoolId),
        Field<&GroupType::description>("Description", kDescription), Field<&GroupType::role_arn>("RoleArn", kArn),
        Field<&GroupType::precedence>("Precedence", kPrecedence),
        Field<&GroupType::last_modified_date>("LastModifiedDate"), Field<&GroupType::creation_date>("CreationDate"));
};

}  // namespace cardea
