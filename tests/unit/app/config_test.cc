#include "app/config.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/stat.h>

#include "support/world.h"

namespace cardea {
namespace {

constexpr const char* kServe = R"(public_url = "https://id.example.com"
store = "/var/lib/cardea/cardea.db"
master_key_file = "/etc/cardea/master_key"
[http]
listen = ["127.0.0.1:8080"]
)";

ConfigResult Parse(Mode mode, std::string text, std::map<std::string, std::string> environment = {},
                   std::vector<ConfigFlag> flags = {}) {
    return ParseConfig({.mode = mode,
                        .file_name = "cardea.toml",
                        .file_text = std::move(text),
                        .environment = std::move(environment),
                        .flags = std::move(flags)});
}

std::string Join(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines) out += line + "\n";
    return out;
}

// The mistakes of a file that serve would take, with more lines after it.
std::string Mistakes(const std::string& more, std::map<std::string, std::string> environment = {}) {
    return Join(Parse(Mode::kServe, kServe + more, std::move(environment)).mistakes);
}
std::string DevMistakes(const std::string& text, std::map<std::string, std::string> environment = {}) {
    return Join(Parse(Mode::kDev, text, std::move(environment)).mistakes);
}

void WriteFile(const std::filesystem::path& path, std::string_view text, mode_t mode = 0600) {
    std::ofstream(path) << text;
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
}

TEST(Config, DevelopmentNeedsNothing) {
    const ConfigResult result = ParseConfig({.mode = Mode::kDev});
    EXPECT_EQ(Join(result.mistakes), "");
    ASSERT_EQ(result.config.server.listen.size(), 2u);
    EXPECT_EQ(result.config.server.listen[0].address, "127.0.0.1");
    EXPECT_EQ(result.config.server.listen[0].port, 9229);
    EXPECT_FALSE(result.config.server.listen[0].tls);
    EXPECT_EQ(result.config.server.listen[1].port, 9230);
    EXPECT_TRUE(result.config.server.listen[1].tls);
}

TEST(Config, TheAdministratorsSocketStandsBesideTheStore) {
    EXPECT_EQ(Parse(Mode::kServe, kServe).config.server.unix_socket, "/var/lib/cardea/cardea.db.socket");
    const ConfigResult chosen = Parse(Mode::kServe, std::string(kServe) + "[admin]\nsocket = \"/run/cardea/admin\"\n");
    EXPECT_EQ(chosen.config.server.unix_socket, "/run/cardea/admin");
    EXPECT_EQ(
        Mistakes("[admin]\nsocket = \"/" + std::string(107, 'x') + "\"\n"),
        "cardea.toml:7: admin.socket: is longer than the 107 bytes that a socket's path can have: choose a shorter "
        "one\n");
    EXPECT_EQ(Parse(Mode::kDev, "").config.server.unix_socket, "");
    EXPECT_EQ(DevMistakes("[admin]\nsocket = \"/run/x\"\n"), "cardea.toml:2: admin.socket: is for serve only\n");
}

TEST(Config, DevelopmentAnswersToTheNamesThatItWasGiven) {
    const auto hosts = [](std::vector<ConfigFlag> flags) {
        const ConfigResult result = Parse(Mode::kDev, "[dev]\nhosts = [\"box\"]\n", {}, std::move(flags));
        EXPECT_EQ(Join(result.mistakes), "");
        return Join(result.config.dev_hosts);
    };
    EXPECT_EQ(hosts({}), "box\n");
    EXPECT_EQ(hosts({{"--public-url", "public_url", "https://cardea.test:8443"}}), "box\ncardea.test\n");
    EXPECT_EQ(hosts({{"--public-url", "public_url", "http://box"}}), "box\n");
    EXPECT_EQ(hosts({{"--port", "http.listen", "10.1.2.3:80"}, {"--port", "https.listen", "10.1.2.3:81"}}),
              "box\n10.1.2.3\n");
    EXPECT_EQ(hosts({{"--port", "http.listen", "0.0.0.0:80,[::]:80,[fd00::7]:80"}}), "box\nfd00::7\n");
}

TEST(Config, NoTextHasANul) {
    for (const char* line : {R"(region = "a\u0000b")", R"(dev.hosts = ["a", "b\u0000"])", R"("reg\u0000ion" = 1)"})
        EXPECT_EQ(DevMistakes(std::string("log_level = \"info\"\n") + line + "\n"),
                  "cardea.toml:2: a text has a NUL character\n")
            << line;
}

