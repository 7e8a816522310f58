#pragma once
// The people of a benchmark: the seeder makes them, the load generator is them.

#include <cstdint>
#include <cstdio>
#include <string>

namespace cardea::bench {

inline constexpr const char* kPassword = "Passw0rd!";

inline std::string UserName(std::int64_t number) {
    char out[32];
    std::snprintf(out, sizeof out, "user-%09lld", static_cast<long long>(number));
    return out;
}

}  // namespace cardea::bench
