// The seeder: fills a pool of a stopped Cardea with many users, the quickest way the store has. The database may be a
// PostgreSQL URL.
//
//   seed --database DIR/cardea.db --key FILE --pool us-east-1_x --users 1000000 --stride 100
//
// Every stride-th user can sign in with the benchmark's password; making a verifier costs a tenth of a millisecond, so
// the others carry one of somebody else's, which is as large and never right.

#include <cstdio>
#include <map>
#include <string>
#include <thread>

#include "app/master_key.h"
#include "base/clock.h"
#include "delivery/delivery.h"
#include "flows/directory.h"
#include "flows/identifier.h"
#include "flows/keyring.h"
#include "flows/lockout_gate.h"
#include "flows/passwords.h"
#include "people.h"
#include "store/open.h"
#include "store/users.h"

namespace cardea::bench {
namespace {

class NoDelivery final : public Delivery {
 public:
    Delivered Send(const Message&) override { return Delivered::kNo; }
};

UserRow MakeRow(Context& ctx, const Pool& pool, std::int64_t number, std::int64_t stride, Credential& spare) {
    UserRow row;
    row.user.pool_id = pool.id;
    row.user.id = NewUserId(ctx.random());
    row.user.username = UserName(number);
    row.user.status = UserStatus::kConfirmed;
    row.user.created_at = row.user.modified_at = ctx.now;
    row.user.attributes = {{"email", UserName(number) + "@example.com"},
                           {"email_verified", "true"},
                           {"name", "Person number " + std::to_string(number)},
                           {"given_name", "Person"},
                           {"family_name", "Number " + std::to_string(number % 5000)},
                           {"locale", "en_GB"}};
    if (number % stride == 0) spare = MakeCredential(ctx, pool, row.user, Secret(kPassword), false);
    row.credential = spare;
    row.credential->user_id = row.user.id;
    row.aliases = {{AliasKind::kUsername, AliasKey(pool, row.user.username)}};
    return row;
}

int Seed(std::map<std::string, std::string> given) {
    const SystemClock clock;
    SystemRandom random;
    auto store = OpenStore(given.at("--database"));
    Account account;
    Directory directory(*store);
    Keyring keyring(*store, random, ReadMasterKeyFile(given.at("--key")));
    LockoutGate lockout_gate;
    NoDelivery delivery;
    Services services{account, clock, random, *store, directory, keyring, lockout_gate, delivery};
    Context ctx{services, clock.Now(), "seed", "seed", "us-east-1", "127.0.0.1", {}};
    const PoolHandle pool = RequirePool(ctx, given.at("--pool"));
    const std::int64_t users = std::stoll(given.at("--users")), stride = std::stoll(given.at("--stride"));
    Credential spare;
    std::vector<UserRow> rows;
    for (std::int64_t number = 0; number < users; ++number) {
        rows.push_back(MakeRow(ctx, pool->value, number, stride, spare));
        if (rows.size() < 10000 && number + 1 < users) continue;
        store->Transact([&](sql::Connection& db) { LoadUsers(db, rows); });
        rows.clear();
    }
    std::printf("%lld users\n", static_cast<long long>(users));
    return 0;
}

}  // namespace
}  // namespace cardea::bench

int main(int argc, char** argv) {
    std::map<std::string, std::string> given;
    for (int i = 1; i + 1 < argc; i += 2) given[argv[i]] = argv[i + 1];
    return cardea::bench::Seed(std::move(given));
}
