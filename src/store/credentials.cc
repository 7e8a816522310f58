#include "store/rows.h"
#include "store/users.h"

namespace cardea {

namespace {

constexpr std::string_view kPut =
    "INSERT INTO credentials (user_id, pool_id, scheme, salt, sealed, set_at, temporary) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_id, pool_id) DO UPDATE SET scheme = excluded.scheme, "
    "salt = excluded.salt, sealed = excluded.sealed, set_at = excluded.set_at, temporary = excluded.temporary";
constexpr std::string_view kFind =
    "SELECT scheme, salt, sealed, set_at, temporary FROM credentials WHERE user_id = $1 AND pool_id = $2";

constexpr std::string_view kLastEntry =
    "SELECT COALESCE(MAX(entry), 0) FROM password_history WHERE user_id = $1 AND pool_id = $2";
constexpr std::string_view kAddHistory =
    "INSERT INTO password_history (user_id, pool_id, entry, scheme, salt, sealed, set_at, temporary) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (user_id, pool_id, entry) DO NOTHING";
constexpr std::string_view kDropHistory =
    "DELETE FROM password_history WHERE user_id = $1 AND pool_id = $2 AND entry <= $3";
constexpr std::string_view kListHistory =
    "SELECT scheme, salt, sealed, set_at, temporary FROM password_history WHERE user_id = $1 AND pool_id = $2 "
    "ORDER BY entry DESC LIMIT $3";

Credential ReadCredential(const sql::Row& row, const UserId& user) {
    const auto scheme = EnumFrom<PasswordScheme>(row.Text(0));
    if (!scheme) throw sql::DatabaseError("a credential's scheme is unknown");
    return {.user_id = user,
            .scheme = *scheme,
            .salt = std::string(row.Blob(1)),
            .sealed = std::string(row.Blob(2)),
            .set_at = FromMicroseconds(row.Whole(3)),
            .temporary = row.Whole(4) != 0};
}

}  // namespace

void PutCredential(sql::Connection& db, const PoolId& pool, const Credential& credential) {
    Execute(db, kPut,
            {credential.user_id.Text(), pool.Text(), NameOf(credential.scheme), sql::Bytes{credential.salt},
             sql::Bytes{credential.sealed}, ToMicroseconds(credential.set_at), std::int64_t{credential.temporary}});
}

std::optional<Credential> FindCredential(sql::Connection& db, const PoolId& pool, const UserId& id) {
    std::optional<Credential> found;
    Query(db, kFind, {id.Text(), pool.Text()}, [&](const sql::Row& row) { found = ReadCredential(row, id); });
    return found;
}

std::vector<Credential> ListPasswordHistory(sql::Connection& db, const PoolId& pool, const UserId& id, int limit) {
    std::vector<Credential> history;
    Query(db, kListHistory, {id.Text(), pool.Text(), std::int64_t{limit}},
          [&](const sql::Row& row) { history.push_back(ReadCredential(row, id)); });
    return history;
}

void AddPasswordHistory(sql::Connection& db, const PoolId& pool, const Credential& credential, int keep) {
    std::int64_t last = 0;
    Query(db, kLastEntry, {credential.user_id.Text(), pool.Text()}, [&](const sql::Row& row) { last = row.Whole(0); });
    const std::int64_t entry = last + 1;
    if (Execute(db, kAddHistory,
                {credential.user_id.Text(), pool.Text(), entry, NameOf(credential.scheme), sql::Bytes{credential.salt},
                 sql::Bytes{credential.sealed}, ToMicroseconds(credential.set_at),
                 std::int64_t{credential.temporary}}) == 0)
        throw sql::DatabaseError("two changes of a password met", sql::Refusal::kConflict);
    Execute(db, kDropHistory, {credential.user_id.Text(), pool.Text(), entry - keep});
}

}  // namespace cardea
