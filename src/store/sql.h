#pragma once
// The driver's interface: what a database must do for the store. SQL is written once, in the common subset of SQLite
// and PostgreSQL; a driver is these functions and nothing else.
//
// Parameters are bound, never pasted: $1, $2 … in the order of their first appearance (SQLite numbers them so; the
// PostgreSQL driver CHECKs it). A text holds UTF-8, and any character of it, NUL too.
// A statement's text is a literal of this program: a connection keeps it prepared under the literal's address.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

#include "base/function_ref.h"

namespace cardea::sql {

struct Bytes {
    std::string_view bytes;
};

// A parameter. Views must live until the call returns. Null is std::monostate.
using Value = std::variant<std::monostate, std::int64_t, std::string_view, Bytes>;

template <class T>
Value OrNull(const std::optional<T>& value) {
    if (!value) return std::monostate();
    return Value(*value);
}

// A row of a result, valid during the visit. Columns count from 0.
class Row {
 public:
    virtual ~Row() = default;
    virtual bool IsNull(int column) const = 0;
    virtual std::int64_t Whole(int column) const = 0;     // 0 where null
    virtual std::string_view Text(int column) const = 0;  // "" where null
    virtual std::string_view Blob(int column) const = 0;  // "" where null
};

// What kind of refusal it was.
enum class Refusal : std::uint8_t {
    kFailed,          // disk full, a statement that does not compile, a broken rule: nothing was committed
    kConflict,        // another transaction came between: the whole transaction may run again
    kBusy,            // no connection was to be had, or no answer came, in time: nothing was committed
    kConnectionLost,  // before COMMIT was sent: nothing was committed
    kUnknownOutcome   // the connection was lost during COMMIT: committed or not
};

// The database said no. Ends the request.
class DatabaseError : public std::runtime_error {
 public:
    explicit DatabaseError(const std::string& what, Refusal kind = Refusal::kFailed)
        : std::runtime_error(what), kind_(kind) {}
    Refusal Kind() const { return kind_; }

 private:
    Refusal kind_;
};

// One connection, used by one thread at a time.
class Connection {
 public:
    virtual ~Connection() = default;
    // Calls visit for each row.
    virtual void Query(std::string_view statement, std::span<const Value> values,
                       FunctionRef<void(const Row&)> visit) = 0;
    // Runs a statement that returns no rows; how many rows it changed.
    virtual std::int64_t Execute(std::string_view statement, std::span<const Value> values) = 0;
    // Transactions nest: an inner one is a savepoint, and Commit and Rollback end the innermost.
    virtual void Begin() = 0;
    virtual void Commit() = 0;
    virtual void Rollback() = 0;
    // Several statements without parameters: migrations.
    virtual void Script(std::string_view statements) = 0;
    // Appends rows to a table the quickest way the database has. Each row has one value a column.
    virtual void Load(std::string_view table, std::span<const std::string_view> columns,
                      FunctionRef<bool(std::span<Value>)> next) = 0;
};

// Query and Execute with the values written in place:  Query(db, kFind, {pool.Text(), name}, [&](const Row& row) {…});
inline void Query(Connection& db, std::string_view statement, std::initializer_list<Value> values,
                  FunctionRef<void(const Row&)> visit) {
    db.Query(statement, {values.begin(), values.size()}, visit);
}
inline std::int64_t Execute(Connection& db, std::string_view statement, std::initializer_list<Value> values) {
    return db.Execute(statement, {values.begin(), values.size()});
}

}  // namespace cardea::sql
