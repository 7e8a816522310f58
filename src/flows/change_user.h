#pragma once
// Changing a user: read, decide, write where nobody came between, and again where somebody did.
//
//   const UserChange done = ChangeUser(ctx, pool, user, [&](UserChange& change) {
//       change.user.status = UserStatus::kConfirmed;
//       change.credential = credential;
//   });
//   for (const IssuedCode& code : done.codes) SendCode(ctx, pool, done.user, code);
//
// A user's names (its rows of aliases) follow from its attributes and are kept in step here, whoever changes them.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/function_ref.h"
#include "flows/codes.h"
#include "flows/context.h"
#include "model/credential.h"
#include "model/pool.h"
#include "model/user.h"

namespace cardea {

// A user as it will be, and what is written with it: all or nothing.
struct UserChange {
    User user;
    std::optional<Credential> credential;  // the new password
    std::vector<IssuedCode> codes;         // stored with the change; to be sent by the caller after it
    std::vector<CodePurpose> dropped;      // their codes are gone afterwards, except those of `codes`
    std::optional<Code> consumed;          // was given back: it is gone afterwards, and a second use of it fails
    bool takes_aliases = false;            // verified aliases that another user has change hands
};

// The names by which the pool finds the user: the username first; in pools with username attributes its address and
// number; in pools with aliases those of them that are verified, and preferred_username (fact sheet user pools C.8).
std::vector<Alias> AliasesOf(const Pool& pool, const User& user);

// Lets `plan` edit a copy of `user` and writes it, with `beside` in the same transaction; where another writer came
// between, reads the user again and repeats, with a bound. `plan` may throw, compute and read, but has no effects:
// it may run more than once. Returns what was written.
// Throws UserNotFoundException where the user is gone, AliasExistsException where another user has a new name,
// ExpiredCodeException where `consumed` was used meanwhile, TooManyRequestsException at the bound.
UserChange ChangeUser(Context& ctx, const Pool& pool, User user, FunctionRef<void(UserChange&)> plan,
                      FunctionRef<void(sql::Connection&)> beside);
UserChange ChangeUser(Context& ctx, const Pool& pool, User user, FunctionRef<void(UserChange&)> plan);

// Writes a user that is new. Throws UsernameExistsException where one of its names is taken: "User already exists" as
// `taken` says it, or "An account with the given email already exists."
void AddNewUser(Context& ctx, const Pool& pool, const UserChange& change, std::string_view taken);

// What AWS says of a name that another user has: "An account with the given email already exists."
std::string TakenText(AliasKind kind, std::string_view name);

}  // namespace cardea
