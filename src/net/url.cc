#include "net/url.h"

#include <algorithm>
#include <charconv>

#include "net/cidr.h"
#include "net/http.h"

namespace cardea {

namespace {

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool IsAlphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// pchar, '/' and '?' of RFC 3986 §3.3 and §3.4, and the few that browsers send unescaped in queries.
bool IsWellEncoded(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size() || !IsHexDigit(text[i + 1]) || !IsHexDigit(text[i + 2])) return false;
            i += 2;
        } else if (!IsAlphanumeric(c) &&
                   std::string_view("-._~!$&'()*+,;=:@/?|[]{}^`").find(c) == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

bool IsHostName(std::string_view host) {
    if (host.empty() || host.size() > 253 || host.front() == '.' || host.front() == '-') return false;
    if (host.find("..") != std::string_view::npos) return false;
    if (!std::all_of(host.begin(), host.end(),
                     [](char c) { return IsAlphanumeric(c) || c == '-' || c == '.' || c == '_'; }))
        return false;
    // The last label of a name is never a number: "127.1" and "0x7f000001" are addresses to some and names to others.
    if (host.back() == '.') host.remove_suffix(1);
    const std::string_view last = host.substr(host.rfind('.') + 1);
    const bool number =
        !last.empty() && last.front() >= '0' && last.front() <= '9' &&
        std::all_of(last.begin(), last.end(), [](char c) { return IsHexDigit(c) || c == 'x' || c == 'X'; });
    return !number || ParseIpAddress(host).has_value();
}

std::optional<std::uint16_t> ParsePort(std::string_view digits) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (digits.size() > 5 || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    if (port == 0 || port > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(port);
}

// host [ ":" port ]; userinfo is refused by the characters of a host.
bool ParseAuthority(std::string_view authority, Url& out) {
    std::string_view port;
    if (authority.starts_with('[')) {
        const std::size_t close = authority.find(']');
        if (close == std::string_view::npos) return false;
        const std::string_view inside = authority.substr(1, close - 1);
        if (inside.find(':') == std::string_view::npos || !ParseIpAddress(inside)) return false;
        out.host = ToLowerAscii(inside);
        port = authority.substr(close + 1);
    } else {
        const std::size_t colon = authority.find(':');
        const std::string_view host = authority.substr(0, colon);
        if (!IsHostName(host)) return false;
        out.host = ToLowerAscii(host);
        port = colon == std::string_view::npos ? std::string_view() : authority.substr(colon);
    }
    const std::uint16_t own = out.https ? 443 : 80;
    out.port = own;
    if (!port.empty()) {
        const auto number = port.front() == ':' ? ParsePort(port.substr(1)) : std::nullopt;
        if (!number) return false;
        out.port = *number;
    }
    out.default_port = out.port == own;
    return true;
}

}  // namespace

std::optional<Url> ParseUrl(std::string_view text) {
    if (text.size() > kMaxUrl) return std::nullopt;
    Url out;
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    out.https = EqualIgnoringCase(text.substr(0, colon), "https");
    if (!out.https && !EqualIgnoringCase(text.substr(0, colon), "http")) return std::nullopt;
    text.remove_prefix(colon + 3);

    const std::size_t hash = text.find('#');
    if (hash != std::string_view::npos) {
        out.has_fragment = true;
        out.fragment = text.substr(hash + 1);
        text = text.substr(0, hash);
    }
    const std::size_t end = text.find_first_of("/?");
    if (!ParseAuthority(text.substr(0, end), out)) return std::nullopt;
    text = end == std::string_view::npos ? std::string_view() : text.substr(end);
    const std::size_t question = text.find('?');
    out.path = text.substr(0, question);
    if (question != std::string_view::npos) out.query = text.substr(question + 1);
    if (out.path.empty()) out.path = "/";
    if (!IsWellEncoded(out.path) || !IsWellEncoded(out.query) || !IsWellEncoded(out.fragment)) return std::nullopt;
    return out;
}

std::string ToOrigin(const Url& url) {
    std::string out = url.https ? "https://" : "http://";
    const bool ipv6 = url.host.find(':') != std::string::npos;
    out += ipv6 ? "[" + url.host + "]" : url.host;
    if (!url.default_port) out += ":" + std::to_string(url.port);
    return out;
}

}  // namespace cardea
