// FindForSignIn and FindForToken: all that one request asks of a user, in one statement. Its rows are of several kinds
// and say which in their first column; columns that a kind lacks are null.
#include "store/rows.h"
#include "store/statement.h"
#include "store/users.h"

namespace cardea {

namespace {

enum RowKind : std::int64_t { kUserRow, kCredentialRow, kGroupRow, kRevokedRow, kFamilyRow };

// kind, then nine columns as ReadUser and ReadGroup count them from 1: four texts (the second is short of nothing for a
// credential's scheme), five whole numbers; then two of bytes. $1 is the user, $2 the pool.
constexpr char kUserPart[] =
    ", CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) FROM users WHERE users.user_id = $1 AND users.pool_id = $2";
constexpr char kCredentialPart[] =
    " UNION ALL SELECT 1, CAST(NULL AS TEXT), scheme, CAST(NULL AS TEXT), CAST(NULL AS TEXT), temporary, set_at, "
    "CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), salt, sealed "
    "FROM credentials WHERE user_id = $1 AND pool_id = $2";
constexpr char kGroupPart[] =
    ", CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) "
    "FROM memberships CROSS JOIN user_groups "
    "WHERE memberships.user_id = $1 AND memberships.pool_id = $2 "
    "AND user_groups.pool_id = memberships.pool_id AND user_groups.group_id = memberships.group_id";
constexpr char kSignInPart[] =
    " UNION ALL SELECT 3, CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT), "
    "CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), "
    "CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) "
    "FROM revoked_sign_ins WHERE user_id = $1 AND pool_id = $2 AND origin_jti = $3"
    " UNION ALL SELECT 4, CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT), "
    "generation, rotated_at, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), "
    "CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) "
    "FROM token_families WHERE user_id = $1 AND pool_id = $2 AND origin_jti = $3";

constexpr auto kFindForSignIn =
    Join("SELECT 0, ", kUserColumns, kUserPart, kCredentialPart, " UNION ALL SELECT 2, ", kGroupColumns, kGroupPart);
constexpr auto kFindForToken = Join("SELECT 0, ", kUserColumns, kUserPart, kSignInPart);
constexpr auto kFindForTokenWithGroups =
    Join("SELECT 0, ", kUserColumns, kUserPart, kSignInPart, " UNION ALL SELECT 2, ", kGroupColumns, kGroupPart);

Credential ReadCredential(const sql::Row& row, const UserId& user) {
    const auto scheme = EnumFrom<PasswordScheme>(row.Text(2));
    if (!scheme) throw sql::DatabaseError("a credential's scheme is unknown");
    return {.user_id = user,
            .scheme = *scheme,
            .salt = std::string(row.Blob(10)),
            .sealed = std::string(row.Blob(11)),
            .set_at = FromMicroseconds(row.Whole(6)),
            .temporary = row.Whole(5) != 0};
}

}  // namespace

std::optional<SignInRecord> FindForSignIn(sql::Connection& db, const PoolId& pool, const UserId& id) {
    std::optional<User> user;
    SignInRecord record;
    Query(db, kFindForSignIn, {id.Text(), pool.Text()}, [&](const sql::Row& row) {
        switch (row.Whole(0)) {
            case kUserRow:
                user = ReadUser(row, pool, 1);
                break;
            case kCredentialRow:
                record.credential = ReadCredential(row, id);
                break;
            default:
                record.groups.push_back(ReadGroup(row, pool, 1));
        }
    });
    if (!user) return std::nullopt;
    record.user = std::move(*user);
    SortByPrecedence(record.groups);
    return record;
}

std::optional<TokenRecord> FindForToken(sql::Connection& db, const PoolId& pool, const UserId& id,
                                        std::string_view origin_jti, bool with_groups) {
    std::optional<User> user;
    TokenRecord record;
    const std::string_view statement = with_groups ? kFindForTokenWithGroups : std::string_view(kFindForToken);
    Query(db, statement, {id.Text(), pool.Text(), origin_jti}, [&](const sql::Row& row) {
        switch (row.Whole(0)) {
            case kUserRow:
                user = ReadUser(row, pool, 1);
                break;
            case kRevokedRow:
                record.revoked = true;
                break;
            case kFamilyRow:
                record.generation = row.Whole(5);
                record.rotated_at = FromMicroseconds(row.Whole(6));
                break;
            default:
                record.groups.push_back(ReadGroup(row, pool, 1));
        }
    });
    if (!user) return std::nullopt;
    record.user = std::move(*user);
    SortByPrecedence(record.groups);
    return record;
}

}  // namespace cardea