TEST(Config, ATimeThatIsNoneIsAMistakeAndNotTheEnd) {
    EXPECT_EQ(DevMistakes("region = 1979-05-27Tx7:32:00Z\n"),
              "cardea.toml:1: is not TOML: look for a date, a time or a number that is none\n");
}

TEST(Config, LettersOfAnyLanguageMayFollowALinesEnd) {
    const ConfigResult result = Parse(Mode::kDev, "dev.seed = \"\"\"\\\n  \u00e4\u4e2d\"\"\"  # \u00e4\n");
    EXPECT_EQ(Join(result.mistakes), "");
    EXPECT_EQ(result.config.dev_seed, "\u00e4\u4e2d");
    EXPECT_NE(DevMistakes("region = 1 \u00e4\n"), "");
    EXPECT_NE(DevMistakes("\u00e4 = 1\n"), "");
}

TEST(Config, LimitsOfMemoryAndOfAClientsConnections) {
    const ConfigResult result = Parse(Mode::kServe, std::string(kServe) +
                                                        "[limits]\nmax_connections_per_client = 7\n"
                                                        "max_buffered = 4096\nmax_body = 2048\n");
    EXPECT_EQ(Join(result.mistakes), "");
    EXPECT_EQ(result.config.server.max_connections_per_client, 7u);
    EXPECT_EQ(result.config.server.max_buffered, 4096u);
    EXPECT_EQ(Mistakes("[limits]\nmax_buffered = 4096\nmax_body = 2049\n"),
              "cardea.toml:7: limits.max_buffered: must be at least twice limits.max_body\n");
    EXPECT_TRUE(Parse(Mode::kServe, kServe).config.server.plain_for_proxies_only);
    EXPECT_FALSE(Parse(Mode::kDev, "").config.server.plain_for_proxies_only);
}

TEST(Config, ServeTakesAWholeFile) {
    const ConfigResult result = Parse(Mode::kServe, kServe);
    EXPECT_EQ(Join(result.mistakes), "");
    EXPECT_EQ(result.config.public_url, "https://id.example.com");
    EXPECT_EQ(result.config.store, "/var/lib/cardea/cardea.db");
    EXPECT_EQ(result.origins.at("http.listen"), "cardea.toml:5");
}

TEST(Config, FlagsOutweighTheEnvironmentWhichOutweighsTheFile) {
    const std::string text = "region = \"eu-west-1\"\n[limits]\nmax_body = 2048\nworkers = 7\n";
    EXPECT_EQ(Parse(Mode::kDev, text).config.region, "eu-west-1");
    const ConfigResult result =
        Parse(Mode::kDev, text, {{"CARDEA_REGION", "eu-west-2"}, {"CARDEA_LIMITS__MAX_BODY", "4096"}},
              {{"--region", "region", "eu-west-3"}});
    EXPECT_EQ(Join(result.mistakes), "");
    EXPECT_EQ(result.config.region, "eu-west-3");
    EXPECT_EQ(result.config.server.max_body, 4096u);
    EXPECT_EQ(result.config.server.workers.threads_max, 7u);
    EXPECT_EQ(result.origins.at("region"), "--region");
    EXPECT_EQ(result.origins.at("limits.max_body"), "CARDEA_LIMITS__MAX_BODY");
    EXPECT_EQ(result.origins.at("limits.workers"), "cardea.toml:4");
    EXPECT_FALSE(result.origins.contains("limits.queue"));
}

TEST(Config, ListsComeFromTheEnvironmentWithCommas) {
    const ConfigResult result =
        Parse(Mode::kDev, "", {{"CARDEA_HTTP__LISTEN", "127.0.0.1:1, [::1]:2,localhost:0"}, {"CARDEA_DEV__HOSTS", ""}});
    EXPECT_EQ(Join(result.mistakes), "");
    ASSERT_EQ(result.config.http_listen.size(), 3u);
    EXPECT_EQ(result.config.http_listen[1].address, "::1");
    EXPECT_EQ(result.config.http_listen[2].address, "127.0.0.1");
    EXPECT_TRUE(result.config.dev_hosts.empty());
}

