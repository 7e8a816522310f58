#include "store/postgres/connection.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>

#include "base/check.h"
#include "store/postgres/wire.h"

namespace cardea::postgres {

namespace {

constexpr int kOldestServer = 150000;
// How long after statement_timeout the server's word that it ended the statement may take.
constexpr Duration kGrace = std::chrono::seconds(1);

// Isolation: docs/decisions/0005-isolation.md.
constexpr std::string_view kBegin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE";

// Every statement has an index to go by and most tables are too large to do without: a plan that was made while a
// table was small must not read all of it later. What is switched off is a last resort still; JIT would take its
// nominal cost for a reason to compile.
constexpr char kSetUp[] =
    "SELECT set_config('statement_timeout', $1, false), set_config('default_transaction_read_only', $2, false), "
    "set_config('idle_in_transaction_session_timeout', '30s', false), "
    "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' "
    "ELSE current_setting('synchronous_commit') END, false), set_config('jit', 'off', false), "
    "set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false), "
    "set_config('enable_bitmapscan', 'off', false), set_config('enable_sort', 'off', false), "
    "set_config('enable_hashjoin', 'off', false), set_config('enable_mergejoin', 'off', false)";

std::string Savepoint(std::string_view verb, int depth) { return std::string(verb) + " s" + std::to_string(depth); }

// SQLite numbers parameters in the order of their first appearance: a statement in another order would mean something
// else there.
std::size_t CountParameters(std::string_view statement) {
    std::size_t count = 0;
    for (std::size_t i = 0; i + 1 < statement.size(); ++i) {
        if (statement[i] != '$' || statement[i + 1] < '1' || statement[i + 1] > '9') continue;
        std::size_t number = 0;
        while (i + 1 < statement.size() && statement[i + 1] >= '0' && statement[i + 1] <= '9')
            number = number * 10 + static_cast<std::size_t>(statement[++i] - '0');
        CHECK(number <= count + 1);
        count = std::max(count, number);
    }
    return count;
}

// https://www.postgresql.org/docs/15/errcodes-appendix.html
sql::Refusal KindOf(std::string_view state) {
    if (state == "40001" || state == "40P01") return sql::Refusal::kConflict;
    if (state == "57014" || state == "55P03") return sql::Refusal::kBusy;
    if (state.starts_with("08") || state == "57P01" || state == "57P02" || state == "57P03")
        return sql::Refusal::kConnectionLost;
    return sql::Refusal::kFailed;
}

std::string_view Field(const PGresult* result, int field) {
    const char* text = PQresultErrorField(result, field);
    return text ? text : "";
}

bool IsError(const PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);
    return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK;
}

PGconn* Connect(const ConnectionOptions& options) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.connect_timeout).count();
    const std::string timeout = std::to_string(seconds);
    // The URL's own settings outweigh those before it, and client_encoding outweighs it.
    const char* const names[] = {"connect_timeout",           "target_session_attrs",
                                 "fallback_application_name", "keepalives_idle",
                                 "keepalives_interval",       "keepalives_count",
                                 "tcp_user_timeout",          "dbname",
                                 "client_encoding",           nullptr};
    const char* const values[] = {timeout.c_str(), "read-write",        "cardea", "10",   "5", "3",
                                  "15000",         options.url.c_str(), "UTF8",   nullptr};
    return PQconnectdbParams(names, values, /*expand_dbname=*/1);
}

// libpq's words without its line ends, which would break a log line.
std::string OneLine(const char* text) {
    std::string line(text ? text : "");
    while (!line.empty() && line.back() == '\n') line.pop_back();
    for (char& c : line)
        if (c == '\n') c = ' ';
    return line;
}

}  // namespace

Connection::Connection(const ConnectionOptions& options) : statement_timeout_(options.statement_timeout) {
    connection_ = Connect(options);
    try {
        if (!connection_ || PQstatus(connection_) != CONNECTION_OK)
            throw sql::DatabaseError("cannot connect to PostgreSQL: " +
                                         (connection_ ? OneLine(PQerrorMessage(connection_)) : "out of memory"),
                                     sql::Refusal::kBusy);
        SetUpSession(options);
    } catch (...) {
        PQfinish(connection_);
        throw;
    }
}

void Connection::Clear::operator()(pg_result* result) const { PQclear(result); }

Connection::~Connection() { PQfinish(connection_); }

