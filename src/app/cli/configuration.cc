#include "app/cli/configuration.h"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace cardea {

std::map<std::string, std::string> ReadEnvironment() {
    std::map<std::string, std::string> out;
    for (char** at = environ; *at; ++at) {
        const std::string_view entry(*at);
        const std::size_t equals = entry.find('=');
        if (equals != std::string_view::npos) out.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
    return out;
}

std::optional<ConfigResult> ReadConfiguration(Mode mode, const std::string& file, std::vector<ConfigFlag> flags) {
    ConfigSources sources{.mode = mode,
                          .file_name = file,
                          .file_text = std::nullopt,
                          .environment = ReadEnvironment(),
                          .flags = std::move(flags)};
    if (!file.empty()) {
        std::ifstream in(file);
        std::ostringstream text;
        text << in.rdbuf();
        if (!in) {
            std::fprintf(stderr, "cardea: the configuration file %s cannot be read\n", file.c_str());
            return std::nullopt;
        }
        sources.file_text = text.str();
    }
    return ParseConfig(sources);
}

bool IsUsable(const ConfigResult& result) {
    for (const std::string& mistake : result.mistakes) std::fprintf(stderr, "cardea: %s\n", mistake.c_str());
    return result.mistakes.empty();
}

}  // namespace cardea
