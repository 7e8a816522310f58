#pragma once
// From a rule of the model to the answer: throws what the rule found wrong.
//
//   Require(CheckPoolSettings(settings, false));

#include <optional>
#include <source_location>

#include "model/fault.h"

namespace cardea {

// Throws ApiError where there is a fault; the log names the caller's place.
inline void Require(const std::optional<Fault>& fault, std::source_location where = std::source_location::current()) {
    if (fault) throw ApiError(fault->error, fault->message, where);
}

}  // namespace cardea
