#pragma once
// One-time codes that are sent to a person and given back.
//
//   const IssuedCode code = MakeCode(ctx, pool, user, CodePurpose::kSignUp, "email", address);
//   ctx.store().Transact([&](sql::Connection& db) { PutCode(db, pool.id, code.stored); });
//   response.code_delivery_details = SendCode(ctx, pool, user, code);
//   …
//   CountAttempt(ctx, pool, {"ConfirmSignUp", 15}, user.id.Text());     // before the code is looked at
//   const Code proved = RequireCode(ctx, pool, user, CodePurpose::kSignUp, in.confirmation_code);

#include <map>
#include <optional>
#include <string>

#include "base/secret.h"
#include "flows/context.h"
#include "model/client.h"
#include "model/credential.h"
#include "model/message.h"
#include "model/pool.h"
#include "model/user.h"

namespace cardea {

// Makes a code for an attribute of the user ("email", "phone_number") with `value` as its destination.
struct IssuedCode {
    Code stored;   // to be put in a transaction
    Secret plain;  // to be sent after it
};
IssuedCode MakeCode(Context& ctx, const Pool& pool, const User& user, CodePurpose purpose, std::string_view attribute,
                    std::string_view value);

// Sends it through the pool's template; throws CodeDeliveryFailureException where it cannot be delivered now.
CodeDeliveryDetails SendCode(Context& ctx, const Pool& pool, const User& user, const IssuedCode& code);
// The same where the operation declares no such error: nothing where it was not delivered.
std::optional<CodeDeliveryDetails> TrySendCode(Context& ctx, const Pool& pool, const User& user,
                                               const IssuedCode& code);

// Whether `given` is the code. Counts failures and throws as fact sheet user pools C.3 says: CodeMismatchException,
// ExpiredCodeException, LimitExceededException. Does not consume it: ConsumeCode in the caller's transaction does.
Code RequireCode(Context& ctx, const Pool& pool, const User& user, CodePurpose purpose, const Secret& given);

// The same work for a name that nobody has, and the answer to a wrong code: CodeMismatchException.
[[noreturn]] void RejectUnknownUsersCode(Context& ctx, const Pool& pool, std::string_view name, CodePurpose purpose,
                                         const Secret& given);
[[noreturn]] void RejectCode();

// Where a code would go for the user in this pool: the attributes to verify at sign-up (phone first where both), or the
// recovery method (fact sheet user pools C.2, C.5).
std::optional<std::string> AttributeToVerify(const Pool& pool, const User& user);
std::optional<std::string> RecoveryAttribute(const Pool& pool, const User& user);
// Whether the pool sends no code to who forgot a password: its only mechanism is admin_only.
bool OnlyAdministratorsRecover(const Pool& pool);
// Delivery details that look like a real user's and are the same for the same name, for users that do not exist. Who
// types an address or a number sees its own, where such a code would go there.
CodeDeliveryDetails SimulatedDelivery(Context& ctx, const Pool& pool, CodePurpose purpose, std::string_view username);
// The same after the work of making and storing a code, which is nobody's, and after the time that sending it takes:
// nothing is sent.
CodeDeliveryDetails SimulateCode(Context& ctx, const Pool& pool, CodePurpose purpose, std::string_view username);

// How many attempts of a kind ("ResendConfirmationCode" …) a user or a name has in an hour.
struct AttemptLimit {
    std::string_view kind;
    int an_hour;
};
// Counts an attempt and past the limit throws LimitExceededException "Attempt limit exceeded, please try after some
// time." (fact sheet user pools B.14), or `refusal` where the operation does not declare that one.
void CountAttempt(Context& ctx, const Pool& pool, const AttemptLimit& limit, std::string_view subject,
                  Error refusal = Error::kLimitExceeded);

}  // namespace cardea
