#pragma once
// The schema, as a list of steps that only grows. A database knows which steps it has taken (table schema_version);
// opening it takes the ones that are missing.
//
//   Migrate(connection, sqlite::kDialect);
//
// To change the schema, append a step to kMigrations and a fixture to tests/unit/store/fixtures; a step that a release
// has taken is never edited.

#include <span>
#include <string>
#include <string_view>

#include "store/sql.h"

namespace cardea {

// How a database writes the words that differ: {text}, {blob} and so on in a script become these.
struct Dialect {
    std::string_view text;       // text that compares byte by byte
    std::string_view blob;       // bytes
    std::string_view clustered;  // after a table whose small rows live in its primary key; may be empty
    // The primary key of `users`, and an index by pool where that key does not serve as one. A distributed database
    // wants the user first; one machine wants one index over the two columns, not two.
    std::string_view users_key = "PRIMARY KEY (user_id, pool_id)";
    std::string_view users_by_pool = "CREATE INDEX users_by_pool ON users (pool_id, user_id);";
};

struct Migration {
    int number;  // 1, 2, 3 …
    std::string_view name;
    std::string_view script;
};

// Every step, in order.
std::span<const Migration> Migrations();

// The script in the dialect's words. CHECKs that there is no other word in braces.
std::string Translate(std::string_view script, const Dialect& dialect);

// Takes the steps that the database has not taken, each in a transaction of its own. Throws DatabaseError where the
// database has taken steps that this program does not know: it was written by a newer one.
void Migrate(sql::Connection& db, const Dialect& dialect);

}  // namespace cardea
