#include "store/migrations.h"

#include "base/check.h"
#include "base/log.h"

namespace cardea {

namespace {

// Every primary key starts with the column by which its table can be hash-distributed: what hangs on a user by the
// user, aliases by the alias, the rest by the pool or by an id of its own. Rows of more than 1 KB (users, pools,
// clients, groups, signing keys) are not clustered: they would spill from their primary key's pages. A user id is
// random, so each index that it leads or ends is a page written for each new user; the indexes of few values, status
// and enabled, are in the order of creation instead, where new users share a page.
constexpr std::string_view kFirst = R"sql(
CREATE TABLE configuration (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO configuration (id, version) VALUES (1, 1);

CREATE TABLE once_values (
    name {text} NOT NULL PRIMARY KEY,
    content {blob} NOT NULL
){clustered};

CREATE TABLE pools (
    pool_id {text} NOT NULL PRIMARY KEY,
    region {text} NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    document {text} NOT NULL
);
CREATE INDEX pools_by_creation ON pools (created_at, pool_id);
CREATE INDEX pools_by_region ON pools (region, created_at, pool_id);
CREATE TABLE deleted_pools (
    pool_id {text} NOT NULL PRIMARY KEY
){clustered};
CREATE TABLE pool_users (
    pool_id {text} NOT NULL,
    shard BIGINT NOT NULL,
    user_count BIGINT NOT NULL,
    PRIMARY KEY (pool_id, shard)
){clustered};

CREATE TABLE clients (
    client_id {text} NOT NULL PRIMARY KEY,
    pool_id {text} NOT NULL,
    version BIGINT NOT NULL,
    document {text} NOT NULL
);
CREATE INDEX clients_by_pool ON clients (pool_id, client_id);

CREATE TABLE data_keys (
    pool_id {text} NOT NULL,
    version BIGINT NOT NULL,
    master_key_id {text} NOT NULL,
    wrapped {blob} NOT NULL,
    PRIMARY KEY (pool_id, version)
){clustered};
CREATE TABLE signing_keys (
    pool_id {text} NOT NULL,
    kid {text} NOT NULL,
    key_use {text} NOT NULL,
    modulus {text} NOT NULL,
    sealed {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, kid)
);
CREATE TABLE reserve_keys (
    kid {text} NOT NULL PRIMARY KEY,
    key_use {text} NOT NULL,
    modulus {text} NOT NULL,
    sealed {blob} NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX reserve_keys_by_creation ON reserve_keys (created_at, kid);
CREATE TABLE access_keys (
    access_key_id {text} NOT NULL PRIMARY KEY,
    sealed {blob} NOT NULL,
    created_at BIGINT NOT NULL
){clustered};

CREATE TABLE user_groups (
    pool_id {text} NOT NULL,
    name {text} NOT NULL,
    group_id {text} NOT NULL,
    description {text},
    role_arn {text},
    precedence BIGINT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, name)
);
CREATE UNIQUE INDEX user_groups_by_id ON user_groups (pool_id, group_id);
CREATE TABLE deleted_groups (
    group_id {text} NOT NULL PRIMARY KEY,
    pool_id {text} NOT NULL
){clustered};
CREATE TABLE memberships (
    user_id {text} NOT NULL,
    pool_id {text} NOT NULL,
    group_id {text} NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, pool_id, group_id)
){clustered};
CREATE TABLE members (
    group_id {text} NOT NULL,
    user_id {text} NOT NULL,
    pool_id {text} NOT NULL,
    PRIMARY KEY (group_id, user_id)
){clustered};

CREATE TABLE users (
    user_id {text} NOT NULL,
    pool_id {text} NOT NULL,
    version BIGINT NOT NULL,
    sign_outs BIGINT NOT NULL,
    enabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    status {text} NOT NULL,
    username {text} NOT NULL,
    email {text},
    phone_number {text},
    name {text},
    given_name {text},
    family_name {text},
    preferred_username {text},
    names {text} NOT NULL,
    attributes {text} NOT NULL,
    {users_key}
);
{users_by_pool}
CREATE INDEX users_by_status ON users (pool_id, status, created_at, user_id);
CREATE INDEX users_by_enabled ON users (pool_id, enabled, created_at, user_id);
CREATE INDEX users_by_username ON users (pool_id, username, user_id);
CREATE INDEX users_by_email ON users (pool_id, email, user_id) WHERE email IS NOT NULL;
CREATE INDEX users_by_phone_number ON users (pool_id, phone_number, user_id) WHERE phone_number IS NOT NULL;
CREATE INDEX users_by_name ON users (pool_id, name, user_id) WHERE name IS NOT NULL;
CREATE INDEX users_by_given_name ON users (pool_id, given_name, user_id) WHERE given_name IS NOT NULL;
CREATE INDEX users_by_family_name ON users (pool_id, family_name, user_id) WHERE family_name IS NOT NULL;
CREATE INDEX users_by_preferred_username ON users (pool_id, preferred_username, user_id)
    WHERE preferred_username IS NOT NULL;

CREATE TABLE aliases (
    alias_key {text} NOT NULL,
    pool_id {text} NOT NULL,
    user_id {text} NOT NULL,
    kind BIGINT NOT NULL,
    PRIMARY KEY (alias_key, pool_id)
){clustered};
CREATE TABLE credentials (
    user_id {text} NOT NULL,
    pool_id {text} NOT NULL,
    scheme {text} NOT NULL,
    salt {blob} NOT NULL,
    sealed {blob} NOT NULL,
    set_at BIGINT NOT NULL,
    temporary BIGINT NOT NULL,
    PRIMARY KEY (user_id, pool_id)
){clustered};
CREATE TABLE password_history (
    user_id {text} NOT NULL,
    pool_id {text} NOT NULL,
    entry BIGINT NOT NULL,
    scheme {text} NOT NULL,
    salt {blob} NOT NULL,
    sealed {blob} NOT NULL,
    set_at BIGINT NOT NULL,
    temporary BIGINT NOT NULL,
    PRIMARY KEY (user_id, pool_id, entry)
){clustered};

CREATE TABLE codes (
    user_id {text} NOT NULL,
    pool_id {text} NOT NULL,
    purpose {text} NOT NULL,
    mac {blob} NOT NULL,
    attribute {text} NOT NULL,
    value {text} NOT NULL,
    pending BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (user_id, pool_id, purpose)
){clustered};
CREATE INDEX codes_by_expiry ON codes (expires_at);
CREATE TABLE consumed_sessions (
    user_id {text} NOT NULL,
    pool_id {text} NOT NULL,
    session_id {blob} NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, pool_id, session_id)
){clustered};
CREATE INDEX consumed_sessions_by_expiry ON consumed_sessions (expires_at);
CREATE TABLE revoked_sign_ins (
    user_id {text} NOT NULL,
    pool_id {text} NOT NULL,
    origin_jti {text} NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, pool_id, origin_jti)
){clustered};
CREATE INDEX revoked_sign_ins_by_expiry ON revoked_sign_ins (expires_at);
CREATE TABLE token_families (
    user_id {text} NOT NULL,
    pool_id {text} NOT NULL,
    origin_jti {text} NOT NULL,
    generation BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, pool_id, origin_jti)
){clustered};
CREATE INDEX token_families_by_expiry ON token_families (expires_at);
CREATE TABLE attempts (
    attempt_key {blob} NOT NULL,
    pool_id {text} NOT NULL,
    failures BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (attempt_key, pool_id)
){clustered};
CREATE INDEX attempts_by_expiry ON attempts (expires_at);
)sql";

