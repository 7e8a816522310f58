#include "api/user_pools/public_call.h"

#include "flows/client_proof.h"
#include "flows/find_user.h"
#include "store/users.h"

namespace cardea {

PublicCall RequirePublicCall(Context& ctx, std::string_view client_id, std::string_view username,
                             const std::optional<Secret>& secret_hash) {
    PublicCall call;
    call.client = RequireClient(ctx, client_id);
    call.pool = RequirePool(ctx, call.client->value.pool_id.Text());
    call.hides_users = HidesUserExistence(call.client->value);
    CheckSecretHash(ctx, call.client->value, username, secret_hash);
    return call;
}

std::optional<User> FindNamedUser(Context& ctx, const PublicCall& call, std::string_view name) {
    auto user = FindUserByName(ctx, call.pool->value, name);
    if (user) return user;
    if (!call.hides_users) throw ApiError(Error::kUserNotFound, "Username/client id combination not found.");
    // A name that somebody has costs a second statement.
    const UserId nobody("00000000-0000-0000-0000-000000000000");
    return ctx.store().Read([&](sql::Connection& db) { return FindUser(db, call.pool->value.id, nobody); });
}

std::string SubjectOf(const PublicCall& call, const std::optional<User>& user, std::string_view name) {
    return user ? user->id.Text() : AliasKey(call.pool->value, name);
}

}  // namespace cardea
