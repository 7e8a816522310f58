#pragma once
// A user pool as it is stored: its settings, and what Cardea keeps beside them.

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "model/attribute.h"
#include "model/pool_settings.h"

namespace cardea {

using PoolId = Id<struct PoolTag>;  // "us-east-1_aB3dE5fG7"

struct Pool : PoolSettings {
    using Inherits = PoolSettings;
    PoolId id;
    std::string name;
    std::string arn;
    std::string issuer;  // fixed at creation: the "iss" of its tokens
    Instant created_at;
    Instant modified_at;
    std::vector<SchemaAttribute> schema;  // whole: standard attributes first, then custom ones in order of creation
    std::optional<std::vector<AliasAttribute>> alias_attributes;
    std::optional<std::vector<UsernameAttribute>> username_attributes;
    std::optional<UsernameConfiguration> username_configuration;
    std::optional<SoftwareTokenMfaConfig> software_token_mfa;
    std::optional<EmailMfaConfig> email_mfa;
    std::optional<WebAuthnConfiguration> web_authn;

    static constexpr auto kFields = FieldsAfter<Pool, PoolSettings>(
        Field<&Pool::id>("Id"), Field<&Pool::name>("Name"), Field<&Pool::arn>("Arn"), Field<&Pool::issuer>("Issuer"),
        Field<&Pool::created_at>("CreationDate"), Field<&Pool::modified_at>("LastModifiedDate"),
        Field<&Pool::schema>("SchemaAttributes"), Field<&Pool::alias_attributes>("AliasAttributes"),
        Field<&Pool::username_attributes>("UsernameAttributes"),
        Field<&Pool::username_configuration>("UsernameConfiguration"),
        Field<&Pool::software_token_mfa>("SoftwareTokenMfaConfiguration"),
        Field<&Pool::email_mfa>("EmailMfaConfiguration"), Field<&Pool::web_authn>("WebAuthnConfiguration"));
};

// The part after the "_" of the pool's id, which SRP calls the pool's name (fact sheet user pools D.5).
std::string_view SrpPoolName(const Pool& pool);
// Whether usernames and aliases that differ in case only are different people; true unless configured otherwise.
bool IsCaseSensitive(const Pool& pool);
bool HasAlias(const Pool& pool, AliasAttribute attribute);
bool HasUsernameAttribute(const Pool& pool, UsernameAttribute attribute);
bool IsAutoVerified(const Pool& pool, VerifiedAttribute attribute);

}  // namespace cardea
