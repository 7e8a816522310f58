#pragma once
// The configuration version: one row that grows with every change of a pool or client (ConfigurationVersion in
// pools.h).

#include "store/sql.h"

namespace cardea {

void BumpConfiguration(sql::Connection& db);

}  // namespace cardea
