#include "store/sqlite/connection.h"

#include <memory>
#include <mutex>
#include <sqlite3.h>
#include <utility>
#include <vector>

#include "base/check.h"

namespace cardea::sqlite {

namespace {

constexpr int kBusyMilliseconds = 5000;  // readers meet a lock only while the log is recovered or restarted
constexpr int kStepsBetweenLooks = 20000;
// SQLite's way to work for one process with many connections: the file is locked once, and what the connections share
// is in memory, so that a read takes no system call for its locks.
constexpr char kOneProcess[] = "unix-excl";

class StatementRow final : public sql::Row {
 public:
    explicit StatementRow(sqlite3_stmt* statement) : statement_(statement) {}
    bool IsNull(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    std::int64_t Whole(int column) const override { return sqlite3_column_int64(statement_, column); }
    std::string_view Text(int column) const override {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        return text ? std::string_view(text, Size(column)) : std::string_view();
    }
    std::string_view Blob(int column) const override {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
        return bytes ? std::string_view(bytes, Size(column)) : std::string_view();
    }

 private:
    std::size_t Size(int column) const { return static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)); }
    sqlite3_stmt* statement_;
};

// Ends a statement's run however it is left.
class ResetAtEnd {
 public:
    explicit ResetAtEnd(sqlite3_stmt* statement) : statement_(statement) {}
    ~ResetAtEnd() { sqlite3_reset(statement_); }
    ResetAtEnd(const ResetAtEnd&) = delete;
    ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
    sqlite3_stmt* statement_;
};

// A null pointer would bind NULL: the empty text needs an address.
const char* AddressOf(std::string_view bytes) { return bytes.data() ? bytes.data() : ""; }

// Values are not copied: they outlive the run (sql::Value).
int BindOne(sqlite3_stmt* statement, int index, const sql::Value& value) {
    switch (value.index()) {
        case 0:
            return sqlite3_bind_null(statement, index);
        case 1:
            return sqlite3_bind_int64(statement, index, std::get<1>(value));
        case 2: {
            const std::string_view text = std::get<2>(value);
            return sqlite3_bind_text64(statement, index, AddressOf(text), text.size(), SQLITE_STATIC, SQLITE_UTF8);
        }
        default: {
            const std::string_view bytes = std::get<3>(value).bytes;
            return sqlite3_bind_blob64(statement, index, AddressOf(bytes), bytes.size(), SQLITE_STATIC);
        }
    }
}

// Memory statistics cost a process-wide lock a malloc; a savepoint's undo goes to a temporary file from 64 KB on, which
// one sign-up exceeds. Too late is not an error: it is only slower. (When the undo does go to its file, SQLite 3.40
// writes it as one piece and takes a piece of 128 KiB or more for a full disk: stay below.)
void ConfigureOnce() {
    static constexpr int kUndoBytesInMemory = 126 << 10;
    static std::once_flag once;
    std::call_once(once, [] {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, kUndoBytesInMemory);
    });
}

}  // namespace

Connection::Connection(const ConnectionOptions& options) : longest_query_(options.longest_query) {
    ConfigureOnce();
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (options.read_only ? 0 : SQLITE_OPEN_CREATE);
    if (sqlite3_open_v2(options.path.c_str(), &db_, flags, kOneProcess) != SQLITE_OK) {
        const std::string reason = db_ ? sqlite3_errmsg(db_) : "out of memory";
        sqlite3_close(db_);
        throw sql::DatabaseError("cannot open " + options.path + ": " + reason);
    }
    try {
        Configure(options);
    } catch (...) {
        sqlite3_close(db_);
        throw;
    }
}

Connection::~Connection() {
    for (const auto& [address, statement] : prepared_) sqlite3_finalize(statement);
    sqlite3_close(db_);
}

void Connection::Configure(const ConnectionOptions& options) {
    sqlite3_busy_timeout(db_, kBusyMilliseconds);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, options.read_only ? 1 : 0, nullptr);
    Run(("PRAGMA cache_size = -" + std::to_string(options.cache_bytes / 1024)).c_str());
    if (options.mmap) Run("PRAGMA mmap_size = 2147418112");  // SQLite's own bound: 2 GiB
    Run("PRAGMA foreign_keys = OFF");
    if (options.read_only) {
        Run("PRAGMA query_only = ON");
    } else {
        Run("PRAGMA journal_mode = WAL");
        Run("PRAGMA synchronous = FULL");
        Run("PRAGMA wal_autocheckpoint = 0");
        Run("PRAGMA journal_size_limit = 268435456");  // a log that had to grow gives the disk back
        Run("PRAGMA secure_delete = FAST");
        sqlite3_wal_hook(
            db_,
            [](void* self, sqlite3*, const char*, int pages) {
                static_cast<Connection*>(self)->log_pages_ = pages;
                return SQLITE_OK;
            },
            this);
    }
    if (longest_query_.count() > 0)
        sqlite3_progress_handler(
            db_, kStepsBetweenLooks,
            [](void* self) { return Monotonic() > static_cast<Connection*>(self)->deadline_ ? 1 : 0; }, this);
}