TEST(Config, UnknownKeysAreMistakesWithAPlaceAndASuggestion) {
    EXPECT_EQ(DevMistakes("account_id = \"000000000001\"\nregoin = \"eu-west-1\"\n"),
              "cardea.toml:2: regoin: there is no such key; did you mean region?\n");
    EXPECT_EQ(DevMistakes("[limits]\nmax_bdy = 1\n"),
              "cardea.toml:2: limits.max_bdy: there is no such key; did you mean limits.max_body?\n");
    EXPECT_EQ(DevMistakes("max_body = 1\n"),
              "cardea.toml:1: max_body: there is no such key; did you mean limits.max_body?\n");
    EXPECT_EQ(DevMistakes("colour = \"red\"\n"), "cardea.toml:1: colour: there is no such key\n");
    EXPECT_EQ(DevMistakes("[[push]]\nx = 1\n"),
              "cardea.toml:1: [[push]]: there is no such table; there are [[email]] and [[sms]]\n");
    EXPECT_EQ(DevMistakes("", {{"CARDEA_REGOIN", "x"}}), "CARDEA_REGOIN: there is no such key; did you mean region?\n");
    EXPECT_EQ(DevMistakes("", {{"CARDEA_LIMITS__COLOUR", "x"}}), "CARDEA_LIMITS__COLOUR: there is no such key\n");
}

TEST(Config, VariablesThatKubernetesSetsAreLeftAlone) {
    EXPECT_EQ(DevMistakes("", {{"CARDEA_PORT", "tcp://10.0.0.1:80"},
                               {"CARDEA_SERVICE_HOST", "10.0.0.1"},
                               {"CARDEA_PORT_80_TCP_ADDR", "10.0.0.1"},
                               {"PATH", "/bin"}}),
              "");
}

TEST(Config, ValuesThatDoNotFitAreMistakesWithAPlace) {
    EXPECT_EQ(DevMistakes("[limits]\nworkers = 0\n"),
              "cardea.toml:2: limits.workers: must be a whole number from 1 to 4096\n");
    EXPECT_EQ(DevMistakes("[limits]\nworkers = \"7\"\n"),
              "cardea.toml:2: limits.workers: must be a whole number from 1 to 4096\n");
    EXPECT_EQ(DevMistakes("[deadlines]\nbody = 5\nheader = \"5 s\"\nidle = \"0s\"\nwrite = \"99999999999999h\"\n"),
              "cardea.toml:2: deadlines.body: must be a time such as 250ms, 5s, 2m or 1h, at most 24h\n"
              "cardea.toml:3: deadlines.header: must be a time such as 250ms, 5s, 2m or 1h, at most 24h\n"
              "cardea.toml:4: deadlines.idle: must be a time such as 250ms, 5s, 2m or 1h, at most 24h\n"
              "cardea.toml:5: deadlines.write: must be a time such as 250ms, 5s, 2m or 1h, at most 24h\n");
    EXPECT_EQ(DevMistakes("issuer = \"google\"\n"), "cardea.toml:1: issuer: must be one of public_url, aws\n");
    EXPECT_EQ(DevMistakes("[proxy]\nprotocol = \"yes\"\n"), "cardea.toml:2: proxy.protocol: must be true or false\n");
    EXPECT_NE(DevMistakes("[proxy]\ntrusted = [\"10.0.0.1/8\"]\n").find("cardea.toml:2: proxy.trusted: must be a list"),
              std::string::npos);
    for (const char* wrong : {"127.0.0.1", "example.com:80", "::1:80", "[127.0.0.1]:80", "127.0.0.1:65536", ":80", ""})
        EXPECT_NE(DevMistakes("[http]\nlisten = [\"" + std::string(wrong) + "\"]\n"), "") << wrong;
    EXPECT_NE(DevMistakes("[http]\nlisten = [80]\n"), "");
    EXPECT_NE(DevMistakes("[http]\nlisten = \"127.0.0.1:80\"\n"), "");
    EXPECT_NE(DevMistakes("region = \"eu\\u0000west\"\n"), "");
    EXPECT_NE(DevMistakes("region = \"\"\n"), "");
    EXPECT_NE(DevMistakes("account_id = \"123\"\n"), "");
}

