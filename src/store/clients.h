#pragma once
// App clients in the store. A client is one JSON document with a version.

#include "model/client.h"
#include "store/pools.h"

namespace cardea {

void AddClient(sql::Connection& db, const Client& client);
// Client ids are unique across pools: unsigned operations find their pool by them.
std::optional<Versioned<Client>> FindClient(sql::Connection& db, const ClientId& id);
bool ReplaceClient(sql::Connection& db, const Client& client, std::int64_t version);
bool DeleteClient(sql::Connection& db, const PoolId& pool, const ClientId& id);
// By client id.
Page<Client> ListClients(sql::Connection& db, const PoolId& pool, const std::optional<std::string>& after, int limit);
std::int64_t CountClients(sql::Connection& db, const PoolId& pool);

}  // namespace cardea
