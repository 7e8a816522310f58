#include "app/config_keys.h"

#include <algorithm>
#include <vector>

namespace cardea {

namespace {

// A key of the member that `At`, a generic lambda, finds in its owner.
template <class Owner, auto At>
constexpr ConfigKey Key(ConfigKey row) {
    using Value = std::remove_cvref_t<decltype(At(std::declval<Owner&>()))>;
    row.secret = std::is_same_v<Value, Secret>;
    row.read = [](void* owner, const RawValue& value, const Bounds& bounds) {
        return ReadValue(value, At(*static_cast<Owner*>(owner)), bounds);
    };
    row.print = [](const void* owner) { return PrintValue(At(*static_cast<const Owner*>(owner))); };
    row.describe_type = DescribeType<Value>;
    return row;
}
// clang-format off
constexpr ConfigKey kConfigKeys[] = {
    Key<Config, [](auto& c) -> auto& { return c.public_url; }>({
        .name = "public_url",
        .meaning = "The URL by which clients reach this server: origin only, no path. Pools take it into their "
                   "issuer when they are made. In development the first listener's."}),
    Key<Config, [](auto& c) -> auto& { return c.account_id; }>({
        .name = "account_id",
        .meaning = "The AWS account that this server plays, in ARNs: 12 digits."}),
    Key<Config, [](auto& c) -> auto& { return c.region; }>({
        .name = "region",
        .meaning = "The region where a request names none."}),
    Key<Config, [](auto& c) -> auto& { return c.issuer; }>({
        .name = "issuer",
        .meaning = "The issuer of pools made from now on: public_url gives {public_url}/{poolId}; aws gives "
                   "https://cognito-idp.{region}.amazonaws.com/{poolId}, for verifiers that insist on it."}),
    Key<Config, [](auto& c) -> auto& { return c.store; }>({
        .name = "store",
        .meaning = "The database: the path of an SQLite file, with or without sqlite: before it; or "
                   "postgresql://user@host/database as libpq reads it, with several hosts, sslmode and the rest. The "
                   "password is in the file that passfile= of the URL names, or in PGPASSWORD. In development a file "
                   "in the data folder."}),
    Key<Config, [](auto& c) -> auto& { return c.master_key_file; }>({
        .name = "master_key_file",
        .meaning = "The file with the key that wraps all other keys: 32 bytes in hex or base64, readable by its "
                   "owner only. Instead of it: CARDEA_MASTER_KEY, or master_key among systemd's credentials."}),
    Key<Config, [](auto& c) -> auto& { return c.password_hash; }>({
        .name = "password_hash",
        .meaning = "How new pools keep passwords: srp (SRP sign-in works) or argon2id (it does not, and guessing"
                   " costs more)."}),
    Key<Config, [](auto& c) -> auto& { return c.signing_key_reserve; }>({
        .name = "signing_key_reserve",
        .meaning = "RSA keys made ahead in the background; a new pool takes two.",
        .bounds = {0, 1000}}),
    Key<Config, [](auto& c) -> auto& { return c.log_level; }>({
        .name = "log_level",
        .meaning = "The least important lines to log."}),

    Key<Config, [](auto& c) -> auto& { return c.http_listen; }>({
        .name = "http.listen",
        .meaning = "Addresses for plain HTTP. In production on loopback, or for trusted proxies."}),
    Key<Config, [](auto& c) -> auto& { return c.https_listen; }>({
        .name = "https.listen",
        .meaning = "Addresses for HTTPS."}),
    Key<Config, [](auto& c) -> auto& { return c.certificate_file; }>({
        .name = "https.certificate_file",
        .meaning = "PEM: the server's certificate, then its intermediates. In development one is made."}),
    Key<Config, [](auto& c) -> auto& { return c.key_file; }>({
        .name = "https.key_file",
        .meaning = "PEM: the certificate's private key."}),

    Key<Config, [](auto& c) -> auto& { return c.server.trusted_proxies; }>({
        .name = "proxy.trusted",
        .meaning = "Proxies whose word on the client's address is believed."}),
    Key<Config, [](auto& c) -> auto& { return c.server.forwarded_style; }>({
        .name = "proxy.header",
        .meaning = "The headers that they write: X-Forwarded-For, -Proto and -Host, or Forwarded (RFC 7239). The"
                   " other kind is ignored."}),
    Key<Config, [](auto& c) -> auto& { return c.server.proxy_protocol; }>({
        .name = "proxy.protocol",
        .meaning = "Every connection starts with a PROXY protocol header (version 1 or 2)."}),

    Key<Config, [](auto& c) -> auto& { return c.server.max_body; }>({
        .name = "limits.max_body",
        .meaning = "Bytes of a request's body.",
        .bounds = {1024, 64 << 20}}),
    Key<Config, [](auto& c) -> auto& { return c.server.max_header; }>({
        .name = "limits.max_header",
        .meaning = "Bytes of a request's line and headers.",
        .bounds = {1024, 1 << 20}}),
    Key<Config, [](auto& c) -> auto& { return c.server.max_headers; }>({
        .name = "limits.max_headers",
        .meaning = "Lines of headers.",
        .bounds = {8, 1000}}),
    Key<Config, [](auto& c) -> auto& { return c.server.max_connections; }>({
        .name = "limits.max_connections",
        .meaning = "Connections at once; more are closed.",
        .bounds = {1, 1'000'000}}),
    Key<Config, [](auto& c) -> auto& { return c.server.workers.threads_max; }>({
        .name = "limits.workers",
        .meaning = "Requests under way at once, those that wait for something included.",
        .bounds = {1, 4096}}),
    Key<Config, [](auto& c) -> auto& { return c.server.workers.queue_max; }>({
        .name = "limits.queue",
        .meaning = "Requests that wait for a worker; more get TooManyRequestsException.",
        .bounds = {1, 1'000'000}}),
    Key<Config, [](auto& c) -> auto& { return c.server.loops; }>({
        .name = "limits.event_loops",
        .meaning = "Event loops; the cores that this process may use unless chosen.",
        .bounds = {1, 1024}}),
    Key<Config, [](auto& c) -> auto& { return c.server.workers.permits; }>({
        .name = "limits.computing",
        .meaning = "Requests that compute at once; the cores that this process may use unless chosen.",
        .bounds = {1, 1024}}),

    Key<Config, [](auto& c) -> auto& { return c.server.handshake_deadline; }>({
        .name = "deadlines.handshake",
        .meaning = "For the PROXY header and the TLS handshake."}),
    Key<Config, [](auto& c) -> auto& { return c.server.header_deadline; }>({
        .name = "deadlines.header",
        .meaning = "For a request's headers, from its first byte."}),
    Key<Config, [](auto& c) -> auto& { return c.server.body_deadline; }>({
        .name = "deadlines.body",
        .meaning = "For a request's body."}),
    Key<Config, [](auto& c) -> auto& { return c.server.idle_deadline; }>({
        .name = "deadlines.idle",
        .meaning = "Between two requests of a connection."}),
    Key<Config, [](auto& c) -> auto& { return c.server.write_deadline; }>({
        .name = "deadlines.write",
        .meaning = "For a client to take its answer."}),

    Key<Config, [](auto& c) -> auto& { return c.dev_data; }>({
        .name = "dev.data",
        .meaning = "The folder to live in. None: a temporary one that is removed at the end.",
        .use = Use::kDevOnly}),
    Key<Config, [](auto& c) -> auto& { return c.dev_seed; }>({
        .name = "dev.seed",
        .meaning = "A TOML file of pools, clients and users to begin with.",
        .use = Use::kDevOnly}),
    Key<Config, [](auto& c) -> auto& { return c.dev_hosts; }>({
        .name = "dev.hosts",
        .meaning = "Host names beside loopback's that the development door answers to.",
        .use = Use::kDevOnly}),
};

constexpr ConfigKey kEmailKeys[] = {
    Key<EmailTransport, [](auto& e) -> auto& { return e.name; }>({
        .name = "name",
        .meaning = "What the log calls it.",
        .required = true}),
    Key<EmailTransport, [](auto& e) -> auto& { return e.source_arn; }>({
        .name = "source_arn",
        .meaning = "Pools whose EmailConfiguration has this SourceArn use it. Without: all other pools."}),
    Key<EmailTransport, [](auto& e) -> auto& { return e.smtp.host; }>({
        .name = "host",
        .meaning = "The SMTP server.",
        .required = true}),
    Key<EmailTransport, [](auto& e) -> auto& { return e.smtp.port; }>({
        .name = "port",
        .meaning = "Its port.",
        .bounds = {1, 65535}}),
    Key<EmailTransport, [](auto& e) -> auto& { return e.smtp.security; }>({
        .name = "security",
        .meaning = "starttls is demanded, never only tried; tls is from the first byte on."}),
    Key<EmailTransport, [](auto& e) -> auto& { return e.smtp.username; }>({
        .name = "username",
        .meaning = "None: no authentication."}),
    Key<EmailTransport, [](auto& e) -> auto& { return e.smtp.password; }>({
        .name = "password",
        .meaning = "Better as password_file or password_env."}),
    Key<EmailTransport, [](auto& e) -> auto& { return e.from; }>({
        .name = "from",
        .meaning = "The sender for pools that name none: a@b or `Name <a@b>`.",
        .required = true}),
    Key<EmailTransport, [](auto& e) -> auto& { return e.smtp.helo; }>({
        .name = "helo",
        .meaning = "What this server calls itself."}),
    Key<EmailTransport, [](auto& e) -> auto& { return e.smtp.ca_file; }>({
        .name = "ca_file",
        .meaning = "PEM: whom to trust instead of the system's authorities."}),
    Key<EmailTransport, [](auto& e) -> auto& { return e.smtp.timeout; }>({
        .name = "timeout",
        .meaning = "For one mail: a message is tried once."}),
    Key<EmailTransport, [](auto& e) -> auto& { return e.concurrent_max; }>({
        .name = "concurrent_max",
        .meaning = "Mails under way at once; one more is not delivered.",
        .bounds = {1, 4096}}),
};

constexpr ConfigKey kSmsKeys[] = {
    Key<SmsChoice, [](auto& s) -> auto& { return s.transport.name; }>({
        .name = "name",
        .meaning = "What the log calls it.",
        .required = true}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.transport.source_arn; }>({
        .name = "sns_caller_arn",
        .meaning = "Pools whose SmsConfiguration has this role use it. Without: all other pools."}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.kind; }>({
        .name = "kind",
        .meaning = "sns: Amazon SNS or what speaks its Query API. webhook: a POST in the manner of Standard "
                   "Webhooks.",
        .required = true}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.sns.endpoint; }>({
        .name = "endpoint",
        .meaning = "sns: the URL. None: the region's."}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.sns.region; }>({
        .name = "region",
        .meaning = "sns: the region."}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.sns.credentials.access_key_id; }>({
        .name = "access_key_id",
        .meaning = "sns: the access key."}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.sns.credentials.secret_access_key; }>({
        .name = "secret_access_key",
        .meaning = "sns: its secret. Better as secret_access_key_file or secret_access_key_env."}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.sns.sender_id; }>({
        .name = "sender_id",
        .meaning = "sns: the sender that phones show, where countries allow it."}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.url; }>({
        .name = "url",
        .meaning = "webhook: https."}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.secret; }>({
        .name = "secret",
        .meaning = "webhook: whsec_ and base64 of 24 to 64 bytes. Better as secret_file or secret_env."}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.allow_private_addresses; }>({
        .name = "allow_private_addresses",
        .meaning = "webhook: the host may be in a private network."}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.transport.ca_file; }>({
        .name = "ca_file",
        .meaning = "PEM: whom to trust instead of the system's authorities."}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.transport.timeout; }>({
        .name = "timeout",
        .meaning = "For one text message: it is tried once."}),
    Key<SmsChoice, [](auto& s) -> auto& { return s.transport.concurrent_max; }>({
        .name = "concurrent_max",
        .meaning = "Text messages under way at once; one more is not delivered.",
        .bounds = {1, 4096}}),
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
