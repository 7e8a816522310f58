#include "app/seed.h"

#include <stdexcept>

#include "api/dispatch.h"
#include "api/user_pools/service.h"
#include "base/check.h"
#include "base/log.h"
#include "codec/json.h"
#include "flows/client_proof.h"
#include "flows/directory.h"
#include "flows/keyring.h"
#include "store/clients.h"

namespace cardea {

namespace {

constexpr std::string_view kSource = "127.0.0.1";
constexpr std::string_view kUserAgent = "cardea seed";

std::string RegionOf(const SeedPool& pool) { return pool.id.Text().substr(0, pool.id.Text().find('_')); }

[[noreturn]] void Fail(const SeedFile& seed, const SeedCall& call, const std::string& what) {
    throw std::runtime_error(seed.name + ":" + std::to_string(call.line) + ": " + what);
}

// The request of an account's root, signed in form: in development any signature counts.
HttpRequest MakeRequest(const SeedPool& pool, const SeedCall& call, Instant now) {
    const std::string date = ToIso8601Basic(now);
    const std::string scope =
        date.substr(0, 8) + "/" + RegionOf(pool) + "/" + std::string(kUserPoolsSigningName) + "/aws4_request";
    HttpRequest request;
    request.method = "POST";
    request.target = request.path = "/";
    request.client_address = kSource;
    request.headers = {{"host", "localhost"},
                       {"user-agent", std::string(kUserAgent)},
                       {"content-type", "application/x-amz-json-1.1"},
                       {"x-amz-target", std::string(kUserPoolsTarget) + std::string(call.operation)},
                       {"x-amz-date", date},
                       {"authorization", "AWS4-HMAC-SHA256 Credential=SEED/" + scope +
                                             ", SignedHeaders=host;x-amz-date, Signature=" + std::string(64, '0')}};
    request.body = call.body.Reveal();
    return request;
}

std::string TextOf(const std::optional<JsonValue>& value) {
    return value && value->Kind() == JsonKind::kText ? std::string(value->Text()) : std::string();
}

// The answer's body.
JsonDocument Run(Services& services, const SeedFile& seed, const SeedPool& pool, const SeedCall& call) {
    const ApiDoor door{.services = services, .verify_signatures = false};
    const HttpResponse response = AnswerApiCall(door, MakeRequest(pool, call, services.clock.Now()));
    auto body = JsonDocument::Parse(response.body.empty() ? "{}" : response.body);
    CHECK(body.has_value());
    if (response.status != 200)
        Fail(seed, call,
             std::string(call.operation) + ": " + TextOf(body->Root().Find("__type")) + ": " +
                 TextOf(body->Root().Find("message")));
    return *std::move(body);
}

Context MakeContext(Services& services, const SeedPool& pool) {
    return {services, services.clock.Now(), RandomUuid(services.random), "Seed", RegionOf(pool), std::string(kSource),
            {}};
}

// The client under another id, its secret sealed for that id. False where the id is taken.
bool RenameClient(Services& services, const SeedPool& pool, const ClientId& made, const ClientId& wanted) {
    Context ctx = MakeContext(services, pool);
    Client client = RequireClient(ctx, made.Text())->value;
    if (client.sealed_secret)
        client.sealed_secret = SealClientSecret(ctx, pool.id, wanted, OpenClientSecret(ctx, client));
    client.id = wanted;
    const bool renamed = services.store.Transact([&](sql::Connection& db) {
        if (FindClient(db, wanted)) return false;
        DeleteClient(db, pool.id, made);
        AddClient(db, client);
        return true;
    });
    services.directory.Forget(made);
    services.directory.Forget(wanted);
    return renamed;
}

bool IsUnfinished(const Pool& pool) {
    return pool.user_pool_tags && pool.user_pool_tags->contains(std::string(kUnfinishedSeedTag));
}

// Whatever its DeletionProtection says.
void DropPool(Services& services, const PoolId& id) {
    services.store.Transact([&](sql::Connection& db) { DeletePool(db, id); });
    services.directory.Clear();  // of its clients as well
    services.keyring.Forget(id);
}

void MakePool(Services& services, const SeedFile& seed, const SeedPool& pool) {
    for (const SeedCall& call : pool.calls) {
        const JsonDocument answer = Run(services, seed, pool, call);
        if (call.client.Empty()) continue;
        const auto client = answer.Root().Find("UserPoolClient");
        CHECK(client.has_value());
        if (!RenameClient(services, pool, ClientId(TextOf(client->Find("ClientId"))), call.client))
            Fail(seed, call, "the client id " + call.client.Text() + " is taken");
    }
    Context ctx = MakeContext(services, pool);
    ChangePool(ctx, pool.id.Text(), [](Pool& made) { made.user_pool_tags->erase(std::string(kUnfinishedSeedTag)); });
}

}  // namespace

void ApplySeed(Services& services, const SeedFile& seed) {
    CHECK(services.account.development || seed.pools.empty());
    for (const SeedPool& pool : seed.pools) {
        const PoolHandle there = services.directory.FindPool(pool.id);
        const bool kept = there && !IsUnfinished(there->value);
        if (there && !kept) DropPool(services, pool.id);
        if (!kept) MakePool(services, seed, pool);
        Log(LogLevel::kInfo, "seed_pool", {{"pool", pool.id.Text()}, {"outcome", kept ? "kept" : "made"}});
    }
}

}  // namespace cardea
