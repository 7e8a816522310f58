#include "flows/attributes.h"

#include "model/schema.h"
#include "store/users.h"

namespace cardea {

namespace {

constexpr std::string_view kVerifiable[] = {"email", "phone_number"};

std::string_view ValueOf(const Attribute& attribute) {
    return attribute.value ? std::string_view(*attribute.value) : std::string_view();
}

bool IsVerifiable(std::string_view name) { return name == "email" || name == "phone_number"; }

bool IsAutoVerifiedName(const Pool& pool, std::string_view name) {
    return IsAutoVerified(pool, name == "email" ? VerifiedAttribute::kEmail : VerifiedAttribute::kPhoneNumber);
}

// Whether a new value waits for its code beside the old one.
bool WaitsForCode(const Pool& pool, std::string_view name) {
    if (!pool.user_attribute_update_settings ||
        !pool.user_attribute_update_settings->attributes_require_verification_before_update)
        return false;
    for (const VerifiedAttribute attribute :
         *pool.user_attribute_update_settings->attributes_require_verification_before_update)
        if (NameOf(attribute) == name) return true;
    return false;
}

bool IsUsernameAttribute(const Pool& pool, std::string_view name) {
    return HasUsernameAttribute(pool, name == "email" ? UsernameAttribute::kEmail : UsernameAttribute::kPhoneNumber);
}

[[noreturn]] void ThrowInvalid(const std::string& message) { throw ApiError(Error::kInvalidParameter, message); }

void RequirePermission(const Pool& pool, const Client* client, std::string_view name) {
    if (client && !CanWrite(*client, pool, name))
        throw ApiError(Error::kNotAuthorized, "A client attempted to write unauthorized attribute");
    if (!client && (name == "sub" || name == "identities"))
        ThrowInvalid("Cannot modify the non-mutable attribute " + std::string(name));
}

// Under an alias of its own form a name would be somebody else's address or number, which nobody has proved.
void RequireNoContactAsName(const Pool& pool, std::string_view name) {
    if (HasAlias(pool, AliasAttribute::kEmail) && IsEmailAddress(name))
        ThrowInvalid("Username cannot be of email format, since user pool is configured for email alias.");
    if (HasAlias(pool, AliasAttribute::kPhoneNumber) && IsPhoneNumber(name))
        ThrowInvalid(
            "Username cannot be of phone number format, since user pool is configured for phone number alias.");
}

// preferred_username is a name at once, where it is an alias.
void RequireNoContactAsPreferredUsername(const Pool& pool, const Attributes& attributes) {
    const auto name = Find(attributes, "preferred_username");
    if (name && HasAlias(pool, AliasAttribute::kPreferredUsername)) RequireNoContactAsName(pool, *name);
}

void RequireConforming(const Pool& pool, const Attributes& attributes, AttributeWrite write) {
    if (const auto message = ValidateAttributes(pool, attributes, write)) ThrowInvalid(*message);
}

void RequireNoEarlyPreferredUsername(const Pool& pool, const User& user, const Attributes& attributes) {
    if (user.status == UserStatus::kUnconfirmed && HasAlias(pool, AliasAttribute::kPreferredUsername) &&
        Find(attributes, "preferred_username"))
        ThrowInvalid(
            "Preferred username cannot be provided for unconfirmed account, since user pool is configured for "
            "preferred username alias.");
}

// In a pool with username attributes a new name must be free before its code is sent; elsewhere a clash shows when the
// code comes back (fact sheet user pools C.8).
void RequireFreeSignInName(Context& ctx, const Pool& pool, const User& user, std::string_view name,
                           std::string_view value) {
    if (!IsUsernameAttribute(pool, name)) return;
    const auto found =
        ctx.store().Read([&](sql::Connection& db) { return FindAlias(db, pool.id, AliasKey(pool, value)); });
    if (found && found->user_id != user.id)
        throw ApiError(Error::kAliasExists,
                       TakenText(name == "email" ? AliasKind::kEmail : AliasKind::kPhoneNumber, value));
}

void RequireRemovable(const Pool& pool, const User& user, std::string_view name) {
    const SchemaAttribute* row = FindSchema(pool, name);
    if (row && row->is_required.value_or(false))
        ThrowInvalid("Attributes did not conform to the schema: " + std::string(name) +
                     ": The attribute is required\n");
    if (!IsVerifiable(name) || !IsUsernameAttribute(pool, name)) return;
    const std::string_view other = name == "email" ? "phone_number" : "email";
    if (!IsUsernameAttribute(pool, other) || !Find(user.attributes, other))
        ThrowInvalid("Attribute " + std::string(name) + " cannot be deleted, since the user signs in with it.");
}

void Remove(const Pool& pool, UserChange& change, const std::string& name) {
    RequireRemovable(pool, change.user, name);
    change.user.attributes.erase(name);
    if (!IsVerifiable(name)) return;
    change.user.attributes.erase(VerifiedFlag(name));
    change.dropped.push_back(VerificationOf(name));
}

// A new address or number: now, or when its code comes back (fact sheet user pools B.8).
void WriteVerifiable(Context& ctx, const Pool& pool, std::string_view name, const Attributes& written,
                     UserChange& change) {
    Attributes& attributes = change.user.attributes;
    const std::string key(name), flag = VerifiedFlag(name);
    const std::string& value = written.at(key);
    const auto given_flag = written.find(flag);
    const auto old = Find(attributes, name);
    const bool same = old && *old == value;
    // Whatever waited for its code until now is superseded, also by the current value written again.
    change.dropped.push_back(VerificationOf(name));
    if (given_flag != written.end() && given_flag->second == "true") {
        attributes[key] = value;
        return;  // the flag itself is written as any other attribute
    }
    if (same && IsTrue(attributes, flag) && given_flag == written.end()) return;
    // What has no old value waits beside nothing.
    const bool waits = old && !same && given_flag == written.end() && WaitsForCode(pool, name);
    if (waits) {
        RequireFreeSignInName(ctx, pool, change.user, name, value);
    } else {
        attributes[key] = value;
        attributes[flag] = "false";
    }
    if (!waits && !IsAutoVerifiedName(pool, name)) return;
    IssuedCode code = MakeCode(ctx, pool, change.user, VerificationOf(name), name, value);
    code.stored.pending = waits;
    change.codes.push_back(std::move(code));
}

}  // namespace

std::string VerifiedFlag(std::string_view attribute) { return std::string(attribute) + "_verified"; }

CodePurpose VerificationOf(std::string_view attribute) {
    return attribute == "email" ? CodePurpose::kVerifyEmail : CodePurpose::kVerifyPhoneNumber;
}

void NameNewUser(const Pool& pool, std::string_view name, User& user) {
    const bool by_email = HasUsernameAttribute(pool, UsernameAttribute::kEmail);
    const bool by_phone = HasUsernameAttribute(pool, UsernameAttribute::kPhoneNumber);
    if (by_email || by_phone) {
        user.username = user.id.Text();
        if (by_email && IsEmailAddress(name)) {
            user.attributes["email"] = name;
        } else if (by_phone && IsPhoneNumber(name)) {
            user.attributes["phone_number"] = name;
        } else {
            ThrowInvalid(!by_phone   ? "Username should be an email."
                         : !by_email ? "Username should be a phone number."
                                     : "Username should be either an email or a phone number.");
        }
        return;
    }
    RequireNoContactAsName(pool, name);
    user.username = IsCaseSensitive(pool) ? std::string(name) : AliasKey(pool, name);
}

void SetFirstAttributes(const Pool& pool, const Client* client, std::span<const Attribute> given, User& user) {
    for (const Attribute& attribute : given) {
        RequirePermission(pool, client, attribute.name);
        if (ValueOf(attribute).empty()) continue;
        const auto [at, fresh] = user.attributes.try_emplace(attribute.name, ValueOf(attribute));
        if (fresh) continue;
        if (IsVerifiable(attribute.name) && IsUsernameAttribute(pool, attribute.name) &&
            AliasKey(pool, at->second) != AliasKey(pool, ValueOf(attribute)))
            ThrowInvalid("The username and the attribute " + attribute.name + " are different.");
        at->second = ValueOf(attribute);
    }
    RequireNoEarlyPreferredUsername(pool, user, user.attributes);
    RequireNoContactAsPreferredUsername(pool, user.attributes);
    RequireConforming(pool, user.attributes, client ? AttributeWrite::kSignUp : AttributeWrite::kAdminCreate);
    if (!client) return;
    for (const std::string_view name : kVerifiable)
        if (Find(user.attributes, name)) user.attributes[VerifiedFlag(name)] = "false";
}

void WriteAttributes(Context& ctx, const Pool& pool, const Client* client, std::span<const Attribute> given,
                     UserChange& change) {
    Attributes written;
    for (const Attribute& attribute : given) {
        RequirePermission(pool, client, attribute.name);
        written[attribute.name] = ValueOf(attribute);
    }
    RequireConforming(pool, written, AttributeWrite::kUpdate);
    if (const auto found = written.find("preferred_username"); found != written.end() && !found->second.empty())
        RequireNoEarlyPreferredUsername(pool, change.user, written);
    RequireNoContactAsPreferredUsername(pool, written);
    for (const auto& [name, value] : written) {
        if (value.empty()) {
            Remove(pool, change, name);
        } else if (IsVerifiable(name)) {
            WriteVerifiable(ctx, pool, name, written, change);
        } else {
            change.user.attributes[name] = value;
        }
    }
}

void DeleteAttributes(const Pool& pool, const Client* client, std::span<const std::string> names, UserChange& change) {
    for (const std::string& name : names) {
        const SchemaAttribute* row = FindSchema(pool, name);
        if (!row) ThrowInvalid("Invalid user attributes: user." + name + ": Attribute does not exist in the schema.\n");
        RequirePermission(pool, client, name);
        if (!row->is_mutable.value_or(true)) ThrowInvalid("user." + name + ": Attribute cannot be updated.\n");
        Remove(pool, change, name);
    }
}

void ApplyProvenValue(const Code& code, User& user) {
    if (code.pending) {
        user.attributes[code.attribute] = code.value;
    } else {
        const auto current = Find(user.attributes, code.attribute);
        if (!current || *current != code.value)
            throw ApiError(Error::kExpiredCode, "Invalid code provided, please request a code again.");
    }
    user.attributes[VerifiedFlag(code.attribute)] = "true";
}

}  // namespace cardea
