#pragma once
// The user pools API (AWSCognitoIdentityProviderService): the list of its operations, one line a noun.

#include <span>
#include <string_view>
#include <vector>

#include "api/operation.h"

namespace cardea {

// Each noun's file exports its table; the list in service.cc names them all.
std::span<const Operation> PoolOperations();           // pools.cc
std::span<const Operation> PoolMfaOperations();        // pool_mfa.cc
std::span<const Operation> TagOperations();            // tags.cc
std::span<const Operation> ClientOperations();         // clients.cc
std::span<const Operation> SignUpOperations();         // sign_up.cc
std::span<const Operation> PasswordOperations();       // passwords.cc
std::span<const Operation> UserOperations();           // users.cc: what a user does with its own token
std::span<const Operation> UserAttributeOperations();  // user_attributes.cc
std::span<const Operation> AdminUserOperations();      // admin_users.cc
std::span<const Operation> UserListOperations();       // user_list.cc
std::span<const Operation> SignInOperations();         // sign_in.cc
std::span<const Operation> TokenOperations();          // tokens.cc
std::span<const Operation> GroupOperations();          // groups.cc

inline constexpr std::string_view kUserPoolsTarget = "AWSCognitoIdentityProviderService.";
inline constexpr std::string_view kUserPoolsSigningName = "cognito-idp";

// All operations that this build has.
const std::vector<Operation>& UserPoolOperations();
// Names of the model's operations that this build does not have yet (docs/compatibility.md lists them).
std::span<const std::string_view> AbsentUserPoolOperations();

}  // namespace cardea
