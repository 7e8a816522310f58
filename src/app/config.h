#pragma once
// The configuration: what an operator or a developer has chosen, from flags, the environment, a TOML file, and
// defaults, in that order of weight.
//
//   const ConfigResult result = ParseConfig({.mode = Mode::kServe, .file_name = "cardea.toml", .file_text = text,
//                                            .environment = environment});
//   for (const std::string& mistake : result.mistakes) …       // "cardea.toml:7: limits.workers: must be …"
//
// Every key stands once, in the table of config_keys.cc. The environment's name of limits.max_body is
// CARDEA_LIMITS__MAX_BODY. Keys that are not known, and values that do not fit, are mistakes; a process with mistakes
// does not start. Development and production differ in the values of this structure and in nothing else.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config_value.h"
#include "base/log.h"
#include "base/secret.h"
#include "crypto/seal.h"
#include "delivery/transports.h"
#include "flows/context.h"
#include "net/http_server.h"

namespace cardea {

enum class Mode : std::uint8_t { kDev, kServe };
enum class PasswordHash : std::uint8_t { kSrp, kArgon2id };
enum class SmsKind : std::uint8_t { kSns, kWebhook };

template <>
struct EnumNames<Mode> {
    static constexpr std::array<std::string_view, 2> kNames{"dev", "serve"};
};
template <>
struct EnumNames<PasswordHash> {
    static constexpr std::array<std::string_view, 2> kNames{"srp", "argon2id"};
};
template <>
struct EnumNames<SmsKind> {
    static constexpr std::array<std::string_view, 2> kNames{"sns", "webhook"};
};
template <>
struct EnumNames<LogLevel> {
    static constexpr std::array<std::string_view, 4> kNames{"debug", "info", "warning", "error"};
};
template <>
struct EnumNames<ForwardedStyle> {
    static constexpr std::array<std::string_view, 2> kNames{"x-forwarded", "forwarded"};
};
template <>
struct EnumNames<SmtpSecurity> {
    static constexpr std::array<std::string_view, 3> kNames{"none", "starttls", "tls"};
};

// A table of [[sms]] as it is written; Config::transports holds what it means.
struct SmsChoice {
    SmsTransport transport{.name = {}, .source_arn = {}, .way = {}, .ca_file = {}};
    SmsKind kind = SmsKind::kSns;
    SnsSettings sns{.endpoint = {}, .region = {}, .credentials = {}, .sender_id = {}};
    std::string url;
    Secret secret;
    bool allow_private_addresses = false;
};

struct Config {
    Mode mode = Mode::kDev;
    std::string public_url;  // without a slash at the end; in development "" means: of the first listener
    std::string account_id = "000000000000";
    std::string region = "us-east-1";
    IssuerForm issuer = IssuerForm::kPublicUrl;
    std::string store;  // the path of the SQLite file, or PostgreSQL's URL; in development "" means: in the data folder
    PasswordHash password_hash = PasswordHash::kSrp;
    int signing_key_reserve = 8;
    LogLevel log_level = LogLevel::kInfo;

    HttpServerOptions server;  // its `listen` is the two lists below; its `tls` is for who reads the files
    std::vector<ListenAddress> http_listen, https_listen;
    std::string certificate_file, key_file;  // PEM

    std::string master_key_file;    // "": not from a file that a key names
    Secret master_key_text;         // of the environment or systemd's credentials
    std::string master_key_origin;  // where master_key_text is from

    TransportSettings transports;
    std::vector<SmsChoice> sms;

    std::string dev_data;                // a folder; "": a temporary one
    std::string dev_seed;                // a TOML file; "": none
    std::vector<std::string> dev_hosts;  // names that the development door answers to
};

struct ConfigFlag {
    std::string flag;   // "--public-url", for messages
    std::string key;    // "public_url"; one of the table's, CHECKed
    std::string value;  // lists with commas
};

struct ConfigSources {
    Mode mode = Mode::kDev;
    std::string file_name;                           // for messages
    std::optional<std::string> file_text;            // TOML
    std::map<std::string, std::string> environment;  // all of it: the file may name any variable
    std::vector<ConfigFlag> flags;
};

struct ConfigResult {
    Config config;
    // Where each key's value is from: "default", "cardea.toml:3", "CARDEA_REGION", "--port". Tables of [[email]] and
    // [[sms]] stand under "email[0].host".
    std::map<std::string, std::string> origins;
    std::vector<std::string> mistakes;  // sentences with key and place, without values; none: it may be used
};

// Reads the files that `…_file` members of tables and systemd's credentials name; does no other I/O.
ConfigResult ParseConfig(const ConfigSources& sources);

// Every key of the mode with its value in effect and where it is from, as TOML with comments. Secrets are hidden.
std::string PrintConfig(const ConfigResult& result);

// docs/configuration.md: every key, from the table.
std::string DescribeConfig();

// The master key that the configuration names, nothing where it names none (which serve does not start with). Throws
// std::runtime_error where it cannot be read.
std::optional<MasterKey> LoadMasterKey(const Config& config);

}  // namespace cardea
