#include "net/server/proxy_protocol.h"

#include <algorithm>
#include <charconv>

namespace cardea {

namespace {

using Outcome = ProxyHeader::Outcome;

constexpr std::string_view kSignature2("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::string_view kSignature1("PROXY ");
constexpr std::size_t kMaxVersion1 = 107;

bool IsPort(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port <= 65535 && !text.empty();
}

// "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n"
ProxyHeader ParseVersion1(std::string_view bytes) {
    const std::size_t end = bytes.substr(0, kMaxVersion1).find("\r\n");
    if (end == std::string_view::npos)
        return {.outcome = bytes.size() < kMaxVersion1 ? Outcome::kIncomplete : Outcome::kInvalid};
    std::string_view line = bytes.substr(kSignature1.size(), end - kSignature1.size());
    ProxyHeader out{.outcome = Outcome::kRead, .size = end + 2};
    if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return out;
    std::string_view words[5];
    for (std::size_t i = 0; i < 5; ++i) {
        const std::size_t space = line.find(' ');
        if ((space == std::string_view::npos) != (i == 4)) return {};
        words[i] = line.substr(0, space);
        line.remove_prefix(space == std::string_view::npos ? line.size() : space + 1);
    }
    out.source = ParseIpAddress(words[1]);
    const auto destination = ParseIpAddress(words[2]);
    const bool ipv4 = words[0] == "TCP4";
    if ((!ipv4 && words[0] != "TCP6") || !out.source || !destination) return {};
    if (ipv4 != (words[1].find(':') == std::string_view::npos)) return {};
    if (!IsPort(words[3]) || !IsPort(words[4])) return {};
    return out;
}

ProxyHeader ParseVersion2(std::string_view bytes) {
    if (bytes.size() < 16) return {.outcome = Outcome::kIncomplete};
    const auto* raw = reinterpret_cast<const unsigned char*>(bytes.data());
    const unsigned version = raw[12] >> 4, command = raw[12] & 15, family = raw[13] >> 4;
    const std::size_t length = static_cast<std::size_t>(raw[14]) << 8 | raw[15];
    if (version != 2 || command > 1 || 16 + length > kMaxProxyHeader) return {};
    if (bytes.size() < 16 + length) return {.outcome = Outcome::kIncomplete};
    ProxyHeader out{.outcome = Outcome::kRead, .size = 16 + length};
    if (command == 0) return out;  // LOCAL: the balancer's own health check
    if (family == 1) {
        if (length < 12) return {};
        out.source = IpAddressFromBytes({raw + 16, 4});
    } else if (family == 2) {
        if (length < 36) return {};
        out.source = IpAddressFromBytes({raw + 16, 16});
    }
    return out;
}

}  // namespace

ProxyHeader ParseProxyHeader(std::string_view bytes) {
    const auto may_start = [&](std::string_view signature) {
        const std::size_t size = std::min(bytes.size(), signature.size());
        return bytes.substr(0, size) == signature.substr(0, size);
    };
    if (may_start(kSignature2)) {
        if (bytes.size() < kSignature2.size()) return {.outcome = Outcome::kIncomplete};
        return ParseVersion2(bytes);
    }
    if (may_start(kSignature1)) {
        if (bytes.size() < kSignature1.size()) return {.outcome = Outcome::kIncomplete};
        return ParseVersion1(bytes);
    }
    return {};
}

}  // namespace cardea
