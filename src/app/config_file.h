#pragma once
// A configuration file, read without knowing the keys: TOML 1.0, flattened, with the lines.

#include <string>
#include <string_view>
#include <vector>

#include "app/config_value.h"

namespace cardea {

struct FileEntry {
    std::string key;  // "limits.max_body"
    RawValue value;
    std::size_t line = 0;
};

// One table of an array: [[email]].
struct FileTable {
    std::string array;  // "email"
    std::size_t line = 0;
    std::vector<FileEntry> entries;
};

struct ConfigFile {
    std::vector<FileEntry> entries;
    std::vector<FileTable> tables;
    std::string mistake;  // where the text is not TOML: why
    std::size_t mistake_line = 0;
};

// At most 1 MiB of text.
ConfigFile ReadConfigFile(std::string_view text);

}  // namespace cardea
