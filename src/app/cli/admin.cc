// Operator's commands that look, check or make something and end.

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "app/admin_door.h"
#include "app/cli/commands.h"
#include "app/cli/configuration.h"
#include "base/clock.h"
#include "base/function_ref.h"
#include "codec/json.h"
#include "delivery/transports.h"
#include "flows/directory.h"
#include "flows/keyring.h"
#include "flows/lockout_gate.h"
#include "net/http_client.h"
#include "store/open.h"
#include "store/sqlite/file_lock.h"

namespace cardea {

namespace {

class NoDelivery final : public Delivery {
 public:
    Delivered Send(const Message&) override { return Delivered::kNo; }
};

// Longer than the server waits for its store: what it did not do by then it will not do.
constexpr std::chrono::seconds kLongestChange{60};
constexpr std::chrono::hours kLongestBackup{24};

// What the server's door answers to a POST; nothing where no server runs.
std::optional<std::string> AskServer(const Config& config, const std::string& path, std::string body,
                                     std::chrono::milliseconds timeout) {
    if (config.server.unix_socket.empty()) return std::nullopt;
    HttpCall call{.method = "POST", .url = "http://localhost" + path, .body = std::move(body), .timeout = timeout};
    call.allow_private_addresses = true;
    call.unix_socket = config.server.unix_socket;
    const auto answer = HttpClient().Send(call);
    if (const auto* failure = std::get_if<HttpFailure>(&answer)) {
        if (failure->kind == HttpFailure::Kind::kUnreachable) return std::nullopt;
        throw std::runtime_error("the server at " + call.unix_socket + ": " + failure->text);
    }
    const auto& response = std::get<HttpResponse>(answer);
    if (response.status == 200) return response.body;
    const auto document = JsonDocument::Parse(response.body);
    const auto message = document ? document->Root().Find("message") : std::nullopt;
    throw std::runtime_error(message && message->Kind() == JsonKind::kText ? std::string(message->Text())
                                                                           : "the server refused");
}

// Where no server runs. Throws where one does, whose socket does not answer.
void OnStore(const Config& config, MasterKey master_key, FunctionRef<void(Services&)> work) {
    const SystemClock clock;
    SystemRandom random;
    const auto store = OpenStore(config.store);
    Directory directory(*store);
    Keyring keyring(*store, random, std::move(master_key));
    LockoutGate lockout_gate;
    NoDelivery delivery;
    const Account account{.id = config.account_id, .region = config.region};
    Services services{account, clock, random, *store, directory, keyring, lockout_gate, delivery};
    work(services);
}

// Work that the administrator's door does as POST `path`, or `work` does on the store, and what it prints.
int Administer(const std::string& config_file, const std::string& path, std::string (*work)(Services&)) try {
    const auto result = ReadConfiguration(Mode::kServe, config_file, {});
    if (!result || !IsUsable(*result)) return 2;
    auto done = AskServer(result->config, path, "", kLongestChange);
    if (!done) {
        auto master_key = LoadMasterKey(result->config);
        if (!master_key) throw std::runtime_error("no master key is configured");
        OnStore(result->config, std::move(*master_key), [&](Services& services) { done = work(services); });
    }
    std::puts(done->c_str());
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "cardea: %s\n", error.what());
    return 1;
}

}  // namespace

int CheckConfig(Mode mode, const std::string& config_file) {
    const auto result = ReadConfiguration(mode, config_file, {});
    if (!result || !IsUsable(*result)) return 2;
    std::puts("the configuration is right");
    return 0;
}

int ShowConfig(Mode mode, const std::string& config_file) {
    const auto result = ReadConfiguration(mode, config_file, {});
    if (!result) return 2;
    std::fputs(PrintConfig(*result).c_str(), stdout);
    return IsUsable(*result) ? 0 : 2;
}

int CreateAccessKeyCommand(const std::string& config_file) {
    return Administer(config_file, "/_admin/access-keys", CreateAndPrintAccessKey);
}

int RenewEpochCommand(const std::string& config_file) {
    return Administer(config_file, "/_admin/epoch", RenewAndPrintEpoch);
}

int BackUpCommand(const std::string& config_file, const std::string& file) try {
    const auto result = ReadConfiguration(Mode::kServe, config_file, {});
    if (!result || !IsUsable(*result)) return 2;
    const std::string& database = result->config.store;
    const std::string copy = std::filesystem::absolute(file).string();
    std::fprintf(stderr, "cardea: copying %s to %s\n", database.c_str(), copy.c_str());
    JsonWriter body;
    body.BeginObject().Key("File").Text(copy).EndObject();
    if (!AskServer(result->config, "/_admin/backups", body.Take(), kLongestBackup)) {
        std::optional<sqlite::FileLock> lock;
        if (!IsPostgresUrl(database)) lock.emplace(database);
        BackUpStore(database, copy);
    }
    std::fprintf(stderr, "cardea: done\n");
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "cardea: %s\n", error.what());
    return 1;
}

int CheckHealth(const std::string& url) {
    HttpCall request{.method = "GET", .url = url + "/readyz"};
    request.allow_private_addresses = true;
    const auto answer = HttpClient().Send(request);
    const auto* response = std::get_if<HttpResponse>(&answer);
    if (response && response->status == 200) return 0;
    std::fprintf(stderr, "cardea: %s is not ready\n", url.c_str());
    return 1;
}

}  // namespace cardea
