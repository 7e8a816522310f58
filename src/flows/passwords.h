#pragma once
// Passwords: policy, proof, history.
//
//   CheckPasswordPolicy(pool, in.password, PolicyPrefix::kDidNotConform);
//   CheckPasswordHistory(ctx, pool, user, in.password);
//   const Credential credential = MakeCredential(ctx, pool, user, in.password, false);
//   ctx.store().Transact([&](sql::Connection& db) { StoreCredential(db, pool, credential); });
//
// Passwords are bytes: they are never normalised, so that what an SRP client hashes is what was set here.

#include <optional>
#include <string_view>

#include "base/secret.h"
#include "flows/context.h"
#include "model/client.h"
#include "model/credential.h"
#include "model/pool.h"
#include "model/user.h"

namespace cardea {

// The pool's policy, or the one that a pool has which was given none.
PasswordPolicy PasswordPolicyOf(const Pool& pool);

// The first rule of the policy that the password breaks, in AWS's words ("Password not long enough"), or nothing
// (fact sheet user pools B.5).
std::optional<std::string_view> BrokenPasswordRule(const PasswordPolicy& policy, std::string_view password);

// Which of AWS's two prefixes an operation uses.
enum class PolicyPrefix : std::uint8_t { kDidNotConform, kDoesNotConform };
// Throws InvalidPasswordException.
void CheckPasswordPolicy(const Pool& pool, const Secret& password, PolicyPrefix prefix);

// Makes what is stored of a password. Costs an exponentiation (SRP) or 13 ms (Argon2id): never inside Transact.
Credential MakeCredential(Context& ctx, const Pool& pool, const User& user, const Secret& password, bool temporary);

// The credential's SRP verifier (big-endian bytes) or Argon2id hash (PHC text), as its scheme says.
Secret OpenCredential(Context& ctx, const Pool& pool, const Credential& credential);

// Whether the password is the credential's. Where there is none it is never the password's, and the work is the same;
// in a pool of Argon2id, whatever scheme a user's credential still has.
bool CheckPassword(Context& ctx, const Pool& pool, const std::optional<User>& user,
                   const std::optional<Credential>& credential, const Secret& password);

// Throws PasswordHistoryPolicyViolationException where the pool keeps a history and the password is in it.
void CheckPasswordHistory(Context& ctx, const Pool& pool, const User& user, const Secret& password);

// Inside Transact: replaces the credential and moves the old one to the history that the pool keeps.
void StoreCredential(sql::Connection& db, const Pool& pool, const Credential& credential);

}  // namespace cardea
