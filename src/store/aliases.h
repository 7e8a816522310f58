#pragma once
// The table of names: who is found by what. Its rows follow a user's list of names (rows.h).

#include <map>
#include <optional>
#include <string>

#include "model/user.h"
#include "store/sql.h"

namespace cardea {

// Makes the user's rows those of `after`, where they are those of `before`. Where another user has one of the new
// names, nothing changes and its kind is returned.
std::optional<AliasKind> ChangeAliases(sql::Connection& db, const PoolId& pool, const UserId& user,
                                       const std::map<std::string, AliasKind>& before,
                                       const std::map<std::string, AliasKind>& after);

}  // namespace cardea
