#pragma once
// From files, flags and the environment to a configuration, or to mistakes on standard error.

#include <optional>
#include <string>
#include <vector>

#include "app/config.h"

namespace cardea {

// This process's environment: the configuration may name any variable.
std::map<std::string, std::string> ReadEnvironment();
// Nothing where the file cannot be read; says so. An empty name is no file.
std::optional<ConfigResult> ReadConfiguration(Mode mode, const std::string& file, std::vector<ConfigFlag> flags);
// Prints the mistakes; true where there were none.
bool IsUsable(const ConfigResult& result);

}  // namespace cardea
