#pragma once
// The store: what survives. Two verbs, and one header a noun beside this one (users.h, groups.h …) with free functions
// that take the connection which a verb hands out.
//
//   const auto user = store.Read([&](sql::Connection& db) { return FindUser(db, pool.id, id); });
//   store.Transact([&](sql::Connection& db) { AddGroup(db, group); });
//
// Transact has returned: the change survives kill -9 and the loss of power. Its body may run more than once, because
// another process came between: no effects, no cryptography and no waiting inside; effects go out after it has
// returned. What a body has read of a row that it then writes still stands when it commits; what it has read of other
// rows may not (docs/decisions/0005-isolation.md). An exception from the body rolls back. Both block the calling
// thread. Transact gives its permit back meanwhile (base/permits.h), and so does Read on PostgreSQL; SQLite's reads
// come from memory and keep it. Neither may be called from inside a body. A body's connection is inside a transaction
// already; an inner Begin is a savepoint.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/function_ref.h"
#include "store/sql.h"

namespace cardea {

// Thread-safe.
class Store {
 public:
    virtual ~Store() = default;

    // Statements that only read; each one sees what was committed when it began.
    template <class Body>
    auto Read(Body body) {
        return Run(body, [this](FunctionRef<void(sql::Connection&)> run) { RunRead(run); });
    }

    // All or nothing, durable when it returns.
    template <class Body>
    auto Transact(Body body) {
        return Run(body, [this](FunctionRef<void(sql::Connection&)> run) { RunTransact(run); });
    }

    // Whether the database takes changes: makes one that nobody notices, and waits for it. For /readyz
    // (app/readiness.h), which lets nobody wait.
    virtual bool IsReady() = 0;

 protected:
    virtual void RunRead(FunctionRef<void(sql::Connection&)> body) = 0;
    virtual void RunTransact(FunctionRef<void(sql::Connection&)> body) = 0;

 private:
    template <class Body, class Verb>
    static auto Run(Body& body, Verb verb) {
        using Result = std::invoke_result_t<Body&, sql::Connection&>;
        if constexpr (std::is_void_v<Result>) {
            verb([&](sql::Connection& db) { body(db); });
        } else {
            std::optional<Result> result;
            verb([&](sql::Connection& db) { result.emplace(body(db)); });
            return std::move(*result);
        }
    }
};

struct SqliteOptions {
    std::string path;                                  // of the database file; its folder exists
    std::int64_t cache_bytes = std::int64_t{1} << 30;  // of the writer; grows only as pages are used
    int checkpoint_pages = 20000;
    // For tests: what each connection is wrapped in (tests/support/watched_connection.h).
    std::function<std::unique_ptr<sql::Connection>(std::unique_ptr<sql::Connection>)> wrap = {};
};
// Opens or creates the database, readable by its owner only, and brings its schema up to date. Throws DatabaseError,
// also where another process has it open or a newer version of Cardea has written it. To be destroyed when no thread
// uses it any more.
std::unique_ptr<Store> OpenSqlite(const SqliteOptions& options);

struct PostgresOptions {
    std::string url;  // postgresql://…, as libpq reads it; several hosts: the one that takes writes is used
    std::size_t connections = 16;                           // at most
    Duration connect_timeout = std::chrono::seconds(3);     // a host; whole seconds, 2 at least
    Duration statement_timeout = std::chrono::seconds(10);  // a statement
    Duration wait = std::chrono::seconds(5);                // for a connection while all are in use
    Duration retry = std::chrono::seconds(10);              // a transaction that meets conflicts is begun again for
    // For tests, as SqliteOptions::wrap.
    std::function<std::unique_ptr<sql::Connection>(std::unique_ptr<sql::Connection>)> wrap = {};
};
// Connects to a database (encoding UTF8) that other processes may use at the same time, and brings its schema up to
// date. Throws DatabaseError. To be destroyed when no thread uses it any more.
std::unique_ptr<Store> OpenPostgres(const PostgresOptions& options);

// A page of a listing: its items, and where the next page starts (nothing on the last page).
template <class T>
struct Page {
    std::vector<T> items;
    std::optional<std::string> next;
};

}  // namespace cardea
