// The PROXY protocol's header: a part of a good header is incomplete, never something else.
#include "base/check.h"
#include "net/server/proxy_protocol.h"
#include "targets.h"

namespace cardea {

void FuzzProxyHeader(std::string_view bytes) {
    const ProxyHeader header = ParseProxyHeader(bytes);
    if (header.outcome != ProxyHeader::Outcome::kRead) return;
    CHECK(header.size > 0 && header.size <= bytes.size() && header.size <= kMaxProxyHeader);
    const ProxyHeader again = ParseProxyHeader(bytes.substr(0, header.size));
    CHECK(again.outcome == ProxyHeader::Outcome::kRead && again.size == header.size && again.source == header.source);
    for (std::size_t size = 0; size < header.size; ++size)
        CHECK(ParseProxyHeader(bytes.substr(0, size)).outcome == ProxyHeader::Outcome::kIncomplete);
    if (header.source) CHECK(ParseIpAddress(ToText(*header.source)) == header.source);
}

}  // namespace cardea