void Connection::Fail(std::string_view what) const {
    // The statement holds no values, and SQLite's messages name tables and columns only.
    throw sql::DatabaseError("SQLite: " + std::string(sqlite3_errmsg(db_)) + " (" +
                             std::to_string(sqlite3_extended_errcode(db_)) +
                             ") in: " + std::string(what.substr(0, 80)));
}

void Connection::Run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) Fail(sql);
}

sqlite3_stmt* Connection::Prepare(std::string_view statement) {
    const auto found = prepared_.find(statement.data());
    if (found != prepared_.end() && statement == sqlite3_sql(found->second)) {
        CHECK(!sqlite3_stmt_busy(found->second));  // a statement cannot run inside its own visit
        return found->second;
    }
    // A text that is no literal may stand where another one stood.
    if (found != prepared_.end()) {
        sqlite3_finalize(found->second);
        prepared_.erase(found);
    }
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v3(db_, statement.data(), static_cast<int>(statement.size()), SQLITE_PREPARE_PERSISTENT, &made,
                           nullptr) != SQLITE_OK)
        Fail(statement);
    CHECK(made != nullptr);
    prepared_.emplace(statement.data(), made);
    return made;
}

bool Connection::Step(sqlite3_stmt* statement) {
    const int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) Fail(sqlite3_sql(statement));
    return false;
}

// After SQLite has rolled back by itself, a statement would run outside the transaction that it belongs to.
void Connection::StartQuery() {
    if (depth_ > 0 && sqlite3_get_autocommit(db_)) throw sql::DatabaseError("SQLite: the transaction was rolled back");
    if (longest_query_.count() > 0) deadline_ = Monotonic() + longest_query_;
}

void Connection::Query(std::string_view statement, std::span<const sql::Value> values,
                       FunctionRef<void(const sql::Row&)> visit) {
    StartQuery();
    sqlite3_stmt* prepared = Prepare(statement);
    CHECK(values.size() == static_cast<std::size_t>(sqlite3_bind_parameter_count(prepared)));
    const ResetAtEnd reset(prepared);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (BindOne(prepared, static_cast<int>(i) + 1, values[i]) != SQLITE_OK) Fail(statement);
    const StatementRow row(prepared);
    while (Step(prepared)) visit(row);
}

std::int64_t Connection::Execute(std::string_view statement, std::span<const sql::Value> values) {
    Query(statement, values, [](const sql::Row&) {});
    return sqlite3_changes64(db_);
}

void Connection::Begin() {
    if (depth_ > 0) StartQuery();
    Execute(depth_ == 0 ? std::string_view("BEGIN IMMEDIATE") : std::string_view("SAVEPOINT inner"), {});
    ++depth_;
}

void Connection::Commit() {
    CHECK(depth_ > 0);
    StartQuery();
    Execute(depth_ == 1 ? std::string_view("COMMIT") : std::string_view("RELEASE inner"), {});
    --depth_;
}

void Connection::Rollback() {
    if (depth_ == 0) return;
    if (sqlite3_get_autocommit(db_)) {
        const bool was_inner = std::exchange(depth_, 0) > 1;
        if (was_inner) throw sql::DatabaseError("SQLite: the transaction was rolled back");
        return;
    }
    if (depth_ == 1) {
        Execute("ROLLBACK", {});
    } else {
        Execute("ROLLBACK TO inner", {});
        Execute("RELEASE inner", {});
    }
    --depth_;
}

void Connection::Script(std::string_view statements) { Run(std::string(statements).c_str()); }

void Connection::Load(std::string_view table, std::span<const std::string_view> columns,
                      FunctionRef<bool(std::span<sql::Value>)> next) {
    StartQuery();
    std::string names;
    std::string marks;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i) names += ", ", marks += ", ";
        names += columns[i];
        marks += '$' + std::to_string(i + 1);
    }
    const std::string sql = "INSERT INTO " + std::string(table) + " (" + names + ") VALUES (" + marks + ")";
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &made, nullptr) != SQLITE_OK) Fail(sql);
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(made, &sqlite3_finalize);
    std::vector<sql::Value> values(columns.size());
    while (next(values)) {
        for (std::size_t i = 0; i < values.size(); ++i)
            if (BindOne(made, static_cast<int>(i) + 1, values[i]) != SQLITE_OK) Fail(sql);
        Step(made);
        if (sqlite3_reset(made) != SQLITE_OK) Fail(sql);
    }
}

Connection::Checkpointed Connection::Checkpoint(CheckpointMode mode) {
    static constexpr int kModes[] = {SQLITE_CHECKPOINT_PASSIVE, SQLITE_CHECKPOINT_RESTART, SQLITE_CHECKPOINT_TRUNCATE};
    static constexpr int kRestartMilliseconds = 100;  // how long the writer stands still for readers
    Checkpointed done;
    sqlite3_busy_timeout(db_, kRestartMilliseconds);
    const int result =
        sqlite3_wal_checkpoint_v2(db_, nullptr, kModes[static_cast<int>(mode)], &done.log_pages, &done.moved_pages);
    sqlite3_busy_timeout(db_, kBusyMilliseconds);
    if (result != SQLITE_OK && (result & 0xff) != SQLITE_BUSY) Fail("checkpoint");
    return done;
}

}  // namespace cardea::sqlite
