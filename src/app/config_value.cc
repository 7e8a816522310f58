#include "app/config_value.h"

#include <charconv>

#include "codec/json.h"

namespace cardea {

namespace {

using Kind = RawValue::Kind;

constexpr std::int64_t kDay = std::int64_t{24} * 3600 * 1000;  // in milliseconds

bool IsText(const RawValue& value) { return value.kind == Kind::kAny || value.kind == Kind::kText; }

std::string_view Trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::optional<std::int64_t> ParseWhole(std::string_view text) {
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
}

// Quoted as JSON does, which TOML's basic strings take.
std::string Quote(std::string_view text) {
    std::string out;
    AppendJsonText(out, text);
    return out;
}

template <class T, class Print>
std::string PrintList(const std::vector<T>& items, Print print) {
    std::string out = "[";
    for (const T& item : items) out += (out.size() == 1 ? "" : ", ") + Quote(print(item));
    return out + "]";
}

std::optional<ListenAddress> ParseListenAddress(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    const auto port = ParseWhole(text.substr(colon + 1));
    if (!port || *port < 0 || *port > 65535) return std::nullopt;
    const bool brackets = host.starts_with('[') && host.ends_with(']');
    if (brackets) host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    const bool colons = host.find(':') != std::string_view::npos;
    if (!ParseIpAddress(host) || brackets != colons) return std::nullopt;
    return ListenAddress{.address = std::string(host), .port = static_cast<std::uint16_t>(*port)};
}

template <class T, class Parse>
Mistake ReadList(const RawValue& value, std::vector<T>& out, Parse parse, const char* what) {
    std::vector<std::string> texts;
    if (Mistake mistake = ReadValue(value, texts, {})) return mistake;
    std::vector<T> items;
    for (const std::string& text : texts) {
        auto item = parse(text);
        if (!item) return std::string("must be a list of ") + what;
        items.push_back(std::move(*item));
    }
    out = std::move(items);
    return std::nullopt;
}

}  // namespace

Mistake ReadValue(const RawValue& value, std::string& out, const Bounds&) {
    if (!IsText(value)) return "must be a text";
    for (const char c : value.text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "must be one line without control characters";
    out = value.text;
    return std::nullopt;
}

Mistake ReadValue(const RawValue& value, std::optional<std::string>& out, const Bounds& bounds) {
    return ReadValue(value, out.emplace(), bounds);
}

Mistake ReadValue(const RawValue& value, Secret& out, const Bounds&) {
    if (!IsText(value) || value.text.empty()) return "must be a text that is not empty";
    out = Secret(value.text);
    return std::nullopt;
}

Mistake ReadValue(const RawValue& value, bool& out, const Bounds&) {
    const bool typed = value.kind == Kind::kAny || value.kind == Kind::kBoolean;
    if (!typed || (value.text != "true" && value.text != "false")) return "must be true or false";
    out = value.text == "true";
    return std::nullopt;
}

Mistake ReadValue(const RawValue& value, std::int64_t& out, const Bounds& bounds) {
    const bool typed = value.kind == Kind::kAny || value.kind == Kind::kWhole;
    const auto whole = typed ? ParseWhole(value.text) : std::nullopt;
    if (!whole || *whole < bounds.least || *whole > bounds.most)
        return "must be a whole number from " + std::to_string(bounds.least) + " to " + std::to_string(bounds.most);
    out = *whole;
    return std::nullopt;
}

Mistake ReadValue(const RawValue& value, std::chrono::milliseconds& out, const Bounds&) {
    constexpr struct {
        std::string_view name;
        std::int64_t milliseconds;
    } kUnits[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
    for (const auto& unit : kUnits) {
        const std::string_view text = value.text;
        if (!IsText(value) || !text.ends_with(unit.name)) continue;
        const auto count = ParseWhole(text.substr(0, text.size() - unit.name.size()));
        if (!count || *count <= 0 || *count > kDay / unit.milliseconds) continue;
        out = std::chrono::milliseconds(*count * unit.milliseconds);
        return std::nullopt;
    }
    return "must be a time such as 250ms, 5s, 2m or 1h, at most 24h";
}

Mistake ReadValue(const RawValue& value, std::vector<std::string>& out, const Bounds&) {
    if (value.kind == Kind::kList) {
        out = value.items;
        return std::nullopt;
    }
    if (value.kind != Kind::kAny) return "must be a list of texts";
    out.clear();
    std::string_view rest = value.text;
    while (!Trim(rest).empty()) {
        const std::size_t comma = rest.find(',');
        out.emplace_back(Trim(rest.substr(0, comma)));
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
    return std::nullopt;
}

Mistake ReadValue(const RawValue& value, std::vector<ListenAddress>& out, const Bounds&) {
    return ReadList(value, out, ParseListenAddress, "addresses with ports, such as 127.0.0.1:9229 or [::1]:9229");
}

Mistake ReadValue(const RawValue& value, std::vector<Cidr>& out, const Bounds&) {
    return ReadList(value, out, ParseCidr, "IP addresses and ranges, such as 10.0.0.0/8");
}

Mistake ReadEnum(const RawValue& value, std::span<const std::string_view> names, std::size_t& out) {
    std::string list;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (IsText(value) && names[i] == value.text) {
            out = i;
            return std::nullopt;
        }
        list += (i == 0 ? "" : ", ") + std::string(names[i]);
    }
    return "must be one of " + list;
}

std::string PrintValue(const std::string& value) { return Quote(value); }
std::string PrintValue(const std::optional<std::string>& value) { return Quote(value.value_or("")); }
std::string PrintValue(const Secret& value) { return value.Empty() ? "\"\"" : "\"(hidden)\""; }
std::string PrintValue(bool value) { return value ? "true" : "false"; }

std::string PrintValue(std::chrono::milliseconds value) {
    const auto count = value.count();
    if (count % 3'600'000 == 0) return Quote(std::to_string(count / 3'600'000) + "h");
    if (count % 60'000 == 0) return Quote(std::to_string(count / 60'000) + "m");
    return Quote(count % 1000 == 0 ? std::to_string(count / 1000) + "s" : std::to_string(count) + "ms");
}

std::string PrintValue(const std::vector<std::string>& value) {
    return PrintList(value, [](const std::string& item) { return item; });
}

std::string PrintValue(const std::vector<ListenAddress>& value) {
    return PrintList(value, [](const ListenAddress& item) {
        const bool ipv6 = item.address.find(':') != std::string::npos;
        return (ipv6 ? "[" + item.address + "]" : item.address) + ":" + std::to_string(item.port);
    });
}

std::string PrintValue(const std::vector<Cidr>& value) {
    return PrintList(value, [](const Cidr& item) {
        const unsigned prefix = IsIpv4(item.network) && item.prefix >= 96 ? item.prefix - 96 : item.prefix;
        return ToText(item.network) + "/" + std::to_string(prefix);
    });
}

}  // namespace cardea
