#include "store/store.h"

#include <thread>

#include "store/connection_pool.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/file_lock.h"
#include "store/sqlite/writer.h"

namespace cardea {

namespace {

constexpr std::int64_t kReaderCacheBytes = std::int64_t{4} << 20;  // the file itself is mapped
// As large as changes are: on a disk that is nearly full one page would still find room.
constexpr std::string_view kProbe =
    "INSERT INTO once_values (name, content) VALUES ('probe', zeroblob(65536)) "
    "ON CONFLICT (name) DO UPDATE SET content = excluded.content";
constexpr Duration kLongestRead = std::chrono::seconds(30);

std::unique_ptr<sql::Connection> Wrapped(const SqliteOptions& options, std::unique_ptr<sql::Connection> connection) {
    return options.wrap ? options.wrap(std::move(connection)) : std::move(connection);
}

sqlite::Writer::Opened OpenWriter(const SqliteOptions& options) {
    auto connection = std::make_unique<sqlite::Connection>(
        sqlite::ConnectionOptions{.path = options.path, .cache_bytes = options.cache_bytes});
    sqlite::Connection* native = connection.get();
    return {Wrapped(options, std::move(connection)), native};
}

std::unique_ptr<sql::Connection> OpenReader(const SqliteOptions& options) {
    return Wrapped(options,
                   std::make_unique<sqlite::Connection>(sqlite::ConnectionOptions{.path = options.path,
                                                                                  .read_only = true,
                                                                                  .cache_bytes = kReaderCacheBytes,
                                                                                  .mmap = true,
                                                                                  .longest_query = kLongestRead}));
}

// Makes the file and its schema, and makes both durable, before anything else opens it.
void Prepare(const SqliteOptions& options) {
    const bool created = sqlite::CreateDatabaseFile(options.path);
    sqlite::Connection connection({.path = options.path, .cache_bytes = options.cache_bytes});
    Migrate(connection, sqlite::kDialect);
    connection.Checkpoint(sqlite::Connection::CheckpointMode::kTruncate);
    if (created) sqlite::SyncFolderOf(options.path);
}

class SqliteStore final : public Store {
 public:
    explicit SqliteStore(const SqliteOptions& options)
        : options_(options),
          lock_(options.path),
          writer_((Prepare(options_), [this] { return OpenWriter(options_); }), options.checkpoint_pages),
          readers_(
              {.open = [this] { return OpenReader(options_); }, .bound = std::thread::hardware_concurrency() + 2}) {}

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
        ConnectionPool<sql::Connection>::Lease lease(readers_);
        body(*lease);
    }
    void RunTransact(FunctionRef<void(sql::Connection&)> body) override { writer_.Run(body); }

 private:
    // In this order: readers are closed first, then the writer, which moves the log into the file, then the lock.
    SqliteOptions options_;
    sqlite::FileLock lock_;
    sqlite::Writer writer_;
    ConnectionPool<sql::Connection> readers_;
};

}  // namespace

std::unique_ptr<Store> OpenSqlite(const SqliteOptions& options) { return std::make_unique<SqliteStore>(options); }

}  // namespace cardea