void Connection::SetUpSession(const ConnectionOptions& options) {
    const int version = PQserverVersion(connection_);
    if (version < kOldestServer)
        throw sql::DatabaseError("PostgreSQL " + std::to_string(version / 10000) +
                                 " is too old: 15 or newer is needed");
    const char* encoding = PQparameterStatus(connection_, "server_encoding");
    if (!encoding || std::string_view(encoding) != "UTF8")
        throw sql::DatabaseError("the PostgreSQL database must be made with ENCODING 'UTF8'");
    PQsetNoticeReceiver(
        connection_,
        [](void* self, const PGresult*) {
            auto* connection = static_cast<Connection*>(self);
            if (connection->committing_) connection->warned_ = true;
        },
        this);
    if (PQsetnonblocking(connection_, 1) != 0) Lose("no non-blocking mode", sql::Refusal::kFailed);
    EnterPipeline();
    const std::string timeout =
        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(options.statement_timeout).count());
    const sql::Value values[] = {timeout, options.writes_alone ? "off" : "on"};
    Run(kSetUp, values);
}

bool Connection::IsUsable() const {
    if (lost_ || depth_ != 0 || PQtransactionStatus(connection_) != PQTRANS_IDLE) return false;
    // A server that has gone leaves an end of file, or its last words, to be read.
    pollfd socket{.fd = PQsocket(connection_), .events = POLLIN, .revents = 0};
    return poll(&socket, 1, 0) == 0;
}

// ---- statements ------------------------------------------------------------------------------

void Connection::Query(std::string_view statement, std::span<const sql::Value> values,
                       FunctionRef<void(const sql::Row&)> visit) {
    const ResultPointer result = Run(statement, values);
    const int rows = PQntuples(result.get());
    for (int i = 0; i < rows; ++i) visit(ResultRow(result.get(), i));
}

std::int64_t Connection::Execute(std::string_view statement, std::span<const sql::Value> values) {
    const ResultPointer result = Run(statement, values);
    return std::strtoll(PQcmdTuples(result.get()), nullptr, 10);
}

const Connection::Prepared* Connection::FindPrepared(std::string_view statement, const Parameters& parameters) const {
    const auto found = prepared_.find(statement.data());
    // A text that is no literal may stand where another one stood.
    if (found == prepared_.end() || found->second.text != statement) return nullptr;
    CHECK(found->second.types.size() == static_cast<std::size_t>(parameters.Count()));
    for (std::size_t i = 0; i < found->second.types.size(); ++i) {
        const Oid expected = found->second.types[i];
        const Oid given = parameters.Types()[i];
        CHECK(expected == 0 || given == 0 || expected == given);
    }
    return &found->second;
}

// One round trip: what waits to be sent, the statement's preparation where it is new, and the statement.
Connection::ResultPointer Connection::Run(std::string_view statement, std::span<const sql::Value> values) {
    RequireWhole();
    const Parameters parameters(values);
    const Prepared* prepared = FindPrepared(statement, parameters);
    std::size_t commands = SendWaiting();
    Prepared made{.name = {}, .text = {}, .types = {}};
    if (!prepared) {
        CHECK(CountParameters(statement) == values.size());
        made = {.name = "p" + std::to_string(++prepared_count_),
                .text = std::string(statement),
                .types = {parameters.Types(), parameters.Types() + parameters.Count()}};
        Send(PQsendPrepare(connection_, made.name.c_str(), made.text.c_str(), parameters.Count(), parameters.Types()));
        ++commands;
    }
    const std::string& name = prepared ? prepared->name : made.name;
    Send(PQsendQueryPrepared(connection_, name.c_str(), parameters.Count(), parameters.Values(), parameters.Lengths(),
                             parameters.Formats(), /*resultFormat=*/1));
    Send(PQpipelineSync(connection_));
    Answers answers = Receive(commands + 1);
    if (!prepared && answers.succeeded >= commands) prepared_.insert_or_assign(statement.data(), std::move(made));
    if (answers.succeeded != commands + 1) Refuse(answers.last.get(), statement);
    return std::move(answers.last);
}

void Connection::Send(int sent) {
    if (sent != 1) Lose(OneLine(PQerrorMessage(connection_)), sql::Refusal::kConnectionLost);
}

std::size_t Connection::SendWaiting() {
    const std::size_t count = waiting_.size();
    for (const std::string& command : waiting_)
        Send(PQsendQueryParams(connection_, command.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1));
    waiting_.clear();
    return count;
}

// A command of the driver's own, after all that waits.
void Connection::RunCommand(std::string_view command) {
    waiting_.emplace_back(command);
    RunWaiting();
}

void Connection::RunWaiting() {
    RequireWhole();
    if (waiting_.empty()) return;
    const std::string last = waiting_.back();
    const std::size_t commands = SendWaiting();
    Send(PQpipelineSync(connection_));
    const Answers answers = Receive(commands);
    if (answers.succeeded != commands) Refuse(answers.last.get(), last);
    // COMMIT of a transaction in which a statement has failed answers ROLLBACK, and is no error.
    if (committing_ && std::string_view(PQcmdStatus(answers.last.get())) != "COMMIT")
        throw sql::DatabaseError("PostgreSQL: the transaction was rolled back, because a statement in it had failed");
}

