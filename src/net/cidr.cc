#include "net/cidr.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <vector>

#include "base/check.h"

namespace cardea {

namespace {

constexpr unsigned char kMappedPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

IpAddress FromIpv4Bytes(const unsigned char* bytes) {
    IpAddress out;
    std::memcpy(out.bytes.data(), kMappedPrefix, sizeof kMappedPrefix);
    std::memcpy(out.bytes.data() + sizeof kMappedPrefix, bytes, 4);
    return out;
}

Cidr Range(const char* text) {
    const auto range = ParseCidr(text);
    CHECK(range.has_value());
    return *range;
}

const std::vector<Cidr>& NotPublic() {
    static const std::vector<Cidr> ranges = [] {
        std::vector<Cidr> out;
        for (const char* text :
             {"0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
              "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
              "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",    "::/96",
              "64:ff9b::/96",  "64:ff9b:1::/48",  "100::/64",       "2001::/23",      "2001:db8::/32",
              "2002::/16",     "3fff::/20",       "5f00::/16",      "fc00::/7",       "fe80::/10",
              "fec0::/10",     "ff00::/8"})
            out.push_back(Range(text));
        return out;
    }();
    return ranges;
}

}  // namespace

std::optional<IpAddress> ParseIpAddress(std::string_view text) {
    char terminated[INET6_ADDRSTRLEN + 1];
    if (text.empty() || text.size() >= sizeof terminated || text.find('\0') != std::string_view::npos)
        return std::nullopt;
    std::memcpy(terminated, text.data(), text.size());
    terminated[text.size()] = '\0';
    unsigned char bytes[16];
    if (inet_pton(AF_INET, terminated, bytes) == 1) return FromIpv4Bytes(bytes);
    if (inet_pton(AF_INET6, terminated, bytes) == 1) return IpAddressFromBytes(bytes);
    return std::nullopt;
}

std::optional<IpAddress> IpAddressFromBytes(std::span<const unsigned char> bytes) {
    if (bytes.size() == 4) return FromIpv4Bytes(bytes.data());
    if (bytes.size() != 16) return std::nullopt;
    IpAddress out;
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

bool IsIpv4(const IpAddress& address) {
    return std::memcmp(address.bytes.data(), kMappedPrefix, sizeof kMappedPrefix) == 0;
}

std::string ToText(const IpAddress& address) {
    char out[INET6_ADDRSTRLEN];
    if (IsIpv4(address))
        inet_ntop(AF_INET, address.bytes.data() + sizeof kMappedPrefix, out, sizeof out);
    else
        inet_ntop(AF_INET6, address.bytes.data(), out, sizeof out);
    return out;
}

bool IsLoopback(const IpAddress& address) {
    static const Cidr kRanges[] = {Range("127.0.0.0/8"), Range("::1")};
    return ContainedInAny(kRanges, address);
}

bool IsLoopbackHost(std::string_view host) {
    const auto address = ParseIpAddress(host);
    return host == "localhost" || (address && IsLoopback(*address));
}

std::optional<Cidr> ParseCidr(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = ParseIpAddress(text.substr(0, slash));
    if (!address) return std::nullopt;
    Cidr out{.network = *address, .prefix = 128};
    if (slash == std::string_view::npos) return out;
    const std::string_view digits = text.substr(slash + 1);
    const bool ipv4 = text.substr(0, slash).find(':') == std::string_view::npos;
    unsigned prefix = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (error != std::errc() || end != digits.data() + digits.size() || prefix > (ipv4 ? 32u : 128u))
        return std::nullopt;
    out.prefix = ipv4 ? prefix + 96 : prefix;
    for (unsigned bit = out.prefix; bit < 128; ++bit)
        if (out.network.bytes[bit / 8] >> (7 - bit % 8) & 1) return std::nullopt;
    return out;
}

bool Contains(const Cidr& range, const IpAddress& address) {
    const unsigned whole = range.prefix / 8;
    if (std::memcmp(range.network.bytes.data(), address.bytes.data(), whole) != 0) return false;
    const unsigned rest = range.prefix % 8;
    if (rest == 0) return true;
    const unsigned shift = 8 - rest;
    return range.network.bytes[whole] >> shift == address.bytes[whole] >> shift;
}

bool ContainedInAny(std::span<const Cidr> ranges, const IpAddress& address) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const Cidr& range) { return Contains(range, address); });
}

bool IsPublicAddress(const IpAddress& address) { return !ContainedInAny(NotPublic(), address); }

}  // namespace cardea
