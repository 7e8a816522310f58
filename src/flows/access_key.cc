#include "flows/access_key.h"

#include "flows/identifier.h"
#include "flows/keyring.h"
#include "store/keys.h"

namespace cardea {

namespace {
constexpr std::string_view kPurpose = "access-key";
}  // namespace

AccessKey CreateAccessKey(Services& services) {
    AccessKey key{NewAccessKeyId(services.random), NewSecretAccessKey(services.random)};
    const StoredAccessKey stored{
        .id = key.id,
        .sealed = services.keyring.Seal(Keyring::AccountRow(), kPurpose, key.id, key.secret.Reveal()),
        .created_at = services.clock.Now()};
    services.store.Transact([&](sql::Connection& db) { AddAccessKey(db, stored); });
    return key;
}

std::optional<Secret> SecretOfAccessKey(Services& services, std::string_view id) {
    const auto stored = services.store.Read([&](sql::Connection& db) { return FindAccessKey(db, id); });
    if (!stored) return std::nullopt;
    return services.keyring.Open(Keyring::AccountRow(), kPurpose, stored->id, stored->sealed);
}

}  // namespace cardea