// Reads the results of that many commands and the end of the round trip.
Connection::Answers Connection::Receive(std::size_t commands) {
    const Deadline deadline = NewDeadline();
    Answers answers;
    bool failed = false;
    for (std::size_t i = 0; i < commands; ++i) {
        while (ResultPointer result = NextResult(deadline)) {
            const bool is_error = IsError(result.get());
            if (!failed) answers.last = std::move(result);
            failed = failed || is_error;
        }
        if (lost_) Lose(OneLine(PQerrorMessage(connection_)), sql::Refusal::kConnectionLost);
        if (!failed) ++answers.succeeded;
        // The last words of a server that goes; no end of the round trip will come.
        if (failed && PQstatus(connection_) == CONNECTION_BAD) Refuse(answers.last.get(), "");
    }
    const ResultPointer end = NextResult(deadline);
    if (!end || PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC)
        Lose("the answers are out of step", sql::Refusal::kConnectionLost);
    return answers;
}

Connection::ResultPointer Connection::NextResult(Deadline deadline) {
    while (true) {
        const int unsent = PQflush(connection_);
        if (unsent < 0) Lose(OneLine(PQerrorMessage(connection_)), sql::Refusal::kConnectionLost);
        if (!PQisBusy(connection_)) return ResultPointer(PQgetResult(connection_));
        WaitForSocket(unsent > 0, deadline);
    }
}

void Connection::WaitForSocket(bool to_write, Deadline deadline) {
    while (true) {
        if (PQstatus(connection_) == CONNECTION_BAD)
            Lose(OneLine(PQerrorMessage(connection_)), sql::Refusal::kConnectionLost);
        int wait = -1;
        if (deadline != Deadline::max()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Monotonic()).count();
            if (left <= 0) Lose("no answer in time", sql::Refusal::kBusy);
            wait = static_cast<int>(left);
        }
        pollfd socket{.fd = PQsocket(connection_), .events = POLLIN, .revents = 0};
        if (to_write) socket.events |= POLLOUT;
        const int ready = poll(&socket, 1, wait);
        if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
        if (ready < 0) Lose(std::strerror(errno), sql::Refusal::kConnectionLost);
        if ((socket.revents & ~POLLOUT) != 0) PQconsumeInput(connection_);
        return;
    }
}

Connection::Deadline Connection::NewDeadline() const {
    return statement_timeout_.count() > 0 ? Monotonic() + statement_timeout_ + kGrace : Deadline::max();
}

void Connection::RequireWhole() const {
    if (lost_) throw sql::DatabaseError("PostgreSQL: the connection is lost", sql::Refusal::kConnectionLost);
}

void Connection::Lose(const std::string& reason, sql::Refusal kind) {
    lost_ = true;
    if (committing_) kind = sql::Refusal::kUnknownOutcome;
    throw sql::DatabaseError("PostgreSQL: " + reason, kind);
}

// A statement's text holds no values, and neither does PostgreSQL's first sentence, but for class 22 (data).
void Connection::Refuse(const PGresult* result, std::string_view what) {
    const std::string_view state = Field(result, PG_DIAG_SQLSTATE);
    const std::string_view severity = Field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    sql::Refusal kind = KindOf(state);
    if (severity == "FATAL" || severity == "PANIC" || PQstatus(connection_) == CONNECTION_BAD) {
        lost_ = true;
        kind = committing_ ? sql::Refusal::kUnknownOutcome : sql::Refusal::kConnectionLost;
    }
    const std::string_view words =
        state.starts_with("22") ? "a value does not fit" : Field(result, PG_DIAG_MESSAGE_PRIMARY);
    throw sql::DatabaseError("PostgreSQL: " + std::string(words.empty() ? "the connection is lost" : words) + " (" +
                                 std::string(state) + ") in: " + std::string(what.substr(0, 80)),
                             kind);
}

// ---- transactions ----------------------------------------------------------------------------

void Connection::Begin() {
    RequireWhole();
    waiting_.push_back(depth_ == 0 ? std::string(kBegin) : Savepoint("SAVEPOINT", depth_));
    ++depth_;
}

void Connection::Commit() {
    CHECK(depth_ > 0);
    RequireWhole();
    if (depth_ > 1) {
        const std::string begun = Savepoint("SAVEPOINT", depth_ - 1);
        if (!waiting_.empty() && waiting_.back() == begun)
            waiting_.pop_back();
        else
            waiting_.push_back(Savepoint("RELEASE SAVEPOINT", depth_ - 1));
        --depth_;
        return;
    }
    depth_ = 0;
    waiting_.clear();
    if (PQtransactionStatus(connection_) == PQTRANS_IDLE) return;  // nothing was done in it
    committing_ = true;
    warned_ = false;
    try {
        RunCommand("COMMIT");
    } catch (...) {
        committing_ = false;
        throw;
    }
    committing_ = false;
    // "canceling the wait for synchronous replication": it is committed here, and a standby may not have it.
    if (warned_) throw sql::DatabaseError("PostgreSQL: committed with a warning", sql::Refusal::kUnknownOutcome);
}

