#pragma once
// http and https URLs, parsed strictly (RFC 3986): what two parsers could read in two ways is refused.
//
//   const auto url = ParseUrl("https://id.example.com:8443/callback?x=1");
//   url->host == "id.example.com", url->port == 8443, url->path == "/callback", url->query == "x=1"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cardea {

struct Url {
    bool https = false;
    std::string host;  // lower case; an IPv6 address without its brackets
    std::uint16_t port = 0;
    bool default_port = true;  // the port is the scheme's own
    std::string path;          // begins with '/', still percent-encoded
    std::string query;         // without the '?', still percent-encoded
    std::string fragment;      // without the '#', still percent-encoded
    bool has_fragment = false;
};

// The longest URL that ParseUrl looks at, in bytes.
inline constexpr std::size_t kMaxUrl = 8192;

// Absolute http or https URLs only. Refuses user names and passwords in it, an empty host, a host with characters
// that no host name has, bytes outside ASCII, spaces, controls, backslashes, and broken percent-encoding.
std::optional<Url> ParseUrl(std::string_view text);

// scheme://host[:port], without a port that is the scheme's own: an origin as RFC 6454 §6.2 writes it.
std::string ToOrigin(const Url& url);

}  // namespace cardea
