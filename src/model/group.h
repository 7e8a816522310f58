#pragma once
// A group of a user pool, as it is stored.

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "model/pool.h"

namespace cardea {

using GroupId = Id<struct GroupTag>;  // internal, never reused: a group that is made again under its old name is empty

struct Group {
    PoolId pool_id;
    GroupId id;
    std::string name;
    std::optional<std::string> description;
    std::optional<std::string> role_arn;
    std::optional<int> precedence;
    Instant created_at;
    Instant modified_at;
};

// By precedence, lowest first, groups without one last; by name where equal.
void SortByPrecedence(std::vector<Group>& groups);
// cognito:preferred_role: the role of the group with the lowest precedence, nothing where two groups that share it have
// different roles (fact sheet user pools C.12).
std::optional<std::string> PreferredRole(const std::vector<Group>& groups);

}  // namespace cardea
