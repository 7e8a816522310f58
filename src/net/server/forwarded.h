#pragma once
// What proxies say of the client: who it is, and what it asked for.

#include <span>

#include "net/cidr.h"
#include "net/http.h"

namespace cardea {

// Which headers the proxy in front writes. A proxy passes on the headers that it does not know, so that a client could
// forge the other kind: only one kind is ever believed.
enum class ForwardedStyle : std::uint8_t {
    kXForwarded,  // X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host
    kForwarded,   // Forwarded (RFC 7239)
};

// Sets client_address, secure and host of a request that came from `peer` over a connection that is TLS or not. The
// headers count only when `peer` is a trusted proxy: the client is the right-most address that is no trusted proxy
// (each proxy appends the one it saw), and protocol and host are the ones that the last proxy wrote.
void ApplyForwarded(HttpRequest& request, const IpAddress& peer, bool tls, std::span<const Cidr> trusted,
                    ForwardedStyle style);

}  // namespace cardea
