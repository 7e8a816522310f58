#pragma once
// Writing a user's attributes: the one place that decides what the schema and the client permit, which flags fall, and
// which codes must be sent (fact sheet user pools B.4, B.8, C.7, C.14).
//
//   ChangeUser(ctx, pool, holder.user, [&](UserChange& change) {
//       WriteAttributes(ctx, pool, &client, in.user_attributes, change);
//   });
//
// `client` is the app client that asks, within its WriteAttributes; null for an administrator, who may also write
// "email_verified", "phone_number_verified" and developer attributes.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "flows/change_user.h"
#include "flows/context.h"
#include "model/attribute.h"
#include "model/client.h"
#include "model/pool.h"
#include "model/user.h"

namespace cardea {

// Names a user that is being made: gives it `name`, or in a pool with username attributes its id as the username and
// `name` as its address or number. Throws InvalidParameterException for a name that the pool does not take
// (fact sheet user pools B.6).
void NameNewUser(const Pool& pool, std::string_view name, User& user);

// Checks the attributes of a user that was just named and puts them into it. Immutable ones may be set now. A sign-up
// (with a client) must bring what the schema requires; an administrator may leave it to the first sign-in.
// Throws NotAuthorizedException or InvalidParameterException.
void SetFirstAttributes(const Pool& pool, const Client* client, std::span<const Attribute> given, User& user);

// Checks and applies attributes to a user that is there; an empty value deletes. As for usernames, a preferred_username
// that signs in is no address or number where those sign in too (fact sheet user pools B.6). A new address or number
// loses its verified flag, or in a pool that verifies before updating, waits for its code beside the old one; codes to
// be sent are added to the change. The code of an earlier value, and the value that waited for it, end with any such
// write.
void WriteAttributes(Context& ctx, const Pool& pool, const Client* client, std::span<const Attribute> given,
                     UserChange& change);

// Deletes attributes; an address or a number goes with its verified flag and with the value that waits for its code.
void DeleteAttributes(const Pool& pool, const Client* client, std::span<const std::string> names, UserChange& change);

// "email" → "email_verified"; only for "email" and "phone_number".
std::string VerifiedFlag(std::string_view attribute);
// Which code proves the attribute: kVerifyEmail or kVerifyPhoneNumber.
CodePurpose VerificationOf(std::string_view attribute);

// What a code proves has been proved: its value is the attribute's (a pending one replaces the old) and is verified.
// Throws ExpiredCodeException where the attribute has another value by now.
void ApplyProvenValue(const Code& code, User& user);

}  // namespace cardea