TEST(Config, WhatIsNotTomlIsAMistakeWithItsLine) {
    const std::string mistakes = DevMistakes("region = \"eu-west-1\"\nissuer = = 1\n");
    EXPECT_EQ(mistakes.rfind("cardea.toml:2: ", 0), 0u) << mistakes;
    EXPECT_NE(DevMistakes("region = \"a\"\nregion = \"b\"\n"), "");
    EXPECT_NE(DevMistakes(std::string(2 << 20, '#')), "");
    EXPECT_NE(DevMistakes("a = " + std::string(100'000, '[')), "");
}

TEST(Config, ServeRefusesWhatOnlyDevelopmentMayHave) {
    EXPECT_EQ(Mistakes("[dev]\nseed = \"seed.toml\"\n"), "cardea.toml:7: dev.seed: is for dev only\n");
    EXPECT_EQ(Mistakes("", {{"CARDEA_DEV__HOSTS", "box"}}), "CARDEA_DEV__HOSTS: dev.hosts: is for dev only\n");
    EXPECT_NE(DevMistakes("[[email]]\nname = \"x\"\n").find("cardea.toml:1: [[email]]: is for serve only"),
              std::string::npos);
}

TEST(Config, ServeNeedsAUrlADatabaseAndAMasterKey) {
    const std::string mistakes = Join(Parse(Mode::kServe, "[http]\nlisten = [\"127.0.0.1:80\"]\n").mistakes);
    EXPECT_NE(mistakes.find("public_url: serve needs"), std::string::npos) << mistakes;
    EXPECT_NE(mistakes.find("store: serve needs"), std::string::npos) << mistakes;
    EXPECT_NE(mistakes.find("master_key_file: serve needs a master key"), std::string::npos) << mistakes;
    EXPECT_NE(Join(ParseConfig({.mode = Mode::kServe}).mistakes).find("https.listen: there is no address"),
              std::string::npos);
}

TEST(Config, ServeRefusesPasswordsInTheClear) {
    const auto listen = [](const std::string& more) {
        return Mistakes("", {{"CARDEA_HTTP__LISTEN", "0.0.0.0:80"}, {"CARDEA_PROXY__TRUSTED", more}});
    };
    EXPECT_NE(listen("").find("CARDEA_HTTP__LISTEN: http.listen: passwords would cross the network in the clear"),
              std::string::npos);
    EXPECT_EQ(listen("10.0.0.0/8"), "");
    EXPECT_NE(listen("0.0.0.0/0").find("proxy.trusted: trusts everybody"), std::string::npos);
    EXPECT_NE(listen("::/0").find("proxy.trusted: trusts everybody"), std::string::npos);
    EXPECT_NE(Mistakes("", {{"CARDEA_PUBLIC_URL", "http://id.example.com"}}).find("must be https"), std::string::npos);
    EXPECT_EQ(Mistakes("", {{"CARDEA_PUBLIC_URL", "http://localhost:8080/"}}), "");
}

TEST(Config, HttpsNeedsACertificate) {
    EXPECT_NE(Mistakes("[https]\nlisten = [\"0.0.0.0:443\"]\n").find("cardea.toml:7: https.listen: needs"),
              std::string::npos);
    EXPECT_EQ(Mistakes("[https]\nlisten = [\"0.0.0.0:443\"]\ncertificate_file = \"c\"\nkey_file = \"k\"\n"), "");
    EXPECT_NE(Mistakes("[https]\ncertificate_file = \"c\"\n").find("go together"), std::string::npos);
    EXPECT_EQ(DevMistakes("[https]\nlisten = [\"127.0.0.1:0\"]\n"), "");
}

TEST(Config, PublicUrlIsAnOrigin) {
    EXPECT_EQ(Parse(Mode::kDev, "public_url = \"https://id.example.com/\"\n").config.public_url,
              "https://id.example.com");
    for (const char* wrong : {"id.example.com", "https://id.example.com/path", "https://ID.example.com", "ftp://x",
                              "https://id.example.com?x", "https://a@b", "https://id.example.com:443"})
        EXPECT_NE(DevMistakes("public_url = \"" + std::string(wrong) + "\"\n"), "") << wrong;
}

TEST(Config, TheStoreIsAFileOrPostgresWithoutAPassword) {
    const auto store = [](const std::string& value) { return Mistakes("", {{"CARDEA_STORE", value}}); };
    EXPECT_EQ(store("postgresql://cardea@db1:5433,db2/cardea?sslmode=verify-full"), "");
    EXPECT_EQ(store("postgres:///cardea?host=/run/postgresql"), "");
    EXPECT_NE(store("postgres://cardea:hush@db/cardea").find("CARDEA_STORE: store: must not hold a password"),
              std::string::npos);
    EXPECT_NE(store("postgresql://db/cardea?user=cardea&password=hush"), "");
    EXPECT_NE(store("mysql://db"), "");
    EXPECT_NE(store("sqlite:"), "");
    EXPECT_EQ(Parse(Mode::kServe, kServe, {{"CARDEA_STORE", "sqlite:/data/x.db"}}).config.store, "/data/x.db");
}

TEST(Config, TheMasterKeyIsNeverInTheFile) {
    const std::string mistakes = Mistakes("", {});
    EXPECT_EQ(mistakes, "");
    EXPECT_EQ(DevMistakes("master_key = \"0123\"\n"),
              "cardea.toml:1: master_key: does not belong into this file; name a file of its own in master_key_file\n");
}

TEST(Config, TheMasterKeyComesFromAFileTheEnvironmentOrSystemd) {
    const std::string hex(64, 'a');
    const test::TemporaryFolder folder;
    const std::string file = (folder.Path() / "key").string();
    WriteFile(file, hex + "\n");
    WriteFile(folder.Path() / "master_key", hex + "\n", 0440);  // systemd's own access list shows as a group's right

    Config config;
    EXPECT_FALSE(LoadMasterKey(config));
    config.master_key_file = file;
    const auto from_file = LoadMasterKey(config);
    ASSERT_TRUE(from_file);

    const ConfigResult variable = Parse(Mode::kDev, "", {{"CARDEA_MASTER_KEY", hex}});
    EXPECT_EQ(LoadMasterKey(variable.config)->KeyId(), from_file->KeyId());
    EXPECT_EQ(variable.config.master_key_origin, "CARDEA_MASTER_KEY");
    const ConfigResult credential = Parse(Mode::kDev, "", {{"CREDENTIALS_DIRECTORY", folder.Path().string()}});
    EXPECT_EQ(LoadMasterKey(credential.config)->KeyId(), from_file->KeyId());

    EXPECT_THROW(LoadMasterKey(Parse(Mode::kDev, "", {{"CARDEA_MASTER_KEY", "short"}}).config), std::runtime_error);
    EXPECT_NE(Mistakes("", {{"CARDEA_MASTER_KEY", hex}}).find("which one is it?"), std::string::npos);
    EXPECT_EQ(Mistakes("", {{"CREDENTIALS_DIRECTORY", folder.Path().string()}}), "");
}

TEST(Config, TransportsAreRead) {
    const test::TemporaryFolder folder;
    const std::string file = (folder.Path() / "password").string();
    WriteFile(file, "hunter2\n");
    const ConfigResult result = Parse(Mode::kServe, std::string(kServe) + R"(
[[email]]
name = "default"
host = "smtp.example.com"
from = "Shop <no-reply@example.com>"
username = "shop"
password_file = ")" + file + R"("
timeout = "2s"
[[email]]
name = "ses"
source_arn = "arn:aws:ses:us-east-1:000000000000:identity/example.com"
host = "127.0.0.1"
port = 25
security = "none"
from = "a@example.com"
[[sms]]
name = "text"
kind = "sns"
region = "eu-west-1"
access_key_id = "AKIDEXAMPLE"
secret_access_key_env = "SNS_SECRET"
[[sms]]
name = "hook"
kind = "webhook"
sns_caller_arn = "arn:aws:iam::000000000000:role/sms"
url = "https://sms.example.com/"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
)",
                                      {{"SNS_SECRET", "wJalrXUtnFEMI"}});
    EXPECT_EQ(Join(result.mistakes), "");
    const auto& [email, sms] = result.config.transports;
    ASSERT_EQ(email.size(), 2u);
    EXPECT_EQ(email[0].smtp.password.Reveal(), "hunter2");
    EXPECT_EQ(email[0].smtp.timeout, std::chrono::seconds(2));
    EXPECT_EQ(email[0].smtp.security, SmtpSecurity::kStartTls);
    EXPECT_FALSE(email[0].source_arn);
    EXPECT_EQ(email[1].smtp.port, 25);
    ASSERT_TRUE(email[1].source_arn);
    ASSERT_EQ(sms.size(), 2u);
    const auto& sns = std::get<SnsSettings>(sms[0].way);
    EXPECT_EQ(sns.endpoint, "https://sns.eu-west-1.amazonaws.com/");
    EXPECT_EQ(sns.credentials.secret_access_key.Reveal(), "wJalrXUtnFEMI");
    EXPECT_EQ(std::get<SmsWebhookSettings>(sms[1].way).key.Reveal().size(), 24u);
    EXPECT_EQ(result.origins.at("email[0].password"), "cardea.toml:12");

    const std::string printed = PrintConfig(result);
    for (const char* secret : {"hunter2", "wJalrXUtnFEMI", "MfKQ9r8G"})
        EXPECT_EQ(printed.find(secret), std::string::npos) << secret;
    EXPECT_NE(printed.find("password = \"(hidden)\""), std::string::npos) << printed;
    EXPECT_NE(printed.find("host = \"smtp.example.com\""), std::string::npos);
    EXPECT_NE(printed.find("# cardea.toml:9"), std::string::npos);
}

TEST(Config, MistakesInTransportsHaveAPlaceAndNoSecret) {
    EXPECT_EQ(Mistakes("[[email]]\nname = \"x\"\n"),
              "cardea.toml:6: [[email]]: needs host\ncardea.toml:6: [[email]]: needs from\n");
    const std::string email = "[[email]]\nname = \"x\"\nhost = \"smtp.example.com\"\nfrom = \"a@example.com\"\n";
    EXPECT_EQ(Mistakes(email), "");
    EXPECT_EQ(Mistakes(email + "pasword = \"hunter2\"\n"),
              "cardea.toml:10: email[0].pasword: there is no such key; did you mean password?\n");
    EXPECT_EQ(Mistakes(email + "password_file = \"/nowhere/at/all\"\n"),
              "cardea.toml:10: email[0].password_file: the file cannot be read, or is empty\n");
    EXPECT_EQ(Mistakes(email + "password_env = \"NOT_SET\"\n"),
              "cardea.toml:10: email[0].password_env: the variable is not set\n");
    EXPECT_EQ(Mistakes(email + "username = \"u\"\npassword_env = \"CARDEA_MAIL__PASSWORD\"\n",
                       {{"CARDEA_MAIL__PASSWORD", "hunter2"}}),
              "");
    EXPECT_EQ(Mistakes(email + "password = \"hunter2\"\n"), "email[0].username: username and password go together\n");
    EXPECT_NE(Mistakes(email + "security = \"none\"\nusername = \"u\"\npassword = \"hunter2\"\n")
                  .find("cardea.toml:10: email[0].security: the password would cross the network"),
              std::string::npos);
    EXPECT_NE(Mistakes(email + email).find("another transport has the same name"), std::string::npos);
    EXPECT_NE(Mistakes(email + "password = 7\n").find("must be a text"), std::string::npos);
    const std::string hook = "[[sms]]\nname = \"x\"\nkind = \"webhook\"\n";
    EXPECT_NE(Mistakes(hook + "url = \"http://a.example\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n")
                  .find("cardea.toml:9: sms[0].url: must be an https URL"),
              std::string::npos);
    const std::string bad = Mistakes(hook + "url = \"https://a.example\"\nsecret = \"hunter2\"\n");
    EXPECT_NE(bad.find("cardea.toml:10: sms[0].secret: must be whsec_"), std::string::npos) << bad;
    EXPECT_EQ(bad.find("hunter2"), std::string::npos);
}

TEST(Config, WhatIsPrintedIsReadBackAlike) {
    const ConfigResult first = Parse(Mode::kServe, std::string(kServe) +
                                                       "[limits]\nmax_body = 4096\n[proxy]\n"
                                                       "trusted = [\"10.0.0.0/8\", \"::1\"]\n"
                                                       "[deadlines]\nbody = \"1500ms\"\nidle = \"2m\"\n");
    EXPECT_EQ(Join(first.mistakes), "");
    const ConfigResult second = Parse(Mode::kServe, PrintConfig(first));
    EXPECT_EQ(Join(second.mistakes), "");
    EXPECT_EQ(second.config.server.max_body, 4096u);
    EXPECT_EQ(second.config.server.body_deadline, std::chrono::milliseconds(1500));
    const auto values = [](const std::string& printed) {
        std::istringstream lines(printed);
        std::string out;
        for (std::string line; std::getline(lines, line);) out += line.substr(0, line.find(" #")) + "\n";
        return out;
    };
    EXPECT_EQ(values(PrintConfig(first)), values(PrintConfig(second)));
}

TEST(Config, TheConfigurationPageIsTheTablesOwn) {
    std::ifstream page(std::string(CARDEA_SOURCE_DIR) + "/docs/configuration.md");
    std::ostringstream text;
    text << page.rdbuf();
    EXPECT_EQ(text.str(), DescribeConfig()) << "write it anew: cardea describe-config > docs/configuration.md";
}

}  // namespace
}  // namespace cardea
