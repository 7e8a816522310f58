#include "net/server/forwarded.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace cardea {

namespace {

constexpr std::size_t kMaxHops = 32;

std::string_view Trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view Unquote(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
    return text;
}

// The members of a comma-separated header, over all its lines, right-most first, at most kMaxHops of them.
std::vector<std::string_view> MembersFromTheRight(const HttpRequest& request, std::string_view name) {
    std::vector<std::string_view> out;
    for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
        if (header->first != name) continue;
        std::string_view rest = header->second;
        for (;;) {
            if (out.size() == kMaxHops) return out;
            const std::size_t comma = rest.rfind(',');
            out.push_back(Trim(comma == std::string_view::npos ? rest : rest.substr(comma + 1)));
            if (comma == std::string_view::npos) break;
            rest = rest.substr(0, comma);
        }
    }
    return out;
}

// "192.0.2.1", "192.0.2.1:443", "2001:db8::1", "[2001:db8::1]:443".
std::optional<IpAddress> ParseNode(std::string_view node) {
    node = Unquote(node);
    if (node.starts_with('[')) {
        const std::size_t close = node.find(']');
        return close == std::string_view::npos ? std::nullopt : ParseIpAddress(node.substr(1, close - 1));
    }
    if (std::count(node.begin(), node.end(), ':') == 1) node = node.substr(0, node.find(':'));
    return ParseIpAddress(node);
}

// One parameter of a member of Forwarded: `for=192.0.2.60;proto=http;host=x` (RFC 7239 §4).
std::string_view Parameter(std::string_view member, std::string_view name) {
    while (!member.empty()) {
        const std::size_t semicolon = member.find(';');
        const std::string_view pair = Trim(member.substr(0, semicolon));
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && EqualIgnoringCase(pair.substr(0, equals), name))
            return Unquote(pair.substr(equals + 1));
        if (semicolon == std::string_view::npos) break;
        member.remove_prefix(semicolon + 1);
    }
    return {};
}

bool IsHost(std::string_view host) {
    return !host.empty() && host.size() <= 260 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::string_view("-._:[]").find(c) != std::string_view::npos;
    });
}

struct Claims {
    std::vector<std::string_view> nodes;  // the nearest first
    std::string_view protocol;
    std::string_view host;
};

Claims ReadClaims(const HttpRequest& request, ForwardedStyle style) {
    Claims out;
    if (style == ForwardedStyle::kXForwarded) {
        out.nodes = MembersFromTheRight(request, "x-forwarded-for");
        const auto protocols = MembersFromTheRight(request, "x-forwarded-proto");
        const auto hosts = MembersFromTheRight(request, "x-forwarded-host");
        if (!protocols.empty()) out.protocol = protocols.front();
        if (!hosts.empty()) out.host = hosts.front();
        return out;
    }
    const auto members = MembersFromTheRight(request, "forwarded");
    for (const std::string_view member : members) out.nodes.push_back(Parameter(member, "for"));
    if (!members.empty()) {
        out.protocol = Parameter(members.front(), "proto");
        out.host = Parameter(members.front(), "host");
    }
    return out;
}

}  // namespace

void ApplyForwarded(HttpRequest& request, const IpAddress& peer, bool tls, std::span<const Cidr> trusted,
                    ForwardedStyle style) {
    request.secure = tls;
    IpAddress client = peer;
    if (!trusted.empty() && ContainedInAny(trusted, peer)) {
        const Claims claims = ReadClaims(request, style);
        for (const std::string_view node : claims.nodes) {
            const auto address = ParseNode(node);
            if (!address) break;  // "unknown", or not an address: nobody to its left can be believed
            client = *address;
            if (!ContainedInAny(trusted, client)) break;
        }
        if (!claims.protocol.empty()) request.secure = EqualIgnoringCase(claims.protocol, "https");
        if (IsHost(claims.host)) request.host = ToLowerAscii(claims.host);
    }
    request.client_address = ToText(client);
}

}  // namespace cardea
