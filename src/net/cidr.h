#pragma once
// IP addresses and ranges of them.
//
//   const auto range = ParseCidr("10.0.0.0/8");
//   if (range && Contains(*range, *ParseIpAddress("10.1.2.3"))) …
//
// An IPv4 address is kept as its IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2), so both spellings are one address.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cardea {

struct IpAddress {
    std::array<unsigned char, 16> bytes{};
    bool operator==(const IpAddress&) const = default;
};

struct Cidr {
    IpAddress network;
    unsigned prefix = 128;  // in bits of the 128-bit form: 96 more than written for IPv4
};

// "192.0.2.1" or "2001:db8::1", without port, brackets or zone.
std::optional<IpAddress> ParseIpAddress(std::string_view text);
// Four bytes (IPv4) or sixteen (IPv6) in network order; nothing for any other length.
std::optional<IpAddress> IpAddressFromBytes(std::span<const unsigned char> bytes);
bool IsIpv4(const IpAddress& address);
std::string ToText(const IpAddress& address);
// 127.0.0.0/8 and ::1.
bool IsLoopback(const IpAddress& address);
// "localhost" or a loopback address: what a host's name says, without asking a name server.
bool IsLoopbackHost(std::string_view host);

// "10.0.0.0/8", "2001:db8::/32", or one address. Bits after the prefix must be zero: a range with some is a mistake.
std::optional<Cidr> ParseCidr(std::string_view text);
bool Contains(const Cidr& range, const IpAddress& address);
bool ContainedInAny(std::span<const Cidr> ranges, const IpAddress& address);

// Whether the address is on the public internet: not loopback, private, link-local, shared, multicast, documentation
// or reserved (RFC 6890), nor an IPv6 form that carries such an IPv4 address (NAT64, 6to4, Teredo).
bool IsPublicAddress(const IpAddress& address);

}  // namespace cardea
