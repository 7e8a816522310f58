#pragma once
// The audit trail: one event a security decision (who did what to whom, and whether it was allowed).

#include <initializer_list>
#include <string_view>

#include "base/log.h"
#include "flows/context.h"

namespace cardea {

enum class Outcome : std::uint8_t { kAllowed, kDenied };

// Writes a line with "event":"audit", the decision's name ("sign_in", "password_change" …), its outcome, the request's
// id, operation, source address and caller, and the given fields. No name of an unknown user, no password, no token and
// no code is ever a field.
void Audit(const Context& ctx, std::string_view decision, Outcome outcome, std::initializer_list<LogField> fields = {});

}  // namespace cardea
