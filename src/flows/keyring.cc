#include "flows/keyring.h"

#include <algorithm>
#include <stdexcept>

#include "base/check.h"
#include "crypto/hash.h"
#include "store/pools.h"

namespace cardea {

namespace {

constexpr std::string_view kSigningKey = "signing-key";
constexpr std::string_view kReserveKey = "reserve-key";

// Names the row of a wrapped key, so that wrapped keys cannot change places.
std::string WrapContext(const PoolId& pool, int version) {
    return "data_keys|" + pool.Text() + "|" + std::to_string(version);
}

StoredSigningKey SealSigningKey(const DataKey& key, Random& random, std::string_view purpose, const GeneratedKey& made,
                                Instant now) {
    return {.kid = made.kid,
            .use = KeyUse::kIdToken,
            .modulus = made.modulus,
            .sealed = Seal(key, random, purpose, made.kid, made.pkcs8.Reveal()),
            .created_at = now};
}

}  // namespace

Keyring::Keyring(Store& store, Random& random, MasterKey master)
    : store_(store), random_(random), master_(std::move(master)) {}

const PoolId& Keyring::AccountRow() {
    static const PoolId row{std::string()};
    return row;
}

std::vector<std::shared_ptr<const DataKey>> Keyring::LoadDataKeys(const PoolId& pool) {
    const auto stored = store_.Read([&](sql::Connection& db) { return ListDataKeys(db, pool); });
    std::vector<std::shared_ptr<const DataKey>> keys;
    for (const WrappedKey& wrapped : stored) {
        auto bytes = wrapped.master_key_id == master_.KeyId()
                         ? UnwrapKey(master_, WrapContext(pool, wrapped.version), wrapped.wrapped)
                         : std::nullopt;
        if (!bytes)
            throw std::runtime_error("the data key of \"" + pool.Text() + "\" was wrapped by another master key (" +
                                     wrapped.master_key_id + ")");
        keys.push_back(std::make_shared<const DataKey>(static_cast<std::uint32_t>(wrapped.version), std::move(*bytes)));
    }
    std::reverse(keys.begin(), keys.end());
    return keys;
}

WrappedKey Keyring::MakeDataKey(const PoolId& pool, Secret& bytes) {
    bytes = MakeKey(random_);
    return {.pool_id = pool,
            .version = 1,
            .master_key_id = master_.KeyId(),
            .wrapped = WrapKey(master_, WrapContext(pool, 1), bytes)};
}

std::shared_ptr<const DataKey> Keyring::AccountKey() {
    auto keys = Find(AccountRow());
    if (keys) return keys->data_keys.front();
    Secret bytes;
    const WrappedKey made = MakeDataKey(AccountRow(), bytes);
    // Of two processes that begin together one key stays, and both read that one.
    store_.Transact([&](sql::Connection& db) { AddDataKey(db, made); });
    keys = Find(AccountRow());
    CHECK(keys != nullptr);
    return keys->data_keys.front();
}

Keyring::NewPoolKeys Keyring::MakePoolKeys(const PoolId& pool, Instant now) {
    NewPoolKeys out;
    Secret bytes;
    out.data_key = MakeDataKey(pool, bytes);
    const DataKey data_key(1, std::move(bytes));
    const auto account = AccountKey();
    auto reserve = store_.Transact([&](sql::Connection& db) { return TakeReserveKeys(db, 2); });
    for (const KeyUse use : {KeyUse::kIdToken, KeyUse::kAccessToken}) {
        StoredSigningKey key;
        if (reserve.empty()) {
            key = SealSigningKey(data_key, random_, kSigningKey, GenerateSigningKey(random_), now);
        } else {
            key = std::move(reserve.back());
            reserve.pop_back();
            const auto der = cardea::Open(*account, kReserveKey, key.kid, key.sealed);
            if (!der) throw std::runtime_error("a key of the reservoir does not open");
            key.sealed = cardea::Seal(data_key, random_, kSigningKey, key.kid, der->Reveal());
            key.created_at = now;
        }
        key.use = use;
        out.signing.push_back(std::move(key));
    }
    return out;
}

std::shared_ptr<const PoolKeys> Keyring::Load(const PoolId& pool) {
    auto keys = std::make_shared<PoolKeys>();
    keys->data_keys = LoadDataKeys(pool);
    if (keys->data_keys.empty()) return nullptr;
    if (pool == AccountRow()) return keys;  // it signs nothing
    keys->published = store_.Read([&](sql::Connection& db) { return ListSigningKeys(db, pool); });
    for (const StoredSigningKey& stored : keys->published) {
        auto& current = stored.use == KeyUse::kIdToken ? keys->signing.id_token : keys->signing.access_token;
        keys->verify[stored.kid] = VerifyKey::Load(stored.modulus, "AQAB");
        if (current) continue;
        const auto der = cardea::Open(keys->data_keys, kSigningKey, stored.kid, stored.sealed);
        if (!der) throw std::runtime_error("a signing key of \"" + pool.Text() + "\" does not open");
        current = SigningKey::Load(stored.kid, *der);
    }
    // The pool was deleted between the two statements.
    if (!keys->signing.id_token || !keys->signing.access_token) return nullptr;
    return keys;
}

bool Keyring::AreCurrent(const PoolId& pool, const PoolKeys& keys) {
    if (pool == AccountRow()) return true;  // made once, and never deleted
    const auto stored = store_.Read([&](sql::Connection& db) { return ListSigningKeys(db, pool); });
    return std::equal(stored.begin(), stored.end(), keys.published.begin(), keys.published.end(),
                      [](const StoredSigningKey& a, const StoredSigningKey& b) { return a.kid == b.kid; });
}

std::shared_ptr<const PoolKeys> Keyring::Find(const PoolId& pool) {
    Entry entry;
    std::int64_t epoch = 0;
    {
        auto opened = opened_.Lock();
        if (const Entry* found = opened->pools.Find(pool)) {
            if (found->version == opened->version) return found->keys;
            entry.keys = found->keys;
        }
        entry.version = opened->version;
        epoch = opened->epoch;
    }
    if (!entry.keys || !AreCurrent(pool, *entry.keys)) entry.keys = Load(pool);
    auto opened = opened_.Lock();
    if (!entry.keys)
        opened->pools.Erase(pool);
    else if (opened->epoch == epoch)
        opened->pools.Put(pool, entry);
    return entry.keys;
}

std::shared_ptr<const PoolKeys> Keyring::Require(const PoolId& pool) {
    if (pool == AccountRow()) AccountKey();  // made at its first use
    auto keys = Find(pool);
    // Deleted while this request was under way.
    if (!keys) throw ApiError(Error::kResourceNotFound, "User pool " + pool.Text() + " does not exist.");
    return keys;
}

void Keyring::Forget(const PoolId& pool) {
    auto opened = opened_.Lock();
    ++opened->epoch;
    opened->pools.Erase(pool);
}

void Keyring::Clear() {
    auto opened = opened_.Lock();
    ++opened->epoch;
    opened->pools.Clear();
}

void Keyring::Refresh() {
    const std::int64_t version = store_.Read([](sql::Connection& db) { return ConfigurationVersion(db); });
    opened_.Lock()->version = version;
}

std::string Keyring::Seal(const PoolId& pool, std::string_view purpose, std::string_view row,
                          std::string_view plaintext) {
    const auto key = pool == AccountRow() ? AccountKey() : Require(pool)->data_keys.front();
    return cardea::Seal(*key, random_, purpose, row, plaintext);
}

Secret Keyring::Open(const PoolId& pool, std::string_view purpose, std::string_view row, std::string_view sealed) {
    auto opened = TryOpen(pool, purpose, row, sealed);
    if (!opened) throw std::runtime_error("a sealed value (" + std::string(purpose) + ") does not open");
    return std::move(*opened);
}

std::optional<Secret> Keyring::TryOpen(const PoolId& pool, std::string_view purpose, std::string_view row,
                                       std::string_view sealed) {
    return cardea::Open(Require(pool)->data_keys, purpose, row, sealed);
}

std::string Keyring::Mac(const PoolId& pool, std::string_view purpose, std::string_view text) {
    // By the oldest key: what was marked with it must be found again after a newer key was made.
    const auto keys = Require(pool);
    return HmacSha256(keys->data_keys.back()->ForLabel("mac/" + std::string(purpose)).Reveal(), text);
}

bool Keyring::FillReservoir(int goal, Instant now) {
    const auto count = store_.Read([](sql::Connection& db) { return CountReserveKeys(db); });
    if (count >= goal) return false;
    const auto key = SealSigningKey(*AccountKey(), random_, kReserveKey, GenerateSigningKey(random_), now);
    store_.Transact([&](sql::Connection& db) { AddReserveKey(db, key); });
    return true;
}

}  // namespace cardea
