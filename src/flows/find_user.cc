#include "flows/find_user.h"

#include "codec/hex.h"
#include "flows/keyring.h"
#include "store/users.h"

namespace cardea {

namespace {

// 8-4-4-4-12 lower-case hex: what could be a sub.
bool LooksLikeUserId(std::string_view name) {
    if (name.size() != 36) return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = name[i];
        if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    return true;
}

}  // namespace

std::optional<UserId> ResolveUser(Context& ctx, const Pool& pool, std::string_view name) {
    const std::string key = AliasKey(pool, name);
    const auto found = ctx.store().Read([&](sql::Connection& db) { return FindAlias(db, pool.id, key); });
    if (found) return found->user_id;
    if (!LooksLikeUserId(name)) return std::nullopt;
    UserId id{std::string(name)};
    const auto user = ctx.store().Read([&](sql::Connection& db) { return FindUser(db, pool.id, id); });
    if (!user) return std::nullopt;
    return id;
}

std::optional<User> FindUserByName(Context& ctx, const Pool& pool, std::string_view name) {
    const auto id = ResolveUser(ctx, pool, name);
    if (!id) return std::nullopt;
    return ctx.store().Read([&](sql::Connection& db) { return FindUser(db, pool.id, *id); });
}

User RequireUser(Context& ctx, const Pool& pool, std::string_view name) {
    auto user = FindUserByName(ctx, pool, name);
    if (!user) throw ApiError(Error::kUserNotFound, "User does not exist.");
    return std::move(*user);
}

UserId IdOfNobody(Context& ctx, const Pool& pool, std::string_view name) {
    std::string hex = HexEncode(ctx.services.keyring.Mac(pool.id, "unknown-user", "id|" + AliasKey(pool, name)));
    hex.resize(32);
    for (const std::size_t at : {8, 13, 18, 23}) hex.insert(at, 1, '-');
    return UserId(std::move(hex));
}

}  // namespace cardea
