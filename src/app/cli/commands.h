#pragma once
// The commands of the program. Each returns the process's exit status and prints its mistakes to standard error.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"

namespace cardea {

// What `cardea dev` was told.
struct DevFlags {
    std::optional<std::uint16_t> port;
    std::optional<std::string> data, seed, bind, public_url, functions;
};

int RunDev(const DevFlags& flags);
int RunServe(const std::string& config_file);
int CheckConfig(Mode mode, const std::string& config_file);
int ShowConfig(Mode mode, const std::string& config_file);
// Through the running server's door, or on the store where no server runs.
int CreateAccessKeyCommand(const std::string& config_file);
int RenewEpochCommand(const std::string& config_file);
// Makes `file`, which must not be there.
int BackUpCommand(const std::string& config_file, const std::string& file);
// Asks GET /readyz: 0 where it is ready.
int CheckHealth(const std::string& url);

}  // namespace cardea
