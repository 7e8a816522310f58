#include "flows/change_user.h"

#include <algorithm>

#include "flows/passwords.h"
#include "store/codes.h"
#include "store/users.h"

namespace cardea {

namespace {

// A change is tried again this often where another writer comes between reading and writing.
constexpr int kChangeAttempts = 64;
constexpr std::size_t kUserIdLength = 36;

// Another writer came first: the transaction is undone, and the change is tried again.
struct Conflict {};

bool HasKey(std::span<const Alias> aliases, std::string_view key) {
    return std::any_of(aliases.begin(), aliases.end(), [&](const Alias& alias) { return alias.key == key; });
}

std::vector<Alias> Without(std::span<const Alias> aliases, std::span<const Alias> others) {
    std::vector<Alias> out;
    for (const Alias& alias : aliases)
        if (!HasKey(others, alias.key)) out.push_back(alias);
    return out;
}

void Append(std::vector<Alias>& aliases, AliasKind kind, std::string key) {
    if (!HasKey(aliases, key)) aliases.push_back({kind, std::move(key)});
}

// Whether a name is another user's id, by which administrators may name that one.
bool IsAnothersId(sql::Connection& db, const User& user, std::string_view key) {
    if (key.size() != kUserIdLength || key == user.id.Text()) return false;
    return FindUser(db, user.pool_id, UserId(std::string(key))).has_value();
}

// The first of these names that is not free for the user.
const Alias* FindTaken(sql::Connection& db, const User& user, std::span<const Alias> names) {
    for (const Alias& name : names) {
        const auto found = FindAlias(db, user.pool_id, name.key);
        if ((found && found->user_id != user.id) || IsAnothersId(db, user, name.key)) return &name;
    }
    return nullptr;
}

// Only what has a verified flag to lose changes hands: a sign-in name stays its owner's (fact sheet user pools C.8).
bool CanBeTaken(const Pool& pool, const Alias& alias) {
    return (alias.kind == AliasKind::kEmail && HasAlias(pool, AliasAttribute::kEmail)) ||
           (alias.kind == AliasKind::kPhoneNumber && HasAlias(pool, AliasAttribute::kPhoneNumber));
}

void TakeAliases(sql::Connection& db, const Pool& pool, const UserChange& change, std::span<const Alias> names) {
    if (!change.takes_aliases) return;
    for (const Alias& name : names) {
        if (!CanBeTaken(pool, name)) continue;
        const auto found = FindAlias(db, change.user.pool_id, name.key);
        if (found && found->user_id != change.user.id && found->kind == name.kind)
            TakeAlias(db, change.user.pool_id, name, change.user.modified_at);
    }
}

void WriteBesides(sql::Connection& db, const Pool& pool, const UserChange& change) {
    for (const CodePurpose purpose : change.dropped) RemoveCode(db, pool.id, change.user.id, purpose);
    for (const IssuedCode& code : change.codes) PutCode(db, pool.id, code.stored);
    if (change.credential) StoreCredential(db, pool, *change.credential);
}

// One attempt. Throws Conflict, or what ends the request.
User Write(sql::Connection& db, const Pool& pool, const UserChange& change, std::span<const Alias> add,
           std::span<const Alias> remove) {
    if (change.consumed && !ConsumeCode(db, pool.id, *change.consumed))
        throw ApiError(Error::kExpiredCode, "Invalid code provided, please request a code again.");
    TakeAliases(db, pool, change, add);
    User written = change.user;  // a body may run again
    if (const Alias* taken = FindTaken(db, written, add))
        throw ApiError(Error::kAliasExists, TakenText(taken->kind, taken->key));
    if (UpdateUser(db, written, add, remove) != Update::kUpdated) throw Conflict{};
    WriteBesides(db, pool, change);
    return written;
}

}  // namespace

std::vector<Alias> AliasesOf(const Pool& pool, const User& user) {
    std::vector<Alias> out{{AliasKind::kUsername, AliasKey(pool, user.username)}};
    const auto email = Find(user.attributes, "email");
    const bool email_counts = HasUsernameAttribute(pool, UsernameAttribute::kEmail) ||
                              (HasAlias(pool, AliasAttribute::kEmail) && IsTrue(user.attributes, "email_verified"));
    if (email && email_counts) Append(out, AliasKind::kEmail, AliasKey(pool, *email));
    const auto phone = Find(user.attributes, "phone_number");
    const bool phone_counts =
        HasUsernameAttribute(pool, UsernameAttribute::kPhoneNumber) ||
        (HasAlias(pool, AliasAttribute::kPhoneNumber) && IsTrue(user.attributes, "phone_number_verified"));
    if (phone && phone_counts) Append(out, AliasKind::kPhoneNumber, AliasKey(pool, *phone));
    const auto preferred = Find(user.attributes, "preferred_username");
    if (preferred && HasAlias(pool, AliasAttribute::kPreferredUsername))
        Append(out, AliasKind::kPreferredUsername, AliasKey(pool, *preferred));
    return out;
}

UserChange ChangeUser(Context& ctx, const Pool& pool, User user, FunctionRef<void(UserChange&)> plan,
                      FunctionRef<void(sql::Connection&)> beside) {
    for (int attempt = 0; attempt < kChangeAttempts; ++attempt) {
        if (attempt > 0) {
            auto again = ctx.store().Read([&](sql::Connection& db) { return FindUser(db, pool.id, user.id); });
            if (!again) throw ApiError(Error::kUserNotFound, "User does not exist.");
            user = std::move(*again);
        }
        const std::vector<Alias> before = AliasesOf(pool, user);
        UserChange change{
            .user = user, .credential = {}, .codes = {}, .dropped = {}, .consumed = {}, .takes_aliases = false};
        plan(change);
        change.user.modified_at = ctx.now;
        const std::vector<Alias> after = AliasesOf(pool, change.user);
        const std::vector<Alias> add = Without(after, before);
        const std::vector<Alias> remove = Without(before, after);
        try {
            change.user = ctx.store().Transact([&](sql::Connection& db) {
                User written = Write(db, pool, change, add, remove);
                beside(db);
                return written;
            });
            return change;
        } catch (const Conflict&) {
            continue;
        }
    }
    throw ApiError(Error::kTooManyRequests, "The user is being changed by other requests. Try again.");
}

UserChange ChangeUser(Context& ctx, const Pool& pool, User user, FunctionRef<void(UserChange&)> plan) {
    return ChangeUser(ctx, pool, std::move(user), plan, [](sql::Connection&) {});
}

void AddNewUser(Context& ctx, const Pool& pool, const UserChange& change, std::string_view taken) {
    const std::vector<Alias> names = AliasesOf(pool, change.user);
    const auto refuse = [&](AliasKind kind, std::string_view name) {
        throw ApiError(Error::kUsernameExists,
                       kind == AliasKind::kUsername ? std::string(taken) : TakenText(kind, name));
    };
    ctx.store().Transact([&](sql::Connection& db) {
        TakeAliases(db, pool, change, names);
        for (const Alias& name : names)
            if (IsAnothersId(db, change.user, name.key)) refuse(name.kind, name.key);
        const AddUserOutcome outcome = AddUser(db, change.user, change.credential, names);
        if (!outcome.added) {
            const auto which =
                std::find_if(names.begin(), names.end(), [&](const Alias& name) { return name.kind == outcome.taken; });
            refuse(outcome.taken, which == names.end() ? std::string_view() : which->key);
        }
        for (const IssuedCode& code : change.codes) PutCode(db, pool.id, code.stored);
    });
}

std::string TakenText(AliasKind kind, std::string_view name) {
    switch (kind) {
        case AliasKind::kEmail:
            return "An account with the given email already exists.";
        case AliasKind::kPhoneNumber:
            return "An account with the given phone_number already exists.";
        case AliasKind::kPreferredUsername:
            return "Already found an entry for username " + std::string(name);
        case AliasKind::kUsername:
            break;
    }
    return "User already exists";
}

}  // namespace cardea
