// Configuration files, in both modes.
#include "app/config.h"
#include "app/config_file.h"
#include "base/check.h"
#include "targets.h"

namespace cardea {

void FuzzConfiguration(std::string_view bytes) {
    const ConfigFile file = ReadConfigFile(bytes);
    CHECK(file.mistake.empty() || (file.entries.empty() && file.tables.empty()));
    // `…_file` members would open whatever path comes up.
    if (bytes.find("_file") != std::string_view::npos) return;
    for (const Mode mode : {Mode::kDev, Mode::kServe}) {
        const ConfigResult result =
            ParseConfig({.mode = mode, .file_name = "fuzz.toml", .file_text = std::string(bytes)});
        for (const std::string& mistake : result.mistakes) CHECK(!mistake.empty());
        if (result.mistakes.empty()) PrintConfig(result);
    }
}

}  // namespace cardea
