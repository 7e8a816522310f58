#include "store/store.h"

#include <algorithm>
#include <thread>

#include "base/log.h"
#include "base/permits.h"
#include "base/random.h"
#include "store/connection_pool.h"
#include "store/postgres/connection.h"

namespace cardea {

namespace {

// A change like any other, which a standby that must have it may hold up.
constexpr std::string_view kProbe =
    "INSERT INTO once_values (name, content) VALUES ('probe', '') "
    "ON CONFLICT (name) DO UPDATE SET content = excluded.content";
// Processes that start at the same time take the schema's steps one after another.
constexpr std::string_view kLockSchema = "SELECT pg_advisory_lock(4842373190157)";

constexpr int kAttempts = 40;                   // of a transaction that meets conflicts
constexpr int kAttemptsAnew = 3;                // of one whose connection is lost
constexpr std::uint32_t kShortestPause = 1000;  // bound of the first pause, in microseconds
constexpr std::uint32_t kLongestPause = 50000;

// A connection as the bodies see it, and libpq's own below it (the same, unless a test has wrapped it).
struct Session {
    std::unique_ptr<sql::Connection> connection;
    postgres::Connection* native = nullptr;
};

std::unique_ptr<Session> OpenSession(const PostgresOptions& options) {
    auto native = std::make_unique<postgres::Connection>(
        postgres::ConnectionOptions{.url = options.url,
                                    .connect_timeout = options.connect_timeout,
                                    .statement_timeout = options.statement_timeout});
    auto session = std::make_unique<Session>();
    session->native = native.get();
    session->connection = options.wrap ? options.wrap(std::move(native)) : std::move(native);
    return session;
}

void Prepare(const PostgresOptions& options) {
    postgres::Connection connection({.url = options.url,
                                     .connect_timeout = options.connect_timeout,
                                     .statement_timeout = Duration(0),
                                     .writes_alone = true});
    // Until this connection ends.
    Query(connection, kLockSchema, {}, [](const sql::Row&) {});
    Migrate(connection, postgres::kDialect);
}

class PostgresStore final : public Store {
 public:
    explicit PostgresStore(const PostgresOptions& options)
        : options_(options),
          sessions_({.open = [this] { return OpenSession(options_); },
                     .is_usable = [](Session& session) { return session.native->IsUsable(); },
                     .bound = options.connections,
                     .wait = options.wait}) {
        Prepare(options_);
    }

    bool IsReady() override {
        try {
            RunTransact([](sql::Connection& db) { Execute(db, kProbe, {}); });
            return true;
        } catch (const std::exception&) {
            return false;
        }
    }

 protected:
    void RunRead(FunctionRef<void(sql::Connection&)> body) override {
        const Blocking outside;
        Sessions::Lease lease(sessions_);
        body(*lease->connection);
    }

    void RunTransact(FunctionRef<void(sql::Connection&)> body) override {
        const Blocking outside;
        const auto until = Monotonic() + options_.retry;
        for (int attempt = 1;; ++attempt) {
            try {
                return TransactOnce(body);
            } catch (const sql::DatabaseError& e) {
                const bool conflict = e.Kind() == sql::Refusal::kConflict;
                const bool lost = e.Kind() == sql::Refusal::kConnectionLost;
                const int attempts = conflict ? kAttempts : lost ? kAttemptsAnew : 1;
                if (attempt >= attempts || Monotonic() >= until) throw;
                Log(LogLevel::kDebug, "transaction begun again", {{"attempt", attempt}, {"reason", e.what()}});
            }
            Pause(attempt);
        }
    }

 private:
    using Sessions = ConnectionPool<Session>;

    void TransactOnce(FunctionRef<void(sql::Connection&)> body) {
        Sessions::Lease lease(sessions_);
        sql::Connection& db = *lease->connection;
        db.Begin();
        try {
            body(db);
            db.Commit();
        } catch (...) {
            try {
                db.Rollback();
            } catch (const std::exception&) {
                // What cannot be rolled back is not usable, and the lease closes it: the server rolls back.
            }
            throw;
        }
    }

    // Of random length, so that who met once does not meet again, and longer each time.
    void Pause(int attempt) {
        const std::uint32_t bound = std::min(kLongestPause, kShortestPause << std::min(attempt - 1, 10));
        std::this_thread::sleep_for(Duration(RandomBelow(random_, bound)));
    }

    PostgresOptions options_;
    SystemRandom random_;
    Sessions sessions_;
};

}  // namespace

std::unique_ptr<Store> OpenPostgres(const PostgresOptions& options) { return std::make_unique<PostgresStore>(options); }

}  // namespace cardea
