#pragma once
// Requests made from an operation's field tables: every required member with a value that its constraints permit.
//
//   world.Call(operation.name, RequestWith(operation, "UserPoolId", "\"us-east-1_0\""));

#include <string>
#include <string_view>

#include "api/operation.h"

namespace cardea::test {

// A structure with one member as given (JSON; "" leaves it out), the other required ones good.
std::string StructureWith(const ShapeInfo& shape, std::string_view member, std::string_view json);
// The request of an operation, made so.
inline std::string RequestWith(const Operation& operation, std::string_view member, std::string_view json) {
    return StructureWith(*operation.request, member, json);
}
// A value that the constraints permit, as JSON.
std::string GoodValue(const TypeInfo& type, const Limits& limits);

}  // namespace cardea::test
