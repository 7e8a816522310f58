#include "app/config_keys.h"

#include <algorithm>
#include <vector>

namespace cardea {

namespace {

// A key of the member that `At` finds in its owner.
template <class Owner, auto At>
constexpr ConfigKey Key(ConfigKey row) {
    using Value = std::remove_cvref_t<decltype(At(std::declval<Owner&>()))>;
    row.secret = std::is_same_v<Value, Secret>;
    row.read = [](void* owner, const RawValue& value, const Bounds& bounds) {
        return ReadValue(value, At(*static_cast<Owner*>(owner)), bounds);
    };
    row.print = [](const void* owner) {
        // The finder takes what can be changed; printing does not change it.
        return PrintValue(At(*const_cast<Owner*>(static_cast<const Owner*>(owner))));
    };
    row.describe_type = DescribeType<Value>;
    return row;
}
// clang-format off
#define KEY(owner, member, wire, text, ...) \
    Key<owner, [](owner& o) -> auto& { return o.member; }>({.name = wire, .meaning = text __VA_OPT__(,) __VA_ARGS__})
#define CONFIG_KEY(member, ...) KEY(Config, member, __VA_ARGS__)
#define EMAIL_KEY(member, ...) KEY(EmailTransport, member, __VA_ARGS__)
#define SMS_KEY(member, ...) KEY(SmsChoice, member, __VA_ARGS__)

constexpr ConfigKey kConfigKeys[] = {
    CONFIG_KEY(public_url, "public_url",
        "The URL by which clients reach this server: origin only, no path. Pools take it into their issuer when "
        "they are made. In development the first listener's."),
    CONFIG_KEY(account_id, "account_id", "The AWS account that this server plays, in ARNs: 12 digits."),
    CONFIG_KEY(region, "region", "The region where a request names none."),
    CONFIG_KEY(issuer, "issuer",
        "The issuer of pools made from now on: public_url gives {public_url}/{poolId}; aws gives https://cognito-"
        "idp.{region}.amazonaws.com/{poolId}, for verifiers that insist on it."),
    CONFIG_KEY(store, "store",
        "The database: the path of an SQLite file, with or without sqlite: before it. In development a file in "
        "the data folder."),
    CONFIG_KEY(master_key_file, "master_key_file",
        "The file with the key that wraps all other keys: 32 bytes in hex or base64, readable by its owner only. "
        "Instead of it: CARDEA_MASTER_KEY, or master_key among systemd's credentials."),
    CONFIG_KEY(password_hash, "password_hash",
        "How new pools keep passwords: srp (SRP sign-in works) or argon2id (it does not, and guessing costs "
        "more)."),
    CONFIG_KEY(signing_key_reserve, "signing_key_reserve",
        "RSA keys made ahead in the background; a new pool takes two.", .bounds = {0, 1000}),
    CONFIG_KEY(log_level, "log_level", "The least important lines to log."),

    CONFIG_KEY(http_listen, "http.listen",
        "Addresses for plain HTTP. In production on loopback, or for trusted proxies."),
    CONFIG_KEY(https_listen, "https.listen", "Addresses for HTTPS."),
    CONFIG_KEY(certificate_file, "https.certificate_file",
        "PEM: the server's certificate, then its intermediates. In development one is made."),
    CONFIG_KEY(key_file, "https.key_file", "PEM: the certificate's private key."),

    CONFIG_KEY(server.trusted_proxies, "proxy.trusted", "Proxies whose word on the client's address is believed."),
    CONFIG_KEY(server.forwarded_style, "proxy.header",
        "The headers that they write: X-Forwarded-For, -Proto and -Host, or Forwarded (RFC 7239). The other kind "
        "is ignored."),
    CONFIG_KEY(server.proxy_protocol, "proxy.protocol",
        "Every connection starts with a PROXY protocol header (version 1 or 2)."),

    CONFIG_KEY(server.max_body, "limits.max_body", "Bytes of a request's body.", .bounds = {1024, 64 << 20}),
    CONFIG_KEY(server.max_header, "limits.max_header",
        "Bytes of a request's line and headers.", .bounds = {1024, 1 << 20}),
    CONFIG_KEY(server.max_headers, "limits.max_headers", "Lines of headers.", .bounds = {8, 1000}),
    CONFIG_KEY(server.max_connections, "limits.max_connections",
        "Connections at once; more are closed.", .bounds = {1, 1'000'000}),
    CONFIG_KEY(server.workers.threads_max, "limits.workers",
        "Requests under way at once, those that wait for something included.", .bounds = {1, 4096}),
    CONFIG_KEY(server.workers.queue_max, "limits.queue",
        "Requests that wait for a worker; more get TooManyRequestsException.", .bounds = {1, 1'000'000}),
    CONFIG_KEY(server.loops, "limits.event_loops",
        "Event loops; the cores that this process may use unless chosen.", .bounds = {1, 1024}),
    CONFIG_KEY(server.workers.permits, "limits.computing",
        "Requests that compute at once; the cores that this process may use unless chosen.", .bounds = {1, 1024}),

    CONFIG_KEY(server.handshake_deadline, "deadlines.handshake", "For the PROXY header and the TLS handshake."),
    CONFIG_KEY(server.header_deadline, "deadlines.header", "For a request's headers, from its first byte."),
    CONFIG_KEY(server.body_deadline, "deadlines.body", "For a request's body."),
    CONFIG_KEY(server.idle_deadline, "deadlines.idle", "Between two requests of a connection."),
    CONFIG_KEY(server.write_deadline, "deadlines.write", "For a client to take its answer."),

    CONFIG_KEY(dev_data, "dev.data",
        "The folder to live in. None: a temporary one that is removed at the end.", .use = Use::kDevOnly),
    CONFIG_KEY(dev_seed, "dev.seed", "A TOML file of pools, clients and users to begin with.", .use = Use::kDevOnly),
    CONFIG_KEY(dev_hosts, "dev.hosts",
        "Host names beside loopback's that the development door answers to.", .use = Use::kDevOnly),
};

constexpr ConfigKey kEmailKeys[] = {
    EMAIL_KEY(name, "name", "What the log calls it.", .required = true),
    EMAIL_KEY(source_arn, "source_arn",
        "Pools whose EmailConfiguration has this SourceArn use it. Without: all other pools."),
    EMAIL_KEY(smtp.host, "host", "The SMTP server.", .required = true),
    EMAIL_KEY(smtp.port, "port", "Its port.", .bounds = {1, 65535}),
    EMAIL_KEY(smtp.security, "security", "starttls is demanded, never only tried; tls is from the first byte on."),
    EMAIL_KEY(smtp.username, "username", "None: no authentication."),
    EMAIL_KEY(smtp.password, "password", "Better as password_file or password_env."),
    EMAIL_KEY(from, "from", "The sender for pools that name none: a@b or `Name <a@b>`.", .required = true),
    EMAIL_KEY(smtp.helo, "helo", "What this server calls itself."),
    EMAIL_KEY(smtp.ca_file, "ca_file", "PEM: whom to trust instead of the system's authorities."),
    EMAIL_KEY(smtp.timeout, "timeout", "For one mail: a message is tried once."),
    EMAIL_KEY(concurrent_max, "concurrent_max",
        "Mails under way at once; one more is not delivered.", .bounds = {1, 4096}),
};

constexpr ConfigKey kSmsKeys[] = {
    SMS_KEY(transport.name, "name", "What the log calls it.", .required = true),
    SMS_KEY(transport.source_arn, "sns_caller_arn",
        "Pools whose SmsConfiguration has this role use it. Without: all other pools."),
    SMS_KEY(kind, "kind",
        "sns: Amazon SNS or what speaks its Query API. webhook: a POST in the manner of Standard Webhooks.",
        .required = true),
    SMS_KEY(sns.endpoint, "endpoint", "sns: the URL. None: the region's."),
    SMS_KEY(sns.region, "region", "sns: the region."),
    SMS_KEY(sns.credentials.access_key_id, "access_key_id", "sns: the access key."),
    SMS_KEY(sns.credentials.secret_access_key, "secret_access_key",
        "sns: its secret. Better as secret_access_key_file or secret_access_key_env."),
    SMS_KEY(sns.sender_id, "sender_id", "sns: the sender that phones show, where countries allow it."),
    SMS_KEY(url, "url", "webhook: https."),
    SMS_KEY(secret, "secret", "webhook: whsec_ and base64 of 24 to 64 bytes. Better as secret_file or secret_env."),
    SMS_KEY(allow_private_addresses, "allow_private_addresses", "webhook: the host may be in a private network."),
    SMS_KEY(transport.ca_file, "ca_file", "PEM: whom to trust instead of the system's authorities."),
    SMS_KEY(transport.timeout, "timeout", "For one text message: it is tried once."),
    SMS_KEY(transport.concurrent_max, "concurrent_max",
        "Text messages under way at once; one more is not delivered.", .bounds = {1, 4096}),
};
// clang-format on

// How many letters must be put, taken or changed (Levenshtein), for names of a bounded length.
std::size_t Distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string_view LastPart(std::string_view name) { return name.substr(name.rfind('.') + 1); }

}  // namespace

std::span<const ConfigKey> ConfigKeys() { return kConfigKeys; }
std::span<const ConfigKey> EmailKeys() { return kEmailKeys; }
std::span<const ConfigKey> SmsKeys() { return kSmsKeys; }

const ConfigKey* FindKey(std::span<const ConfigKey> keys, std::string_view name) {
    for (const ConfigKey& key : keys)
        if (key.name == name) return &key;
    return nullptr;
}

std::string Suggest(std::span<const ConfigKey> keys, std::string_view name) {
    name = name.substr(0, 64);
    const ConfigKey* best = nullptr;
    std::size_t least = 4;  // what differs in more letters is another word
    for (const ConfigKey& key : keys) {
        // The right key in the wrong section counts as a slip of one letter.
        const std::size_t distance =
            LastPart(key.name) == LastPart(name) ? 1 : Distance(key.name, name) + (name.size() < 5 ? 1 : 0);
        if (distance < least) {
            least = distance;
            best = &key;
        }
    }
    return best ? "; did you mean " + std::string(best->name) + "?" : "";
}

std::string EnvironmentName(std::string_view key) {
    std::string out = "CARDEA_";
    for (const char c : key) {
        if (c == '.')
            out += "__";
        else
            out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return out;
}

Config DefaultConfig(Mode mode) {
    Config out;
    out.mode = mode;
    if (mode == Mode::kDev) {
        out.http_listen = {{.address = "127.0.0.1", .port = 9229}};
        out.https_listen = {{.address = "127.0.0.1", .port = 9230}};
        out.signing_key_reserve = 4;
    }
    return out;
}

}  // namespace cardea
