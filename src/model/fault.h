#pragma once
// Fault: what a rule of the model finds wrong with a request, for its door to throw.
//
//   if (const auto fault = CheckPool(next)) throw ApiError(fault->error, fault->message);

#include <string>

#include "model/error.h"

namespace cardea {

struct Fault {
    Error error = Error::kInvalidParameter;
    std::string message;
};

// How the message of a refused setting ends that Cognito has and this build does not.
inline constexpr std::string_view kNotInThisBuild = "this build of Cardea does not have it yet.";

}  // namespace cardea
