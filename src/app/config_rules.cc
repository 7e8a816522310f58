#include "app/config_rules.h"

#include <algorithm>
#include <set>

#include "net/url.h"
#include "store/open.h"

namespace cardea {

namespace {

// Adds mistakes about keys.
struct Judge {
    ConfigResult& result;

    void Say(const std::string& key, const std::string& what) {
        const auto origin = result.origins.find(key);
        const bool chosen = origin != result.origins.end() && origin->second != "default";
        result.mistakes.push_back((chosen ? origin->second + ": " : "") + key + ": " + what);
    }
};

void JudgeAccount(Config& config, Judge& judge) {
    const std::string& id = config.account_id;
    if (id.size() != 12 || !std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; }))
        judge.Say("account_id", "must be 12 digits");
    const bool region = !config.region.empty() && config.region.size() <= 32 &&
                        std::all_of(config.region.begin(), config.region.end(), [](char c) {
                            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                        });
    if (!region) judge.Say("region", "must be a region's name such as us-east-1");
}

void JudgePublicUrl(Config& config, Judge& judge) {
    if (config.public_url.empty()) {
        if (config.mode == Mode::kServe)
            judge.Say("public_url", "serve needs the URL by which clients reach it: pools take it into their issuer");
        return;
    }
    if (config.public_url.ends_with('/')) config.public_url.pop_back();
    const auto url = ParseUrl(config.public_url);
    if (!url || url->path != "/" || !url->query.empty() || url->has_fragment || ToOrigin(*url) != config.public_url)
        return judge.Say("public_url", "must be https://host or https://host:port in lower case, without a path");
    if (config.mode == Mode::kServe && !url->https && !IsLoopbackHost(url->host))
        judge.Say("public_url", "must be https: passwords and tokens go there");
}

void JudgeStore(Config& config, Judge& judge) {
    std::string& store = config.store;
    if (IsPostgresUrl(store)) {
        if (HoldsPassword(store))
            judge.Say("store", "must not hold a password: name a file in the URL by passfile=, or set PGPASSWORD");
        if (config.mode == Mode::kDev && config.dev_data.empty() && config.master_key_file.empty() &&
            config.master_key_text.Empty())
            judge.Say("store", "needs the same master key at each start: give --data, or master_key_file");
        return;
    }
    if (store.starts_with("sqlite:")) {
        store.erase(0, 7);
        if (store.empty()) return judge.Say("store", "must name a file after sqlite:");
    }
    if (store.find("://") != std::string::npos)
        return judge.Say("store", "must be the path of an SQLite file, or postgresql://…");
    if (config.mode != Mode::kServe) return;
    if (store.empty()) return judge.Say("store", "serve needs the path of its database");
    // Commands beside the server must find the same one from any folder.
    if (!store.starts_with('/')) judge.Say("store", "must be an absolute path, or postgresql://…");
}

void JudgeListeners(Config& config, Judge& judge) {
    HttpServerOptions& server = config.server;
    server.listen = config.http_listen;
    for (ListenAddress each : config.https_listen) {
        each.tls = true;
        server.listen.push_back(each);
    }
    if (server.listen.empty()) judge.Say("https.listen", "there is no address to listen on, nor in http.listen");
    if (config.certificate_file.empty() != config.key_file.empty())
        judge.Say(config.certificate_file.empty() ? "https.key_file" : "https.certificate_file",
                  "https.certificate_file and https.key_file go together");
    if (server.proxy_protocol && server.trusted_proxies.empty())
        judge.Say("proxy.protocol", "nobody may send the PROXY header while proxy.trusted is empty");
    if (server.max_buffered / 2 < server.max_body)
        judge.Say("limits.max_buffered", "must be at least twice limits.max_body");
    if (config.mode == Mode::kDev) return;
    server.plain_for_proxies_only = true;
    if (!config.https_listen.empty() && config.certificate_file.empty())
        judge.Say("https.listen", "needs https.certificate_file and https.key_file");
    for (const ListenAddress& each : config.http_listen)
        if (!IsLoopbackHost(each.address) && server.trusted_proxies.empty())
            judge.Say("http.listen", "passwords would cross the network in the clear at " + each.address +
                                         ": listen on loopback, use https.listen, or name the proxies in front in "
                                         "proxy.trusted");
    for (const Cidr& range : server.trusted_proxies)
        if (range.prefix == 0 || (IsIpv4(range.network) && range.prefix <= 96))
            judge.Say("proxy.trusted", "trusts everybody: anyone could take any address");
}

