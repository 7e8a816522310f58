#include "store/open.h"

namespace cardea {

bool IsPostgresUrl(std::string_view place) {
    return place.starts_with("postgresql://") || place.starts_with("postgres://");
}

std::unique_ptr<Store> OpenStore(const std::string& place) {
    return IsPostgresUrl(place) ? OpenPostgres({.url = place}) : OpenSqlite({.path = place});
}

}  // namespace cardea