// What several processes on one database need. A deleted pool or group is remembered for a while after nothing was
// left of it (empty_since, 0 until then).
constexpr std::string_view kSecond = R"sql(
CREATE TABLE leases (
    name {text} NOT NULL PRIMARY KEY,
    holder {text} NOT NULL,
    expires_at BIGINT NOT NULL
){clustered};
ALTER TABLE deleted_pools ADD COLUMN empty_since BIGINT NOT NULL DEFAULT 0;
CREATE INDEX deleted_pools_by_emptiness ON deleted_pools (empty_since, pool_id);
ALTER TABLE deleted_groups ADD COLUMN empty_since BIGINT NOT NULL DEFAULT 0;
CREATE INDEX deleted_groups_by_emptiness ON deleted_groups (empty_since, group_id);
)sql";

constexpr Migration kMigrations[] = {
    {1, "pools, clients, users, groups, codes, sessions and keys", kFirst},
    {2, "leases, and deleted pools and groups that are looked at again", kSecond},
};

constexpr std::string_view kCreateVersions =
    "CREATE TABLE IF NOT EXISTS schema_version (number BIGINT NOT NULL PRIMARY KEY, name {text} NOT NULL)";
constexpr std::string_view kFindVersion = "SELECT COALESCE(MAX(number), 0) FROM schema_version";
constexpr std::string_view kAddVersion = "INSERT INTO schema_version (number, name) VALUES ($1, $2)";

std::string_view Meaning(std::string_view word, const Dialect& dialect) {
    if (word == "text") return dialect.text;
    if (word == "blob") return dialect.blob;
    if (word == "clustered") return dialect.clustered;
    if (word == "users_key") return dialect.users_key;
    CHECK(word == "users_by_pool");
    return dialect.users_by_pool;
}

}  // namespace

std::span<const Migration> Migrations() { return kMigrations; }

std::string Translate(std::string_view script, const Dialect& dialect) {
    std::string out;
    while (true) {
        const auto open = script.find('{');
        out += script.substr(0, open);
        if (open == std::string_view::npos) return out;
        const auto close = script.find('}', open);
        CHECK(close != std::string_view::npos);
        const std::string_view word = script.substr(open + 1, close - open - 1);
        out += Meaning(word, dialect);
        script.remove_prefix(close + 1);
    }
}

void Migrate(sql::Connection& db, const Dialect& dialect) {
    db.Script(Translate(kCreateVersions, dialect));
    std::int64_t taken = 0;
    Query(db, kFindVersion, {}, [&](const sql::Row& row) { taken = row.Whole(0); });
    const std::int64_t known = Migrations().back().number;
    if (taken > known)
        throw sql::DatabaseError("the database is of schema " + std::to_string(taken) +
                                 ", and this program knows schemas up to " + std::to_string(known) +
                                 " only: a newer version of Cardea has written it");
    for (const Migration& step : Migrations()) {
        if (step.number <= taken) continue;
        db.Begin();
        try {
            db.Script(Translate(step.script, dialect));
            Execute(db, kAddVersion, {std::int64_t{step.number}, step.name});
            db.Commit();
        } catch (...) {
            db.Rollback();
            throw;
        }
        Log(LogLevel::kInfo, "schema migrated", {{"number", step.number}, {"name", step.name}});
    }
}

}  // namespace cardea
