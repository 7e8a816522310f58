#pragma once
// sql::Connection on SQLite: the only place that includes sqlite3.h.
//
//   sqlite::Connection db({.path = path, .cache_bytes = 1 << 30});
//   Query(db, "SELECT version FROM configuration", {}, [&](const sql::Row& row) { … });
//
// Transactions nest: the first Begin takes the write lock (BEGIN IMMEDIATE), each further one is a savepoint.

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "store/migrations.h"
#include "store/sql.h"

struct sqlite3;
struct sqlite3_stmt;

namespace cardea::sqlite {

struct ConnectionOptions {
    std::string path;
    bool read_only = false;        // statements that write are refused
    std::int64_t cache_bytes = 0;  // bound of the page cache
    bool mmap = false;             // read the database file through memory
    Duration longest_query{0};     // a query that runs longer ends with DatabaseError; 0: no bound
};

// How the words of the schema are written here (store/migrations.h).
inline constexpr Dialect kDialect{.text = "TEXT",
                                  .blob = "BLOB",
                                  .clustered = " WITHOUT ROWID",
                                  .users_key = "PRIMARY KEY (pool_id, user_id)",
                                  .users_by_pool = ""};

class Connection final : public sql::Connection {
 public:
    // Opens the file, creating it where a writer opens it first. Throws DatabaseError.
    explicit Connection(const ConnectionOptions& options);
    ~Connection() override;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void Query(std::string_view statement, std::span<const sql::Value> values,
               FunctionRef<void(const sql::Row&)> visit) override;
    std::int64_t Execute(std::string_view statement, std::span<const sql::Value> values) override;
    void Begin() override;
    void Commit() override;
    // Ends the innermost transaction; nothing where there is none. Throws where SQLite has rolled back everything by
    // itself (disk full) and an outer transaction believes that it still stands.
    void Rollback() override;
    void Script(std::string_view statements) override;
    void Load(std::string_view table, std::span<const std::string_view> columns,
              FunctionRef<bool(std::span<sql::Value>)> next) override;

    // Pages in the write-ahead log after this connection's last commit.
    int LogPages() const { return log_pages_; }
    struct Checkpointed {
        int log_pages = 0;    // in the log
        int moved_pages = 0;  // of them, moved into the database file
    };
    // Moves pages of the log into the database file: as many as readers allow (kPassive), or waiting for readers up to
    // the busy time-out so that the log starts anew (kRestart), or is emptied too (kTruncate).
    enum class CheckpointMode : std::uint8_t { kPassive, kRestart, kTruncate };
    Checkpointed Checkpoint(CheckpointMode mode);

 private:
    sqlite3_stmt* Prepare(std::string_view statement);
    bool Step(sqlite3_stmt* statement);
    void Run(const char* sql);
    void Configure(const ConnectionOptions& options);
    void StartQuery();
    [[noreturn]] void Fail(std::string_view what) const;

    sqlite3* db_ = nullptr;
    std::unordered_map<const char*, sqlite3_stmt*> prepared_;  // by the literal's address
    int depth_ = 0;                                            // of nested transactions
    int log_pages_ = 0;
    Duration longest_query_;
    std::chrono::steady_clock::time_point deadline_;
};

}  // namespace cardea::sqlite
