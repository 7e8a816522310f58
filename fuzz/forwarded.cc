// Forwarded and X-Forwarded-…: a line is a header, "name:value".
#include "net/server/forwarded.h"

#include "base/check.h"
#include "targets.h"

namespace cardea {

void FuzzForwarded(std::string_view bytes) {
    static const Cidr kTrusted[] = {*ParseCidr("10.0.0.0/8"), *ParseCidr("fd00::/8")};
    const IpAddress proxy = *ParseIpAddress("10.0.0.1"), stranger = *ParseIpAddress("192.0.2.7");
    HttpRequest request;
    request.host = "inner";
    while (!bytes.empty() && request.headers.size() < 64) {
        const std::string_view line = TakeLine(bytes);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        request.headers.emplace_back(ToLowerAscii(line.substr(0, colon)), std::string(line.substr(colon + 1)));
    }
    for (const ForwardedStyle style : {ForwardedStyle::kXForwarded, ForwardedStyle::kForwarded}) {
        HttpRequest seen = request;
        ApplyForwarded(seen, proxy, false, kTrusted, style);
        CHECK(ParseIpAddress(seen.client_address).has_value());
        CHECK(!seen.host.empty() && IsHeaderValue(seen.host));
        seen = request;
        ApplyForwarded(seen, stranger, false, kTrusted, style);
        CHECK(seen.client_address == "192.0.2.7" && seen.host == "inner" && !seen.secure);
    }
}

}  // namespace cardea
