#include "store/codes.h"

namespace cardea {

namespace {

constexpr std::string_view kPut =
    "INSERT INTO codes (user_id, pool_id, purpose, mac, attribute, value, pending, expires_at, failures) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (user_id, pool_id, purpose) DO UPDATE SET "
    "mac = excluded.mac, attribute = excluded.attribute, value = excluded.value, pending = excluded.pending, "
    "expires_at = excluded.expires_at, failures = excluded.failures";
constexpr std::string_view kFind =
    "SELECT mac, attribute, value, pending, expires_at, failures FROM codes "
    "WHERE user_id = $1 AND pool_id = $2 AND purpose = $3";
constexpr std::string_view kCountFailure =
    "UPDATE codes SET failures = failures + 1 WHERE user_id = $1 AND pool_id = $2 AND purpose = $3 RETURNING failures";
constexpr std::string_view kRemove = "DELETE FROM codes WHERE user_id = $1 AND pool_id = $2 AND purpose = $3";
constexpr std::string_view kConsume =
    "DELETE FROM codes WHERE user_id = $1 AND pool_id = $2 AND purpose = $3 AND mac = $4";

}  // namespace

void PutCode(sql::Connection& db, const PoolId& pool, const Code& code) {
    Execute(db, kPut,
            {code.user_id.Text(), pool.Text(), NameOf(code.purpose), sql::Bytes{code.mac}, code.attribute, code.value,
             std::int64_t{code.pending}, ToMicroseconds(code.expires_at), std::int64_t{code.failures}});
}

std::optional<Code> FindCode(sql::Connection& db, const PoolId& pool, const UserId& user, CodePurpose purpose) {
    std::optional<Code> found;
    Query(db, kFind, {user.Text(), pool.Text(), NameOf(purpose)}, [&](const sql::Row& row) {
        found = Code{.user_id = user,
                     .purpose = purpose,
                     .mac = std::string(row.Blob(0)),
                     .attribute = std::string(row.Text(1)),
                     .value = std::string(row.Text(2)),
                     .pending = row.Whole(3) != 0,
                     .expires_at = FromMicroseconds(row.Whole(4)),
                     .failures = static_cast<int>(row.Whole(5))};
    });
    return found;
}

int CountCodeFailure(sql::Connection& db, const PoolId& pool, const UserId& user, CodePurpose purpose) {
    std::int64_t failures = 0;
    Query(db, kCountFailure, {user.Text(), pool.Text(), NameOf(purpose)},
          [&](const sql::Row& row) { failures = row.Whole(0); });
    return static_cast<int>(failures);
}

void RemoveCode(sql::Connection& db, const PoolId& pool, const UserId& user, CodePurpose purpose) {
    Execute(db, kRemove, {user.Text(), pool.Text(), NameOf(purpose)});
}

bool ConsumeCode(sql::Connection& db, const PoolId& pool, const Code& code) {
    return Execute(db, kConsume, {code.user_id.Text(), pool.Text(), NameOf(code.purpose), sql::Bytes{code.mac}}) == 1;
}

}  // namespace cardea
