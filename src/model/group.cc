#include "model/group.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace cardea {

namespace {

constexpr std::int64_t kNoPrecedence = std::numeric_limits<std::int64_t>::max();

std::int64_t Rank(const Group& group) { return group.precedence ? *group.precedence : kNoPrecedence; }

}  // namespace

void SortByPrecedence(std::vector<Group>& groups) {
    std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
        return std::forward_as_tuple(Rank(a), a.name) < std::forward_as_tuple(Rank(b), b.name);
    });
}

std::optional<std::string> PreferredRole(const std::vector<Group>& groups) {
    std::int64_t lowest = kNoPrecedence;
    for (const Group& group : groups) lowest = std::min(lowest, Rank(group));
    std::optional<std::string> role;
    for (const Group& group : groups) {
        if (Rank(group) != lowest || !group.role_arn) continue;
        if (role && *role != *group.role_arn) return std::nullopt;
        role = group.role_arn;
    }
    return role;
}

}  // namespace cardea
