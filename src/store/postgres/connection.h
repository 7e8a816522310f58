#pragma once
// sql::Connection on PostgreSQL, by libpq.
//
//   postgres::Connection db({.url = "postgresql://cardea@db1,db2/cardea"});
//   Query(db, "SELECT version FROM configuration", {}, [&](const sql::Row& row) { … });
//
// Nothing waits for ever: the server ends a statement after statement_timeout, and where no answer comes soon after
// that, the connection is given up. Begin costs no round trip: it goes out with the statement that follows.
// Outside a transaction statements may only read.

#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "store/migrations.h"
#include "store/sql.h"

struct pg_conn;
struct pg_result;

namespace cardea::postgres {

class Parameters;

struct ConnectionOptions {
    std::string url;                                     // what libpq takes: postgresql://…, or "host=… dbname=…"
    Duration connect_timeout = std::chrono::seconds(3);  // a host
    Duration statement_timeout = std::chrono::seconds(10);  // 0: no bound, for migrations
    bool writes_alone = false;                              // statements outside a transaction may write
};

// How the words of the schema are written here (store/migrations.h).
inline constexpr Dialect kDialect{.text = "TEXT COLLATE \"C\"", .blob = "BYTEA", .clustered = ""};

class Connection final : public sql::Connection {
 public:
    // Connects to the first host of the URL that takes writes. Throws DatabaseError.
    explicit Connection(const ConnectionOptions& options);
    ~Connection() override;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void Query(std::string_view statement, std::span<const sql::Value> values,
               FunctionRef<void(const sql::Row&)> visit) override;
    std::int64_t Execute(std::string_view statement, std::span<const sql::Value> values) override;
    void Begin() override;
    void Commit() override;
    // Ends the innermost transaction; nothing where there is none.
    void Rollback() override;
    void Script(std::string_view statements) override;
    void Load(std::string_view table, std::span<const std::string_view> columns,
              FunctionRef<bool(std::span<sql::Value>)> next) override;

    // Outside a transaction, and the server has not closed the connection. No round trip.
    bool IsUsable() const;

 private:
    struct Clear {
        void operator()(pg_result* result) const;
    };
    using ResultPointer = std::unique_ptr<pg_result, Clear>;
    using Deadline = std::chrono::steady_clock::time_point;
    struct Prepared {
        std::string name;
        std::string text;
        std::vector<unsigned> types;  // pg_type's numbers; 0 where a null left it to the server
    };
    // What came of the commands of one round trip, up to the first that failed.
    struct Answers {
        std::size_t succeeded = 0;
        ResultPointer last;
    };

    ResultPointer Run(std::string_view statement, std::span<const sql::Value> values);
    const Prepared* FindPrepared(std::string_view statement, const Parameters& parameters) const;
    void Send(int sent);
    std::size_t SendWaiting();
    void RunCommand(std::string_view command);
    void RunWaiting();
    Answers Receive(std::size_t commands);
    void SetUpSession(const ConnectionOptions& options);
    void LeavePipeline();
    void EnterPipeline();
    ResultPointer ReceiveAlone(std::string_view what);
    void PutCopyData(std::string_view data);

    ResultPointer NextResult(Deadline deadline);
    void WaitForSocket(bool to_write, Deadline deadline);
    Deadline NewDeadline() const;
    [[noreturn]] void Lose(const std::string& reason, sql::Refusal kind);
    [[noreturn]] void Refuse(const pg_result* result, std::string_view what);
    void RequireWhole() const;

    pg_conn* connection_ = nullptr;
    std::unordered_map<const char*, Prepared> prepared_;  // by the literal's address
    std::size_t prepared_count_ = 0;
    std::vector<std::string> waiting_;  // BEGIN, SAVEPOINT, RELEASE: to be sent before the next statement
    int depth_ = 0;                     // of nested transactions
    bool lost_ = false;
    bool committing_ = false;
    bool warned_ = false;  // the server said something while it committed
    Duration statement_timeout_;
};

}  // namespace cardea::postgres
