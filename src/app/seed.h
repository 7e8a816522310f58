#pragma once
// What `cardea dev --seed FILE` begins with: the pools of a file, made by the operations that the API has, so that
// nothing is valid here that a client could not make.
//
//   ApplySeed(services, ReadSeedFile(text, "seed.toml"));

#include "app/seed_file.h"
#include "flows/context.h"

namespace cardea {

// Makes the pools that are not there, each with its groups, clients and users; one that is there stays as it is, whole.
// A pool that an earlier start left unfinished is made again. Development only: CHECKed. Blocks on the store. Throws
// std::runtime_error with the file's line and the API's message where an operation refuses; what was made of that pool
// until then keeps kUnfinishedSeedTag.
void ApplySeed(Services& services, const SeedFile& seed);

}  // namespace cardea
