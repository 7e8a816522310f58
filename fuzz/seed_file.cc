// Seed files: every call that they become is JSON.
#include "app/seed_file.h"

#include <stdexcept>

#include "base/check.h"
#include "codec/json.h"
#include "targets.h"

namespace cardea {

void FuzzSeedFile(std::string_view bytes) {
    try {
        const SeedFile seed = ReadSeedFile(bytes, "fuzz.toml");
        for (const SeedPool& pool : seed.pools)
            // A NUL, which TOML lets a text have, is the one thing that JSON refuses.
            for (const SeedCall& call : pool.calls)
                CHECK(JsonDocument::Parse(call.body.Reveal()).has_value() ||
                      call.body.Reveal().find("\\u0000") != std::string_view::npos);
    } catch (const std::runtime_error&) {
        // It has said what is wrong.
    }
}

}  // namespace cardea
