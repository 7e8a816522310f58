#include "unit/store/backend.h"

#include <cstdio>
#include <cstdlib>

#include "support/postgres_cluster.h"

namespace cardea {

namespace {

class SqliteDatabase final : public Database {
 public:
    std::unique_ptr<Store> Open(Wrap wrap) override {
        return OpenSqlite({.path = folder_ / "cardea.db", .cache_bytes = 8 << 20, .wrap = std::move(wrap)});
    }

 private:
    TemporaryFolder folder_;
};

class PostgresDatabase final : public Database {
 public:
    ~PostgresDatabase() override { test::SharedCluster().GiveBack(url_); }
    std::unique_ptr<Store> Open(Wrap wrap) override { return OpenPostgres({.url = url_, .wrap = std::move(wrap)}); }

 private:
    std::string url_ = test::SharedCluster().TakeDatabase();
};

std::string Padded(int n) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "%012d", n);
    return digits;
}

}  // namespace

std::span<const Backend> Backends() {
    static const Backend kBackends[] = {
        {"Sqlite", []() -> std::unique_ptr<Database> { return std::make_unique<SqliteDatabase>(); }},
        {"Postgres", []() -> std::unique_ptr<Database> { return std::make_unique<PostgresDatabase>(); }}};
    return kBackends;
}

TemporaryFolder::TemporaryFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "cardea-store-XXXXXX").string();
    if (!mkdtemp(path.data())) std::abort();
    path_ = path;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

UserId TestUserId(int n) { return UserId("00000000-0000-4000-8000-" + Padded(n)); }

Pool TestPool(const PoolId& id) {
    Pool pool;
    pool.id = id;
    pool.name = "people";
    pool.arn = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/" + id.Text();
    pool.issuer = "http://localhost:9229/" + id.Text();
    pool.created_at = kNow;
    pool.modified_at = kNow;
    return pool;
}

Client TestClient(const std::string& id, const PoolId& pool) {
    Client client;
    client.pool_id = pool;
    client.id = ClientId(id);
    client.name = "web";
    client.created_at = kNow;
    client.modified_at = kNow;
    return client;
}

User TestUser(int n, const std::string& username, const PoolId& pool) {
    User user;
    user.pool_id = pool;
    user.id = TestUserId(n);
    user.username = username;
    user.status = UserStatus::kConfirmed;
    user.created_at = kNow;
    user.modified_at = kNow;
    user.attributes = {{"email", username + "@example.com"}, {"email_verified", "true"}};
    return user;
}

Credential TestCredential(const UserId& user, const std::string& sealed) {
    return {.user_id = user, .salt = std::string("\x01\0salt", 6), .sealed = sealed, .set_at = kNow};
}

Group TestGroup(const std::string& name, const PoolId& pool) {
    return {.pool_id = pool, .id = GroupId("id-of-" + name), .name = name, .created_at = kNow, .modified_at = kNow};
}

User PutUser(Store& store, int n, const std::string& username, const PoolId& pool) {
    const User user = TestUser(n, username, pool);
    const Alias names[] = {{AliasKind::kUsername, username}};
    const AddUserOutcome outcome =
        store.Transact([&](sql::Connection& db) { return AddUser(db, user, TestCredential(user.id), names); });
    EXPECT_TRUE(outcome.added) << username;
    return user;
}

std::int64_t CountRows(Store& store, std::string_view table) {
    const std::string statement = "SELECT COUNT(*) FROM " + std::string(table);
    return store.Read([&](sql::Connection& db) {
        std::int64_t count = -1;
        Query(db, statement, {}, [&](const sql::Row& row) { count = row.Whole(0); });
        return count;
    });
}

}  // namespace cardea
