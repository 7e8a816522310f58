#include "flows/keyring.h"

#include <stdexcept>

#include "base/check.h"
#include "crypto/hash.h"

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

std::shared_ptr<const PoolKeys> Keyring::Find(const PoolId& pool) {
    std::int64_t epoch = 0;
    {
        auto pools = pools_.Lock();
        const auto found = pools->keys.find(pool);
        if (found != pools->keys.end()) return found->second;
        epoch = pools->epoch;
    }
    auto keys = std::make_shared<PoolKeys>();
    keys->data_keys = LoadDataKeys(pool);
    if (keys->data_keys.empty()) return nullptr;
    keys->published = store_.Read([&](sql::Connection& db) { return ListSigningKeys(db, pool); });
    for (const StoredSigningKey& stored : keys->published) {
        auto& current = stored.use == KeyUse::kIdToken ? keys->signing.id_token : keys->signing.access_token;
        keys->verify[stored.kid] = VerifyKey::Load(stored.modulus, "AQAB");
        if (current) continue;
        const auto der = cardea::Open(keys->data_keys, kSigningKey, stored.kid, stored.sealed);
        if (!der) throw std::runtime_error("a signing key of \"" + pool.Text() + "\" does not open");
        current = SigningKey::Load(stored.kid, *der);
    }
    auto pools = pools_.Lock();
    if (pools->epoch == epoch) pools->keys[pool] = keys;
    return keys;
}

void Keyring::Forget(const PoolId& pool) {
    auto pools = pools_.Lock();
    ++pools->epoch;
    pools->keys.erase(pool);
}

void Keyring::Clear() {
    auto pools = pools_.Lock();
    ++pools->epoch;
    pools->keys.clear();
}

std::shared_ptr<const PoolKeys> Keyring::Require(const PoolId& pool) {
    if (pool == AccountRow()) AccountKey();  // made at its first use
    auto keys = Find(pool);
    if (!keys) throw std::runtime_error("there are no keys of the pool " + pool.Text());
    return keys;
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
