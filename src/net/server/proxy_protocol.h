#pragma once
// The PROXY protocol, versions 1 and 2: how a TCP balancer tells whose connection it passes on
// (haproxy.org, proxy-protocol.txt, §2.1 and §2.2).

#include <cstddef>
#include <optional>
#include <string_view>

#include "net/cidr.h"

namespace cardea {

// The longest header that is read: §2.2 lets extensions grow it, real ones take a few hundred bytes.
inline constexpr std::size_t kMaxProxyHeader = 1024;

struct ProxyHeader {
    enum class Outcome { kIncomplete, kInvalid, kRead } outcome = Outcome::kInvalid;
    std::size_t size = 0;  // of the header, when it was read
    std::optional<IpAddress> source =
        std::nullopt;  // nothing for UNKNOWN, LOCAL and address families without IP: the peer itself
};

// Looks at the first bytes of a connection.
ProxyHeader ParseProxyHeader(std::string_view bytes);

}  // namespace cardea
