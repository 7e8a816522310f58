#include "store/open.h"

#include "store/sqlite/backup.h"

namespace cardea {

bool IsPostgresUrl(std::string_view place) {
    return place.starts_with("postgresql://") || place.starts_with("postgres://");
}

std::unique_ptr<Store> OpenStore(const std::string& place) {
    return IsPostgresUrl(place) ? OpenPostgres({.url = place}) : OpenSqlite({.path = place});
}

void BackUpStore(const std::string& place, const std::string& file) {
    if (IsPostgresUrl(place))
        throw sql::DatabaseError("the store is PostgreSQL: copy it with pg_dump or pg_basebackup");
    sqlite::BackUp(place, file);
}

}  // namespace cardea