// Development answers to the names by which it was told that it is reached.
void AddDevHosts(Config& config) {
    if (config.mode != Mode::kDev) return;
    const auto add = [&](const std::string& host) {
        auto& hosts = config.dev_hosts;
        if (!IsLoopbackHost(host) && std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(host);
    };
    if (const auto url = ParseUrl(config.public_url)) add(url->host);
    for (const ListenAddress& each : config.server.listen)
        if (each.address != "0.0.0.0" && each.address != "::") add(each.address);
}

void JudgeAdminSocket(Config& config, Judge& judge) {
    std::string& socket = config.server.unix_socket;
    if (config.mode == Mode::kDev || config.store.empty()) return;
    // Beside PostgreSQL there needs to be none: `cardea admin` works on the database itself.
    if (socket.empty() && !IsPostgresUrl(config.store)) socket = config.store + ".socket";
    if (socket.size() > kMaxUnixSocketPath)
        judge.Say("admin.socket", "is longer than the 107 bytes that a socket's path can have: choose a shorter one");
}

void JudgeMasterKey(const Config& config, Judge& judge) {
    if (!config.master_key_file.empty() && config.master_key_origin == "CARDEA_MASTER_KEY")
        judge.Say("master_key_file", "CARDEA_MASTER_KEY is set as well: which one is it?");
    if (config.mode == Mode::kServe && config.master_key_file.empty() && config.master_key_text.Empty())
        judge.Say("master_key_file",
                  "serve needs a master key: name its file here, set CARDEA_MASTER_KEY, or give systemd's credential "
                  "master_key; make one with: openssl rand -hex 32");
}

void JudgeEmail(const EmailTransport& email, const std::string& at, Judge& judge) {
    if (!email.from.empty() && !ParseMailbox(email.from))
        judge.Say(at + "from", "must be an address, a@b or Name <a@b>");
    if (!email.smtp.host.empty() && !ParseUrl("http://" + email.smtp.host) &&
        !ParseIpAddress(email.smtp.host).has_value())
        judge.Say(at + "host", "must be a host's name or address");
    if (email.smtp.username.empty() != email.smtp.password.Empty())
        judge.Say(at + "username", "username and password go together");
    if (email.smtp.security == SmtpSecurity::kNone && !email.smtp.username.empty() && !IsLoopbackHost(email.smtp.host))
        judge.Say(at + "security", "the password would cross the network in the clear: use starttls or tls");
}

void CompleteSns(SmsChoice& sms, const std::string& at, Judge& judge) {
    SnsSettings& sns = sms.sns;
    if (sns.region.empty()) judge.Say(at + "region", "sns needs a region");
    if (sns.endpoint.empty()) sns.endpoint = "https://sns." + sns.region + ".amazonaws.com/";
    const auto url = ParseUrl(sns.endpoint);
    if (!url || url->has_fragment || (!url->https && !IsLoopbackHost(url->host)))
        judge.Say(at + "endpoint", "must be an https URL");
    if (sns.credentials.access_key_id.empty() || sns.credentials.secret_access_key.Empty())
        judge.Say(at + "access_key_id", "sns needs access_key_id and secret_access_key");
    sms.transport.way = sns;
}

void CompleteWebhook(SmsChoice& sms, const std::string& at, Judge& judge) {
    const auto url = ParseUrl(sms.url);
    if (!url || !url->https || url->has_fragment) judge.Say(at + "url", "must be an https URL");
    auto key = ParseWebhookSecret(sms.secret.Reveal());
    if (!key) judge.Say(at + "secret", "must be whsec_ and base64 of 24 to 64 bytes");
    sms.transport.way = SmsWebhookSettings{.url = sms.url,
                                           .key = std::move(key).value_or(Secret()),
                                           .allow_private_addresses = sms.allow_private_addresses};
}

// Names, and ARNs, are of one transport only.
void JudgeUnique(const std::string& name, const std::optional<std::string>& arn, const std::string& at,
                 std::set<std::string>& names, Judge& judge) {
    if (!name.empty() && !names.insert("name " + name).second)
        judge.Say(at + "name", "another transport has the same name");
    if (arn && !names.insert("arn " + *arn).second) judge.Say(at + "name", "another transport has the same ARN");
}

void JudgeTransports(Config& config, Judge& judge) {
    std::set<std::string> email_names, sms_names;
    for (std::size_t i = 0; i < config.transports.email.size(); ++i) {
        const EmailTransport& email = config.transports.email[i];
        const std::string at = "email[" + std::to_string(i) + "].";
        JudgeEmail(email, at, judge);
        JudgeUnique(email.name, email.source_arn, at, email_names, judge);
    }
    for (std::size_t i = 0; i < config.sms.size(); ++i) {
        SmsChoice& sms = config.sms[i];
        const std::string at = "sms[" + std::to_string(i) + "].";
        sms.kind == SmsKind::kSns ? CompleteSns(sms, at, judge) : CompleteWebhook(sms, at, judge);
        JudgeUnique(sms.transport.name, sms.transport.source_arn, at, sms_names, judge);
        config.transports.sms.push_back(sms.transport);
    }
}

}  // namespace

void ApplyRules(ConfigResult& result) {
    Judge judge{result};
    Config& config = result.config;
    JudgeAccount(config, judge);
    JudgePublicUrl(config, judge);
    JudgeStore(config, judge);
    JudgeListeners(config, judge);
    AddDevHosts(config);
    JudgeAdminSocket(config, judge);
    JudgeMasterKey(config, judge);
    JudgeTransports(config, judge);
}

bool HoldsPassword(std::string_view store) {
    if (!IsPostgresUrl(store)) return false;
    const std::string_view authority = store.substr(store.find("//") + 2);
    const auto user = authority.substr(0, authority.find_first_of("@/?"));
    return (user.size() < authority.size() && authority[user.size()] == '@' && user.find(':') != user.npos) ||
           store.find("password=") != store.npos;
}

}  // namespace cardea
