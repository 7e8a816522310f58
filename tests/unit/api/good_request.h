#pragma once
// Requests made from an operation's field tables: every required member with a value that its constraints permit.
//
//   world.Call(operation.name, RequestWith(operation, "UserPoolId", "\"us-east-1_0\""));

#include <string>
#include <string_view>

#include "api/operation.h"

namespace cardea::test {

// The request with one member as given (JSON; "" leaves it out), the other required ones good.
std::string RequestWith(const Operation& operation, std::string_view member, std::string_view json);

}  // namespace cardea::test
