#pragma once
// The schema that a pool lays down for its users' attributes (fact sheet user pools B.4), and what an app client may
// read and write of them (C.14).
//
//   if (const auto message = ValidateAttributes(pool, attributes, AttributeWrite::kSignUp))
//       throw ApiError(Error::kInvalidParameter, *message);

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/client.h"
#include "model/fault.h"
#include "model/pool.h"
#include "model/user.h"

namespace cardea {

// The attributes that every pool has, in the order in which Cognito returns them.
std::vector<SchemaAttribute> StandardSchema();
bool IsStandardAttribute(std::string_view name);
// The attribute's row under its whole name ("email", "custom:team", "dev:custom:level"), valid while `pool` is
// unchanged; null where the pool has none of that name.
const SchemaAttribute* FindSchema(const Pool& pool, std::string_view name);

// Lays the Schema of CreateUserPool over `schema`: an entry of a standard attribute changes it in place, any other one
// is added as a custom attribute. A fault leaves `schema` half changed.
std::optional<Fault> ApplySchema(std::vector<SchemaAttribute>& schema, std::span<const SchemaAttribute> entries);
// Adds custom attributes, whose names come without "custom:".
std::optional<Fault> ExtendSchema(std::vector<SchemaAttribute>& schema, std::span<const SchemaAttribute> entries);

// When attributes are written, which decides whether required ones must be there and whether immutable ones may.
enum class AttributeWrite : std::uint8_t {
    kSignUp,       // all required attributes must be there
    kAdminCreate,  // required ones may be missing: the person adds them at the first sign-in
    kUpdate        // only what changes is there; "" deletes; immutable attributes are refused
};
// What is wrong, in AWS's words, its clauses one after the other; nothing where the attributes conform. It is the
// message of an InvalidParameterException.
std::optional<std::string> ValidateAttributes(const Pool& pool, const Attributes& attributes, AttributeWrite write);
// The required attributes ("email" …) that `attributes` lacks, "sub" apart, in the schema's order.
std::vector<std::string> MissingRequired(const Pool& pool, const Attributes& attributes);

// The forms that Cognito asks for: something@domain without spaces or marks that end a header, "+" and up to 15 digits.
bool IsEmailAddress(std::string_view text);
bool IsPhoneNumber(std::string_view text);

// What the client sees of a user: names in the schema's order, "sub" always among them, "dev:" ones never.
std::vector<std::string> ReadableAttributes(const Client& client, const Pool& pool);
bool CanRead(const Client& client, const Pool& pool, std::string_view name);
// Whether a user may write the attribute through the client. Without a list that is everything except "sub",
// "identities", the two "_verified" flags and "dev:" ones: a name that the pool does not have passes here and fails in
// ValidateAttributes.
bool CanWrite(const Client& client, const Pool& pool, std::string_view name);

}  // namespace cardea
