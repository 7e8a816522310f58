#pragma once
// Fault: what a rule of the model finds wrong with a request, for its door to throw.
//
//   if (const auto fault = CheckPoolSettings(settings, false)) throw ApiError(fault->error, fault->message);

#include <string>

#include "model/error.h"

namespace cardea {

struct Fault {
    Error error = Error::kInvalidParameter;
    std::string message;
};

inline Fault InvalidParameter(std::string message) { return {Error::kInvalidParameter, std::move(message)}; }

// A setting that Cognito has and this build does not: refused, because a setting that is taken and ignored is a lie.
inline Fault NotInThisBuild(std::string setting) {
    return InvalidParameter(std::move(setting) + " is not possible: this build of Cardea does not have it yet.");
}

}  // namespace cardea
