#pragma once
// Rows as structures: which columns a statement selects, and how they are read. What a user's names and attributes look
// like in their columns.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/credential.h"
#include "model/group.h"
#include "model/user.h"
#include "store/sql.h"
#include "store/store.h"

namespace cardea {

// In the order that ReadUser expects, of the table `users`.
inline constexpr char kUserColumns[] =
    "users.user_id, users.username, users.attributes, users.status, users.enabled, users.created_at, "
    "users.modified_at, users.sign_outs, users.version";
// Throws DatabaseError where the row does not hold a user.
User ReadUser(const sql::Row& row, const PoolId& pool, int first_column = 0);

// In the order that ReadGroup expects, of the table `user_groups`.
inline constexpr char kGroupColumns[] =
    "user_groups.group_id, user_groups.name, user_groups.description, user_groups.role_arn, user_groups.precedence, "
    "user_groups.created_at, user_groups.modified_at";
Group ReadGroup(const sql::Row& row, const PoolId& pool, int first_column = 0);

// Attributes as the JSON object of their column.
std::string PrintAttributes(const Attributes& attributes);

// A user's names as the JSON array of their column: [kind, key, kind, key …]. The table `aliases` is found by name
// only; this is how a user's own rows of it are known.
std::string PrintNames(std::span<const Alias> names);
std::vector<Alias> ParseNames(std::string_view column);

// The kind with which each key stands in `aliases`: a user may have one key twice, and the first one counts.
std::map<std::string, AliasKind> KindByKey(std::span<const Alias> names);

// What ListUsers compares of a value: its first 256 characters, so that no index holds more. A filter is 256
// characters at most, so nothing is missed.
inline constexpr std::size_t kSearchedCharacters = 256;
std::optional<std::string_view> SearchedPart(std::optional<std::string_view> value);

// Which of a pool's counters counts this user: the same in every process.
std::int64_t ShardOf(const UserId& id);

// A listing fetches one row more than the page has, to know whether there is a next one: drops that row and sets
// `next` to the cursor of the last item that stays.
template <class T, class Cursor>
void EndPage(Page<T>& page, int limit, Cursor cursor) {
    if (page.items.size() <= static_cast<std::size_t>(limit)) return;
    page.items.resize(static_cast<std::size_t>(limit));
    page.next = cursor(page.items.back());
}

}  // namespace cardea
