#pragma once
// Which database a place means.

#include <memory>
#include <string>
#include <string_view>

#include "store/store.h"

namespace cardea {

// Whether it is PostgreSQL's URL (postgresql:// or postgres://) and not a file's path.
bool IsPostgresUrl(std::string_view place);
// Opens PostgreSQL at its URL, or the SQLite file of that path. Throws DatabaseError (store.h).
std::unique_ptr<Store> OpenStore(const std::string& place);
// Copies the SQLite file of that path to `file` (sqlite/backup.h). Throws DatabaseError, for PostgreSQL with what its
// own way is.
void BackUpStore(const std::string& place, const std::string& file);

}  // namespace cardea
