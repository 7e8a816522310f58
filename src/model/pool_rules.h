#pragma once
// The rules of a pool's settings (fact sheet user pools B.1–B.4, B.7, B.8): what is refused, what becomes of what a
// request leaves out, and which members mirror each other.
//
//   if (const auto fault = CheckPoolSettings(settings, false)) throw ApiError(fault->error, fault->message);
//   CompletePoolSettings(settings);

#include <map>
#include <optional>
#include <span>
#include <string>

#include "model/fault.h"
#include "model/pool.h"

namespace cardea {

// What is wrong with settings as a caller sent them, its tier filled in on an update. `other_factor`: the pool has a
// second factor beside SMS, so that MFA may be optional without an SMS configuration.
std::optional<Fault> CheckPoolSettings(const PoolSettings& settings, bool other_factor);
// Fills in every default, mirrors the old message members and the new ones, and the two numbers of days that a
// temporary password lives. Settings that were completed stay as they are.
void CompletePoolSettings(PoolSettings& settings);

// What is fixed at creation: aliases exclude username attributes, and an alias cannot be a required preferred_username.
std::optional<Fault> CheckSignInNames(const Pool& pool);
// Moving to a tier that lacks what the pool uses beside its settings.
std::optional<Fault> CheckTierChange(const Pool& pool, PoolTier to);
// At most 50 tags, none of AWS's own; `error` is the operation's own way to say so.
std::optional<Fault> CheckTags(const std::map<std::string, std::string>& tags, Error error);

// The parts of SetUserPoolMfaConfig and of the settings that are the same rule.
std::optional<Fault> CheckSmsConfiguration(const SmsConfiguration& sms);
// Whether the pool may send second factors by e-mail.
std::optional<Fault> CheckEmailMfa(const Pool& pool);

// Days that a temporary password lives: 7 where nothing or 0 is said.
int TemporaryPasswordDays(const PoolSettings& settings);

}  // namespace cardea
