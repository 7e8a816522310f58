// Operator's commands that look, check or make something and end.

#include <cstdio>
#include <stdexcept>

#include "app/admin_door.h"
#include "app/cli/commands.h"
#include "app/cli/configuration.h"
#include "base/clock.h"
#include "delivery/transports.h"
#include "flows/directory.h"
#include "flows/keyring.h"
#include "flows/lockout_gate.h"
#include "net/http_client.h"
#include "store/open.h"

namespace cardea {

namespace {

class NoDelivery final : public Delivery {
 public:
    Delivered Send(const Message&) override { return Delivered::kNo; }
};

// The running server's own address on this machine; nothing where it listens to none.
std::optional<std::string> LocalUrl(const Config& config) {
    for (const ListenAddress& at : config.http_listen) {
        if (at.port == 0) continue;
        const bool v6 = at.address.find(':') != std::string::npos;
        const bool everywhere = at.address == "0.0.0.0" || at.address == "::";
        const std::string host = everywhere ? (v6 ? "[::1]" : "127.0.0.1") : v6 ? "[" + at.address + "]" : at.address;
        return "http://" + host + ":" + std::to_string(at.port);
    }
    return std::nullopt;
}

// Asks the running server; nothing where none answers at that address.
std::optional<std::string> AskServer(const std::string& url, const MasterKey& master_key) {
    const std::string host = url.substr(url.find("//") + 2);
    const HeaderView headers[] = {{"host", host}};
    HttpCall request{.method = "POST", .url = url + "/_admin/access-keys"};
    for (const Header& header :
         SignRequest({"POST", "/_admin/access-keys", "", headers, ""}, AdminCredentials(master_key),
                     {.region = "local", .service = kAdminSigningName, .now = SystemClock().Now()}))
        request.headers.emplace_back(header.name, header.value);
    request.allow_private_addresses = true;
    const auto answer = HttpClient().Send(request);
    const auto* response = std::get_if<HttpResponse>(&answer);
    if (!response) return std::nullopt;
    if (response->status != 200) throw std::runtime_error("the server at " + url + " refused: " + response->body);
    return response->body;
}

std::string MakeOnStore(const Config& config, MasterKey master_key) {
    const SystemClock clock;
    SystemRandom random;
    const auto store = OpenStore(config.store);
    Directory directory(*store);
    Keyring keyring(*store, random, std::move(master_key));
    LockoutGate lockout_gate;
    NoDelivery delivery;
    const Account account{.id = config.account_id, .region = config.region};
    Services services{account, clock, random, *store, directory, keyring, lockout_gate, delivery};
    return CreateAndPrintAccessKey(services);
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

int CreateAccessKeyCommand(const std::string& config_file) try {
    const auto result = ReadConfiguration(Mode::kServe, config_file, {});
    if (!result || !IsUsable(*result)) return 2;
    auto master_key = LoadMasterKey(result->config);
    if (!master_key) throw std::runtime_error("no master key is configured");
    const auto url = LocalUrl(result->config);
    auto made = url ? AskServer(*url, *master_key) : std::nullopt;
    if (!made) made = MakeOnStore(result->config, std::move(*master_key));
    std::puts(made->c_str());
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
