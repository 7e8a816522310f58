// ListUsers: each searchable column has an index (pool_id, column, user_id), so that every page is a range of one index
// whatever the filter is.
#include <charconv>
#include <limits>

#include "store/rows.h"
#include "store/statement.h"
#include "store/text_range.h"
#include "store/users.h"

namespace cardea {

namespace {

using Field = UserFilter::Field;

constexpr char kUsername[] = "username";
constexpr char kEmail[] = "email";
constexpr char kPhoneNumber[] = "phone_number";
constexpr char kName[] = "name";
constexpr char kGivenName[] = "given_name";
constexpr char kFamilyName[] = "family_name";
constexpr char kPreferredUsername[] = "preferred_username";

// The statements of one text column. A prefix is the range from the prefix, or from where the last page ended, to the
// first text after all that start so; the prefix that has no such text is open.
template <const auto& kColumn>
constexpr auto kEqual = Join("SELECT ", kUserColumns, " FROM users WHERE pool_id = $1 AND ", kColumn,
                             " = $2 AND user_id > $3 ORDER BY user_id LIMIT $4");
template <const auto& kColumn>
constexpr auto kRange = Join("SELECT ", kUserColumns, " FROM users WHERE pool_id = $1 AND (", kColumn,
                             ", user_id) > ($2, $3) AND ", kColumn, " < $4 ORDER BY ", kColumn, ", user_id LIMIT $5");
template <const auto& kColumn>
constexpr auto kOpen = Join("SELECT ", kUserColumns, " FROM users WHERE pool_id = $1 AND (", kColumn,
                            ", user_id) > ($2, $3) AND ", kColumn, " IS NOT NULL ORDER BY ", kColumn,
                            ", user_id LIMIT $4");

struct Column {
    Field field;
    std::string_view attribute;  // which holds the value; "" for what is no attribute
    std::string_view equal;      // pool, value, last user, limit
    std::string_view range;      // pool, last value, last user, end, limit
    std::string_view open;       // pool, last value, last user, limit
};

template <const auto& kColumn>
constexpr Column ColumnOf(Field field, std::string_view attribute) {
    return {field, attribute, kEqual<kColumn>, kRange<kColumn>, kOpen<kColumn>};
}

constexpr Column kColumns[] = {
    ColumnOf<kUsername>(Field::kUsername, ""),
    ColumnOf<kEmail>(Field::kEmail, kEmail),
    ColumnOf<kPhoneNumber>(Field::kPhoneNumber, kPhoneNumber),
    ColumnOf<kName>(Field::kName, kName),
    ColumnOf<kGivenName>(Field::kGivenName, kGivenName),
    ColumnOf<kFamilyName>(Field::kFamilyName, kFamilyName),
    ColumnOf<kPreferredUsername>(Field::kPreferredUsername, kPreferredUsername),
};

constexpr auto kListAll =
    Join("SELECT ", kUserColumns, " FROM users WHERE pool_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3");
constexpr auto kListFrom =
    Join("SELECT ", kUserColumns,
         " FROM users WHERE pool_id = $1 AND user_id >= $2 AND user_id < $3 ORDER BY user_id LIMIT $4");
constexpr auto kListBetween =
    Join("SELECT ", kUserColumns,
         " FROM users WHERE pool_id = $1 AND user_id > $2 AND user_id < $3 ORDER BY user_id LIMIT $4");
// Of few values each, and in the order of creation. The place of a user: status, created_at, id.
constexpr auto kListEnabled =
    Join("SELECT ", kUserColumns,
         " FROM users WHERE pool_id = $1 AND enabled = $2 AND (created_at, user_id) > ($3, $4) "
         "ORDER BY created_at, user_id LIMIT $5");
constexpr auto kListStatus = Join("SELECT ", kUserColumns,
                                  " FROM users WHERE pool_id = $1 AND status = $2 AND (created_at, user_id) > ($3, $4) "
                                  "ORDER BY created_at, user_id LIMIT $5");
constexpr auto kListStatuses =
    Join("SELECT ", kUserColumns,
         " FROM users WHERE pool_id = $1 AND (status, created_at, user_id) > ($2, $3, $4) AND status < $5 "
         "ORDER BY status, created_at, user_id LIMIT $6");

Page<User> Fetch(sql::Connection& db, const PoolId& pool, std::string_view statement,
                 std::initializer_list<sql::Value> values) {
    Page<User> page;
    Query(db, statement, values, [&](const sql::Row& row) { page.items.push_back(ReadUser(row, pool)); });
    return page;
}

void EndByUser(Page<User>& page, int limit) {
    EndPage(page, limit, [](const User& user) { return user.id.Text(); });
}

// Where a page of a prefix ended: the last value and the user that has it. "<size of the value> <value><user id>"
struct Place {
    std::string value;
    std::string user_id;
};

std::string PrintPlace(std::string_view value, const UserId& user) {
    return std::to_string(value.size()) + ' ' + std::string(value) + user.Text();
}

std::optional<Place> ParsePlace(std::string_view text) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || digits >= text.size() || text[digits] != ' ') return std::nullopt;
    text.remove_prefix(digits + 1);
    if (size > text.size()) return std::nullopt;
    return Place{std::string(text.substr(0, size)), std::string(text.substr(size))};
}

std::string_view ValueOf(const User& user, const Column& column) {
    if (column.field == Field::kUsername) return user.username;
    return SearchedPart(Find(user.attributes, column.attribute)).value_or("");
}

