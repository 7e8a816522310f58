// DescribeConfig: the documentation of every key, from the table.

#include "app/config.h"
#include "app/config_keys.h"

namespace cardea {

namespace {

constexpr std::string_view kIntroduction = R"(# Configuration

<!-- Made by `cardea describe-config`: edit the table in src/app/config_keys.cc instead. -->

Values come from flags, then the environment, then the TOML file (`--config cardea.toml`), then the defaults below. The
environment's name of `limits.max_body` is `CARDEA_LIMITS__MAX_BODY`; lists are written with commas there. A key that does
not exist, or a value that does not fit, stops the start with its place. `cardea check-config` looks without starting,
`cardea print-config` shows every value and where it is from, without secrets.

The master key is never in the TOML file. It is in a file of its own (`master_key_file`), in `CARDEA_MASTER_KEY`, or among
systemd's credentials as `master_key` (`LoadCredential=` or `LoadCredentialEncrypted=`): 32 bytes in hex or base64.
Make one with `openssl rand -hex 32`.

## Keys

| key | value | default | meaning |
| --- | --- | --- | --- |
)";

constexpr std::string_view kTransports = R"(
## Messages

`cardea dev` keeps messages in its outbox. `cardea serve` sends them by the transports of these tables, each once, and tells
the caller when a message did not go out. A transport with an ARN serves the pools that name the ARN, the first one without
serves all others. Secrets may be given in place, as `NAME_file` (a file's path) or as `NAME_env` (a variable's name).
)";

void AddRow(std::string& out, const ConfigKey& key, const std::string& fallback) {
    out += "| `" + std::string(key.name) + "` | " + key.describe_type();
    if (key.bounds.most != Bounds{}.most)
        out += ", " + std::to_string(key.bounds.least) + " to " + std::to_string(key.bounds.most);
    out += " | " + fallback + " | ";
    if (key.use == Use::kDevOnly) out += "Development only. ";
    if (key.use == Use::kServeOnly) out += "Production only. ";
    out += std::string(key.meaning) + " |\n";
}

std::string FallbackOf(const ConfigKey& key, const void* owner) {
    const std::string text = key.print(owner);
    return text == "\"\"" || text == "[]" ? "" : "`" + text + "`";
}

void AddTable(std::string& out, std::string_view name, std::span<const ConfigKey> keys, const void* owner) {
    out += "\n### `[[" + std::string(name) + "]]`\n\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n";
    for (const ConfigKey& key : keys) AddRow(out, key, key.required ? "(required)" : FallbackOf(key, owner));
}

}  // namespace

std::string DescribeConfig() {
    const Config serve = DefaultConfig(Mode::kServe), dev = DefaultConfig(Mode::kDev);
    std::string out(kIntroduction);
    for (const ConfigKey& key : ConfigKeys()) {
        const std::string in_serve = FallbackOf(key, &serve), in_dev = FallbackOf(key, &dev);
        // How many cores the machine has that writes this page is of no interest.
        if (key.name == "limits.event_loops" || key.name == "limits.computing")
            AddRow(out, key, "the cores");
        else
            AddRow(
                out, key,
                in_serve == in_dev ? in_serve : (in_serve.empty() ? "none" : in_serve) + "; in development " + in_dev);
    }
    out += kTransports;
    const EmailTransport email{};
    const SmsChoice sms{};
    AddTable(out, "email", EmailKeys(), &email);
    AddTable(out, "sms", SmsKeys(), &sms);
    return out;
}

}  // namespace cardea
