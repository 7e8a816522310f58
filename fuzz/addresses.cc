// URLs, IP addresses and ranges: what is printed reads back as the same.
#include "base/check.h"
#include "net/cidr.h"
#include "net/url.h"
#include "targets.h"

namespace cardea {

void FuzzAddresses(std::string_view bytes) {
    if (const auto url = ParseUrl(bytes)) {
        const std::string origin = ToOrigin(*url);
        const auto again = ParseUrl(origin);
        CHECK(again.has_value() && ToOrigin(*again) == origin);
        CHECK(again->host == url->host && again->port == url->port && again->https == url->https);
        CHECK(url->path.starts_with('/'));
        for (const char c : url->host) CHECK(c > ' ' && c < 0x7f && c != '@' && c != '/' && c != '\\');
    }
    if (const auto address = ParseIpAddress(bytes)) CHECK(ParseIpAddress(ToText(*address)) == address);
    if (const auto range = ParseCidr(bytes)) {
        CHECK(range->prefix <= 128 && Contains(*range, range->network));
        IsPublicAddress(range->network);
    }
    IsLoopbackHost(bytes);
}

}  // namespace cardea
