// `cardea dev` and `cardea serve`: the same program with different configurations.

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <signal.h>
#include <sstream>
#include <stdexcept>
#include <stdlib.h>
#include <thread>

#include "app/cli/commands.h"
#include "app/cli/configuration.h"
#include "app/master_key.h"
#include "app/wire.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "base/log.h"
#include "crypto/x509.h"

namespace cardea {

namespace {

constexpr std::chrono::milliseconds kPatience{9000};  // for requests, of the ten seconds that a stop may take
constexpr std::chrono::milliseconds kLongestStop{9800};

// A folder that is gone when the process ends in order.
class TemporaryFolder {
 public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "cardea-dev-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("a temporary folder cannot be made");
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& Path() const { return path_; }

 private:
    std::filesystem::path path_;
};

// SIGTERM and SIGINT are waited for, not handled: blocked before any thread is made.
sigset_t BlockStopSignals() {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);
    signal(SIGPIPE, SIG_IGN);
    return stop;
}

std::string ReadFile(const std::string& name) {
    std::ifstream in(name);
    std::ostringstream text;
    text << in.rdbuf();
    // Reading a folder looks like reading an empty file.
    if (!in || std::filesystem::is_directory(name)) throw std::runtime_error("the file " + name + " cannot be read");
    return text.str();
}

ProgramSettings ToSettings(const Config& config, MasterKey master_key) {
    ProgramSettings out{.account = {.id = config.account_id,
                                    .region = config.region,
                                    .public_url = config.public_url,
                                    .issuer_form = config.issuer,
                                    .development = config.mode == Mode::kDev,
                                    .argon2id = config.password_hash == PasswordHash::kArgon2id},
                        .database = config.store,
                        .master_key = std::move(master_key),
                        .http = config.server,
                        .transports = config.transports,
                        .hosts = config.dev_hosts,
                        .reserve_keys = config.signing_key_reserve};
    out.http.listen = config.http_listen;
    for (ListenAddress at : config.https_listen) {
        at.tls = true;
        out.http.listen.push_back(std::move(at));
    }
    if (!config.certificate_file.empty())
        out.http.tls = TlsIdentity{.certificate_pem = ReadFile(config.certificate_file),
                                   .private_key_pem = Secret(ReadFile(config.key_file))};
    return out;
}

// From Start on the process ends when kLongestStop is over, unless this does: what hangs below the program (a disk, a
// database) must not keep it.
class StopLimit {
 public:
    StopLimit() = default;
    StopLimit(const StopLimit&) = delete;
    StopLimit& operator=(const StopLimit&) = delete;
    ~StopLimit() {
        *over_.Lock() = true;
        changed_.notify_all();
        if (thread_.joinable()) thread_.join();
    }
    void Start() {
        thread_ = std::thread([this, until = Monotonic() + kLongestStop] {
            auto over = over_.Lock();
            while (!*over && over.WaitUntil(changed_, until) == std::cv_status::no_timeout) continue;
            if (*over) return;
            Log(LogLevel::kError, "stopped", {{"drained", "no"}, {"reason", "it took too long"}});
            FlushLog();
            _exit(1);
        });
    }

 private:
    Guarded<bool> over_{false};
    std::condition_variable changed_;
    std::thread thread_;
};

// An empty `seed_file`: none.
void ServeUntilStopped(ProgramSettings settings, const sigset_t& stop, const std::string& seed_file) {
    StopLimit limit;  // outlives the program
    Program program(std::move(settings));
    if (!seed_file.empty()) program.Seed(ReadFile(seed_file), seed_file);
    program.Start();
    int signal_number = 0;
    sigwait(&stop, &signal_number);
    limit.Start();
    if (!program.Stop(kPatience)) {
        // Handlers are still running and use what would be destroyed now. What they have acknowledged is on disk.
        FlushLog();
        _exit(1);
    }
}

std::vector<ConfigFlag> ToConfigFlags(const DevFlags& flags) {
    std::vector<ConfigFlag> out;
    if (flags.port || flags.bind) {
        const std::uint16_t port = flags.port.value_or(9229);
        std::string host = flags.bind.value_or("127.0.0.1");
        if (host.find(':') != std::string::npos) host = "[" + host + "]";
        out.push_back({"--port", "http.listen", host + ":" + std::to_string(port)});
        out.push_back({"--port", "https.listen", host + ":" + std::to_string(port == 0 ? 0 : port + 1)});
    }
    if (flags.data) out.push_back({"--data", "dev.data", *flags.data});
    if (flags.seed) out.push_back({"--seed", "dev.seed", *flags.seed});
    if (flags.public_url) out.push_back({"--public-url", "public_url", *flags.public_url});
    return out;
}

int Report(const std::exception& error) {
    std::fprintf(stderr, "cardea: %s\n", error.what());
    return 1;
}

}  // namespace

int RunDev(const DevFlags& flags) try {
    if (flags.functions) throw std::runtime_error("--functions: this build of Cardea does not run Lambda triggers yet");
    const auto result = ReadConfiguration(Mode::kDev, "", ToConfigFlags(flags));
    if (!result || !IsUsable(*result)) return 2;
    Config config = result->config;
    const sigset_t stop = BlockStopSignals();
    SetLogLevel(config.log_level);
    std::optional<TemporaryFolder> temporary;
    const std::filesystem::path data =
        config.dev_data.empty() ? temporary.emplace().Path() : std::filesystem::path(config.dev_data);
    std::filesystem::create_directories(data);
    if (config.store.empty()) config.store = (data / "cardea.db").string();
    SystemRandom random;
    auto configured = LoadMasterKey(config);
    ProgramSettings settings =
        ToSettings(config, configured ? std::move(*configured) : ReadOrMakeMasterKeyFile(data / "master_key", random));
    if (!settings.http.tls) {
        const std::string names[] = {"localhost", "*.localhost", "*.auth.localhost", "127.0.0.1", "::1"};
        Certificate made = MakeSelfSignedCertificate(random, names, SystemClock().Now(), std::chrono::days(90));
        settings.http.tls = TlsIdentity{.certificate_pem = std::move(made.certificate_pem),
                                        .private_key_pem = std::move(made.private_key_pem)};
    }
    ServeUntilStopped(std::move(settings), stop, config.dev_seed);
    return 0;
} catch (const std::exception& error) {
    return Report(error);
}

int RunServe(const std::string& config_file) try {
    const auto result = ReadConfiguration(Mode::kServe, config_file, {});
    if (!result || !IsUsable(*result)) return 2;
    const sigset_t stop = BlockStopSignals();
    SetLogLevel(result->config.log_level);
    auto master_key = LoadMasterKey(result->config);
    if (!master_key) throw std::runtime_error("no master key is configured");
    ServeUntilStopped(ToSettings(result->config, std::move(*master_key)), stop, "");
    return 0;
} catch (const std::exception& error) {
    return Report(error);
}

}  // namespace cardea
