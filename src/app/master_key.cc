#include "app/master_key.h"

#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/base64.h"
#include "codec/hex.h"
#include "crypto/hash.h"

namespace cardea {

namespace {

constexpr std::string_view kHowToMake = "; make one with: openssl rand -hex 32";

std::string_view Trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

MasterKey ParseMasterKey(std::string_view text, const std::string& origin) {
    const std::string_view trimmed = Trim(text);
    auto bytes = trimmed.size() == 64 ? HexDecode(trimmed) : Base64Decode(trimmed);
    if (!bytes || bytes->size() != kKeySize)
        throw std::runtime_error("the master key in " + origin + " is not 32 bytes in hex or base64" +
                                 std::string(kHowToMake));
    const std::string id = HexEncode(Sha256("cardea master key id|" + *bytes)).substr(0, 16);
    return MasterKey(id, Secret(std::move(*bytes)));
}

MasterKey ReadMasterKeyFile(const std::filesystem::path& file) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0)
        throw std::runtime_error("the master key file " + file.string() + " cannot be read" + std::string(kHowToMake));
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        throw std::runtime_error("the master key file " + file.string() +
                                 " may be read by others than its owner; run: chmod 600 " + file.string());
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return ParseMasterKey(text.str(), file.string());
}

MasterKey ReadOrMakeMasterKeyFile(const std::filesystem::path& file, Random& random) {
    if (std::filesystem::exists(file)) return ReadMasterKeyFile(file);
    const Secret bytes = MakeKey(random);
    const std::string text = HexEncode(bytes.Reveal()) + "\n";
    const int handle = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (handle < 0) throw std::runtime_error("the master key file " + file.string() + " cannot be made");
    const bool written =
        write(handle, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(handle) == 0;
    close(handle);
    if (!written) throw std::runtime_error("the master key file " + file.string() + " cannot be written");
    return ReadMasterKeyFile(file);
}

}  // namespace cardea