Page<User> ListByPrefix(sql::Connection& db, const PoolId& pool, const Column& column, std::string_view prefix,
                        const std::optional<std::string>& after, int limit) {
    Place start{std::string(prefix), ""};
    if (after) start = ParsePlace(*after).value_or(start);
    const auto end = EndOfPrefix(prefix);
    const std::int64_t rows = std::int64_t{limit} + 1;
    Page<User> page = end ? Fetch(db, pool, column.range, {pool.Text(), start.value, start.user_id, *end, rows})
                          : Fetch(db, pool, column.open, {pool.Text(), start.value, start.user_id, rows});
    EndPage(page, limit, [&](const User& user) { return PrintPlace(ValueOf(user, column), user.id); });
    return page;
}

// The id is its own index.
Page<User> ListBySub(sql::Connection& db, const PoolId& pool, const UserFilter& filter, const std::string& after,
                     int limit) {
    Page<User> page;
    if (!filter.prefix) {
        if (auto user = FindUser(db, pool, UserId(filter.value)); user && user->id.Text() > after)
            page.items.push_back(std::move(*user));
        return page;
    }
    const auto end = EndOfPrefix(filter.value);
    if (!end) return page;  // no id starts with the last character of all
    const std::int64_t rows = std::int64_t{limit} + 1;
    page = after.empty() ? Fetch(db, pool, kListFrom, {pool.Text(), filter.value, *end, rows})
                         : Fetch(db, pool, kListBetween, {pool.Text(), after, *end, rows});
    EndByUser(page, limit);
    return page;
}

// Where a page in the order of creation ended: "<created_at> <status> <user id>".
struct CreationPlace {
    std::int64_t created_at = std::numeric_limits<std::int64_t>::min();
    std::string status;
    std::string user_id;
};

void EndByCreation(Page<User>& page, int limit) {
    EndPage(page, limit, [](const User& user) {
        return std::to_string(ToMicroseconds(user.created_at)) + ' ' + std::string(NameOf(user.status)) + ' ' +
               user.id.Text();
    });
}

CreationPlace ParseCreationPlace(const std::optional<std::string>& after, std::string_view first_status) {
    CreationPlace start;
    start.status = first_status;
    if (!after) return start;
    const std::string_view text = *after;
    const auto first = text.find(' ');
    const auto second = first == std::string_view::npos ? first : text.find(' ', first + 1);
    if (second == std::string_view::npos) return start;
    std::from_chars(text.data(), text.data() + first, start.created_at);
    start.status = text.substr(first + 1, second - first - 1);
    start.user_id = text.substr(second + 1);
    return start;
}

Page<User> ListByEnabled(sql::Connection& db, const PoolId& pool, bool enabled, const std::optional<std::string>& after,
                         int limit) {
    const CreationPlace start = ParseCreationPlace(after, "");
    Page<User> page =
        Fetch(db, pool, kListEnabled,
              {pool.Text(), std::int64_t{enabled}, start.created_at, start.user_id, std::int64_t{limit} + 1});
    EndByCreation(page, limit);
    return page;
}

Page<User> ListByStatus(sql::Connection& db, const PoolId& pool, const UserFilter& filter,
                        const std::optional<std::string>& after, int limit) {
    const CreationPlace start = ParseCreationPlace(after, filter.value);
    const std::int64_t rows = std::int64_t{limit} + 1;
    Page<User> page;
    if (!filter.prefix) {
        page = Fetch(db, pool, kListStatus, {pool.Text(), filter.value, start.created_at, start.user_id, rows});
    } else if (const auto end = EndOfPrefix(filter.value)) {
        page = Fetch(db, pool, kListStatuses, {pool.Text(), start.status, start.created_at, start.user_id, *end, rows});
    }
    EndByCreation(page, limit);
    return page;
}

// The fields whose prefix may be that of every value: then there is nothing to filter.
bool FitsEverybody(const UserFilter& filter) {
    if (filter.field == Field::kAll) return true;
    return filter.prefix && filter.value.empty() &&
           (filter.field == Field::kSub || filter.field == Field::kUserStatus || filter.field == Field::kEnabled);
}

}  // namespace

Page<User> ListUsers(sql::Connection& db, const PoolId& pool, const UserFilter& filter,
                     const std::optional<std::string>& after, int limit) {
    const std::string last = after.value_or("");
    const std::int64_t rows = std::int64_t{limit} + 1;
    if (filter.value.find('\0') != std::string::npos) return {};
    if (FitsEverybody(filter)) {
        Page<User> page = Fetch(db, pool, kListAll, {pool.Text(), last, rows});
        EndByUser(page, limit);
        return page;
    }
    if (filter.field == Field::kSub) return ListBySub(db, pool, filter, last, limit);
    if (filter.field == Field::kUserStatus) return ListByStatus(db, pool, filter, after, limit);
    if (filter.field == Field::kEnabled) {
        const bool enabled =
            filter.prefix ? std::string_view("Enabled").starts_with(filter.value) : filter.value == "Enabled";
        const bool disabled =
            filter.prefix ? std::string_view("Disabled").starts_with(filter.value) : filter.value == "Disabled";
        return enabled || disabled ? ListByEnabled(db, pool, enabled, after, limit) : Page<User>();
    }
    for (const Column& column : kColumns) {
        if (column.field != filter.field) continue;
        if (filter.prefix) return ListByPrefix(db, pool, column, filter.value, after, limit);
        Page<User> page = Fetch(db, pool, column.equal, {pool.Text(), filter.value, last, rows});
        EndByUser(page, limit);
        return page;
    }
    return {};
}

}  // namespace cardea
