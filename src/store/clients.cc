#include "store/clients.h"

#include "store/configuration.h"
#include "store/rows.h"

namespace cardea {

namespace {

constexpr std::string_view kAdd = "INSERT INTO clients (client_id, pool_id, version, document) VALUES ($1, $2, 1, $3)";
constexpr std::string_view kFind = "SELECT document, version FROM clients WHERE client_id = $1";
constexpr std::string_view kReplace =
    "UPDATE clients SET version = version + 1, document = $1 WHERE client_id = $2 AND pool_id = $3 AND version = $4";
constexpr std::string_view kDelete = "DELETE FROM clients WHERE client_id = $1 AND pool_id = $2";
constexpr std::string_view kList =
    "SELECT document FROM clients WHERE pool_id = $1 AND client_id > $2 ORDER BY client_id LIMIT $3";
constexpr std::string_view kCount = "SELECT COUNT(*) FROM clients WHERE pool_id = $1";

}  // namespace

void AddClient(sql::Connection& db, const Client& client) {
    Execute(db, kAdd, {client.id.Text(), client.pool_id.Text(), PrintShape(client)});
    BumpConfiguration(db);
}

std::optional<Versioned<Client>> FindClient(sql::Connection& db, const ClientId& id) {
    std::optional<Versioned<Client>> found;
    Query(db, kFind, {id.Text()}, [&](const sql::Row& row) { found = {LoadShape<Client>(row.Text(0)), row.Whole(1)}; });
    return found;
}

bool ReplaceClient(sql::Connection& db, const Client& client, std::int64_t version) {
    if (Execute(db, kReplace, {PrintShape(client), client.id.Text(), client.pool_id.Text(), version}) == 0)
        return false;
    BumpConfiguration(db);
    return true;
}

bool DeleteClient(sql::Connection& db, const PoolId& pool, const ClientId& id) {
    if (Execute(db, kDelete, {id.Text(), pool.Text()}) == 0) return false;
    BumpConfiguration(db);
    return true;
}

Page<Client> ListClients(sql::Connection& db, const PoolId& pool, const std::optional<std::string>& after, int limit) {
    Page<Client> page;
    Query(db, kList, {pool.Text(), after.value_or(""), std::int64_t{limit} + 1},
          [&](const sql::Row& row) { page.items.push_back(LoadShape<Client>(row.Text(0))); });
    EndPage(page, limit, [](const Client& client) { return client.id.Text(); });
    return page;
}

std::int64_t CountClients(sql::Connection& db, const PoolId& pool) {
    std::int64_t count = 0;
    Query(db, kCount, {pool.Text()}, [&](const sql::Row& row) { count = row.Whole(0); });
    return count;
}

}  // namespace cardea
