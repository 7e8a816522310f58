#pragma once
// Where the master key comes from: a file, the environment, or systemd's credentials. It does not live beside the
// database in production; development makes one in its own folder.

#include <filesystem>
#include <string>

#include "base/random.h"
#include "crypto/seal.h"

namespace cardea {

// 32 bytes, as 64 hex digits or base64, with white space around. The key's id is the first 16 hex digits of the
// SHA-256 of its bytes under a label. Throws std::runtime_error that names `origin` and tells how to make one.
MasterKey ParseMasterKey(std::string_view text, const std::string& origin);
// Throws where the file cannot be read, or where others than its owner may read it.
MasterKey ReadMasterKeyFile(const std::filesystem::path& file);
// Reads the file, or makes it (mode 0600) with a new key.
MasterKey ReadOrMakeMasterKeyFile(const std::filesystem::path& file, Random& random);

}  // namespace cardea
