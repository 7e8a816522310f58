#pragma once
// A seed file, read: TOML becomes the calls of the API that make what it names.
//
//   const SeedFile seed = ReadSeedFile(text, "seed.toml");   // throws: "seed.toml:7: there is no key colour"
//   ApplySeed(services, seed);                               // app/seed.h
//
// Only the file's form is looked at here; what the values may be is the operations' business.

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "model/client.h"
#include "model/pool.h"

namespace cardea {

// The tag that a pool carries until all of its seed is in it.
inline constexpr std::string_view kUnfinishedSeedTag = "cardea:unfinished-seed";

// One call of the user pools API.
struct SeedCall {
    std::string_view operation;  // a literal of this program
    Secret body;                 // JSON, with passwords
    std::size_t line = 0;        // of the table that asks for it
    ClientId client;             // of CreateUserPoolClient: the id that the new client takes
};

struct SeedPool {
    PoolId id;  // "us-east-1_people"; its region is that of the calls
    std::size_t line = 0;
    std::vector<SeedCall> calls;  // in their order; the first one makes the pool
};

struct SeedFile {
    std::string name;  // for messages
    std::vector<SeedPool> pools;
};

// At most 1 MiB of text. Throws std::runtime_error with file, line and what is wrong: not TOML, a key or a setting that
// there is not, a key that is missing, an id of another form, a pool that stands twice.
SeedFile ReadSeedFile(std::string_view text, const std::string& name);

}  // namespace cardea
