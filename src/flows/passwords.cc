#include "flows/passwords.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.h"
#include "codec/text.h"
#include "crypto/password_hash.h"
#include "crypto/srp.h"
#include "flows/keyring.h"
#include "store/users.h"

namespace cardea {

namespace {

constexpr std::string_view kCredentialPurpose = "credential";
constexpr std::string_view kSchemeTag = "cardea:password-hash";
// The wire's bound, which answers to challenges do not pass through.
constexpr std::size_t kLongestPassword = 256;
// "^ $ * . [ ] { } ( ) ? " ! @ # % & / \ , > < ' : ; | _ ~ ` = + -" and the space (fact sheet user pools B.5).
constexpr std::string_view kSymbols = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ";

bool HasAny(std::string_view text, std::string_view alphabet) {
    return text.find_first_of(alphabet) != std::string_view::npos;
}
bool HasBetween(std::string_view text, char first, char last) {
    return std::any_of(text.begin(), text.end(), [&](char c) { return c >= first && c <= last; });
}
bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

PasswordScheme SchemeOf(const Context& ctx, const Pool& pool) {
    if (pool.user_pool_tags) {
        const auto tag = pool.user_pool_tags->find(std::string(kSchemeTag));
        if (tag != pool.user_pool_tags->end())
            return tag->second == "argon2id" ? PasswordScheme::kArgon2id : PasswordScheme::kSrp;
    }
    return ctx.account().argon2id ? PasswordScheme::kArgon2id : PasswordScheme::kSrp;
}

bool IsPasswordOf(Context& ctx, const Pool& pool, const User& user, const Credential& credential,
                  const Secret& password) {
    Secret proof = OpenCredential(ctx, pool, credential);
    if (credential.scheme == PasswordScheme::kArgon2id) return VerifyPasswordHash(proof.Reveal(), password);
    const SrpVerifier verifier{.salt = credential.salt, .verifier = std::move(proof)};
    return CheckPassword(verifier, SrpPoolName(pool), user.username, password);
}

// The work of looking at a password of this scheme, with nothing to compare it with.
void WorkAs(PasswordScheme scheme, Context& ctx, const Pool& pool, const Secret& password) {
    if (scheme == PasswordScheme::kArgon2id) {
        (void)HashPassword(ctx.random(), password);
        return;
    }
    const SrpVerifier nobody{.salt = std::string(16, '\x2a'), .verifier = Secret(std::string(384, '\0'))};
    (void)CheckPassword(nobody, SrpPoolName(pool), "nobody", password);
}

int HistorySize(const Pool& pool) { return PasswordPolicyOf(pool).password_history_size.value_or(0); }

}  // namespace

PasswordPolicy PasswordPolicyOf(const Pool& pool) {
    if (pool.policies && pool.policies->password_policy) return *pool.policies->password_policy;
    return {.minimum_length = 8,
            .require_uppercase = true,
            .require_lowercase = true,
            .require_numbers = true,
            .require_symbols = true,
            .password_history_size = std::nullopt,
            .temporary_password_validity_days = 7};
}

std::optional<std::string_view> BrokenPasswordRule(const PasswordPolicy& policy, std::string_view password) {
    const std::size_t length = Utf16Length(password);
    if (password.empty() || length < static_cast<std::size_t>(policy.minimum_length.value_or(8)))
        return "Password not long enough";
    if (length > kLongestPassword) return "Password must have length less than or equal to 256";
    if (policy.require_numbers.value_or(false) && !HasBetween(password, '0', '9'))
        return "Password must have numeric characters";
    if (policy.require_symbols.value_or(false) && !HasAny(password, kSymbols))
        return "Password must have symbol characters";
    if (policy.require_uppercase.value_or(false) && !HasBetween(password, 'A', 'Z'))
        return "Password must have uppercase characters";
    if (policy.require_lowercase.value_or(false) && !HasBetween(password, 'a', 'z'))
        return "Password must have lowercase characters";
    if (IsSpace(password.front()) || IsSpace(password.back()))
        return R"(Password must satisfy regular expression pattern: ^\S.*\S$)";
    return std::nullopt;
}

void CheckPasswordPolicy(const Pool& pool, const Secret& password, PolicyPrefix prefix) {
    const auto broken = BrokenPasswordRule(PasswordPolicyOf(pool), password.Reveal());
    if (!broken) return;
    const std::string_view start = prefix == PolicyPrefix::kDidNotConform ? "Password did not conform with policy: "
                                                                          : "Password does not conform to policy: ";
    throw ApiError(Error::kInvalidPassword, std::string(start) + std::string(*broken));
}

Credential MakeCredential(Context& ctx, const Pool& pool, const User& user, const Secret& password, bool temporary) {
    Credential credential{.user_id = user.id,
                          .scheme = SchemeOf(ctx, pool),
                          .salt = {},
                          .sealed = {},
                          .set_at = ctx.now,
                          .temporary = temporary};
    Secret proof;
    if (credential.scheme == PasswordScheme::kArgon2id) {
        proof = Secret(HashPassword(ctx.random(), password));
    } else {
        SrpVerifier verifier = MakeVerifier(ctx.random(), SrpPoolName(pool), user.username, password);
        credential.salt = std::move(verifier.salt);
        proof = std::move(verifier.verifier);
    }
    credential.sealed = ctx.services.keyring.Seal(pool.id, kCredentialPurpose, user.id.Text(), proof.Reveal());
    return credential;
}

Secret OpenCredential(Context& ctx, const Pool& pool, const Credential& credential) {
    return ctx.services.keyring.Open(pool.id, kCredentialPurpose, credential.user_id.Text(), credential.sealed);
}

bool CheckPassword(Context& ctx, const Pool& pool, const std::optional<User>& user,
                   const std::optional<Credential>& credential, const Secret& password) {
    const bool known = user && credential;
    const bool right = known && IsPasswordOf(ctx, pool, *user, *credential, password);
    // A pool that went over to Argon2id has users of both schemes: each, and nobody, costs what both cost, so that the
    // time tells neither who exists nor whose password is of the older one.
    const auto work = [&](PasswordScheme scheme) {
        if (!known || credential->scheme != scheme) WorkAs(scheme, ctx, pool, password);
    };
    work(PasswordScheme::kSrp);
    if (SchemeOf(ctx, pool) == PasswordScheme::kArgon2id) work(PasswordScheme::kArgon2id);
    return right;
}

void CheckPasswordHistory(Context& ctx, const Pool& pool, const User& user, const Secret& password) {
    const int size = HistorySize(pool);
    if (size <= 0) return;
    auto used = ctx.store().Read([&](sql::Connection& db) {
        std::vector<Credential> credentials;
        if (auto current = FindCredential(db, pool.id, user.id)) credentials.push_back(std::move(*current));
        for (auto& earlier : ListPasswordHistory(db, pool.id, user.id, size)) credentials.push_back(std::move(earlier));
        return credentials;
    });
    // The current password is one of the `size` (fact sheet user pools B.5).
    if (used.size() > static_cast<std::size_t>(size)) used.resize(static_cast<std::size_t>(size));
    for (const Credential& credential : used)
        if (IsPasswordOf(ctx, pool, user, credential, password))
            throw ApiError(Error::kPasswordHistoryPolicyViolation, "Password has previously been used");
}

void StoreCredential(sql::Connection& db, const Pool& pool, const Credential& credential) {
    if (const int size = HistorySize(pool); size > 1) {
        const auto old = FindCredential(db, pool.id, credential.user_id);
        if (old) AddPasswordHistory(db, pool.id, *old, size - 1);
    }
    PutCredential(db, pool.id, credential);
}

}  // namespace cardea
