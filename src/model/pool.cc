#include "model/pool.h"

#include <algorithm>

namespace cardea {

namespace {

template <class T>
bool Contains(const std::optional<std::vector<T>>& list, T value) {
    return list && std::find(list->begin(), list->end(), value) != list->end();
}

}  // namespace

std::string_view SrpPoolName(const Pool& pool) {
    const std::string_view id = pool.id.Text();
    // A region has no "_"; npos + 1 is 0, so an id without one is its own name.
    return id.substr(id.find('_') + 1);
}

bool IsCaseSensitive(const Pool& pool) {
    return !pool.username_configuration || pool.username_configuration->case_sensitive;
}

bool HasAlias(const Pool& pool, AliasAttribute attribute) { return Contains(pool.alias_attributes, attribute); }

bool HasUsernameAttribute(const Pool& pool, UsernameAttribute attribute) {
    return Contains(pool.username_attributes, attribute);
}

bool IsAutoVerified(const Pool& pool, VerifiedAttribute attribute) {
    return Contains(pool.auto_verified_attributes, attribute);
}

}  // namespace cardea
