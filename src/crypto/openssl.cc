#include "crypto/openssl.h"

#include <openssl/err.h>
#include <stdexcept>
#include <string>

namespace cardea {

void RequireOpenSsl(bool succeeded, std::string_view what) {
    if (succeeded) return;
    char reason[256] = "no reason given";
    if (const unsigned long code = ERR_get_error()) ERR_error_string_n(code, reason, sizeof reason);
    ERR_clear_error();
    throw std::runtime_error("OpenSSL failed: " + std::string(what) + ": " + reason);
}

}  // namespace cardea