void Connection::Rollback() {
    if (depth_ == 0) return;
    --depth_;
    RequireWhole();
    if (depth_ == 0) {
        waiting_.clear();
        if (PQtransactionStatus(connection_) != PQTRANS_IDLE) RunCommand("ROLLBACK");
        return;
    }
    // What waits is of this savepoint or of ones inside it, from its beginning on where that has not been sent.
    const auto begun = std::find(waiting_.begin(), waiting_.end(), Savepoint("SAVEPOINT", depth_));
    const bool was_sent = begun == waiting_.end();
    waiting_.erase(was_sent ? waiting_.begin() : begun, waiting_.end());
    if (!was_sent) return;
    waiting_.push_back(Savepoint("ROLLBACK TO SAVEPOINT", depth_));
    waiting_.push_back(Savepoint("RELEASE SAVEPOINT", depth_));
    RunWaiting();
}

// ---- outside of the pipeline -------------------------------------------------------------------

void Connection::EnterPipeline() {
    if (PQenterPipelineMode(connection_) != 1) Lose("no pipeline mode", sql::Refusal::kConnectionLost);
}

void Connection::LeavePipeline() {
    RunWaiting();
    if (PQexitPipelineMode(connection_) != 1) Lose("the pipeline does not end", sql::Refusal::kConnectionLost);
}

// Reads everything that a command outside the pipeline answers; back to the pipeline, also where it has failed.
Connection::ResultPointer Connection::ReceiveAlone(std::string_view what) {
    const Deadline deadline = NewDeadline();
    ResultPointer kept;
    while (ResultPointer result = NextResult(deadline)) {
        const bool stands = kept && IsError(kept.get());
        if (!stands) kept = std::move(result);
    }
    EnterPipeline();
    if (!kept || IsError(kept.get())) Refuse(kept.get(), what);
    return kept;
}

void Connection::Script(std::string_view statements) {
    RequireWhole();
    LeavePipeline();
    Send(PQsendQuery(connection_, std::string(statements).c_str()));
    ReceiveAlone(statements);
}

void Connection::Load(std::string_view table, std::span<const std::string_view> columns,
                      FunctionRef<bool(std::span<sql::Value>)> next) {
    static constexpr std::size_t kChunk = 64 << 10;
    std::string command = "COPY " + std::string(table) + " (";
    for (std::size_t i = 0; i < columns.size(); ++i) command += (i ? ", " : "") + std::string(columns[i]);
    command += ") FROM STDIN (FORMAT binary)";
    RequireWhole();
    LeavePipeline();
    Send(PQsendQuery(connection_, command.c_str()));
    const ResultPointer begun = NextResult(NewDeadline());
    if (PQresultStatus(begun.get()) != PGRES_COPY_IN) {
        ReceiveAlone(command);
        Refuse(begun.get(), command);
    }
    std::string data;
    BeginCopy(data);
    std::vector<sql::Value> values(columns.size());
    try {
        while (next(values)) {
            AppendCopyRow(data, values);
            if (data.size() < kChunk) continue;
            PutCopyData(data);
            data.clear();
        }
    } catch (...) {
        if (!lost_) {
            Send(PQputCopyEnd(connection_, "no more rows can be made"));
            try {
                ReceiveAlone(command);
            } catch (const sql::DatabaseError&) {
                // The caller hears of the first mistake.
            }
        }
        throw;
    }
    EndCopy(data);
    PutCopyData(data);
    const Deadline deadline = NewDeadline();
    // Where the server has refused a row already, it is -1 and the server's word is yet to be read.
    while (PQputCopyEnd(connection_, nullptr) == 0) WaitForSocket(true, deadline);
    ReceiveAlone(command);
}

void Connection::PutCopyData(std::string_view data) {
    const Deadline deadline = NewDeadline();
    while (PQputCopyData(connection_, data.data(), static_cast<int>(data.size())) == 0) WaitForSocket(true, deadline);
    // What the server does not take would pile up in memory.
    while (true) {
        const int unsent = PQflush(connection_);
        if (unsent < 0) Lose(OneLine(PQerrorMessage(connection_)), sql::Refusal::kConnectionLost);
        if (unsent == 0) return;
        WaitForSocket(true, deadline);
    }
}

}  // namespace cardea::postgres
