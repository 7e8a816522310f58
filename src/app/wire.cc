#include "app/wire.h"

#include "app/health.h"
#include "app/seed.h"
#include "base/check.h"
#include "base/log.h"
#include "oauth/discovery.h"
#include "store/open.h"

namespace cardea {

namespace {

HttpResponse PrintMessage(int status, std::string_view message) {
    JsonWriter out;
    out.BeginObject().Key("message").Text(message).EndObject();
    return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = out.Take()};
}

std::string UrlOf(const ListenAddress& at) {
    const bool everywhere = at.address == "0.0.0.0" || at.address == "::";
    std::string host = everywhere ? "127.0.0.1" : at.address;
    if (at.tls && (everywhere || host == "127.0.0.1" || host == "::1")) host = "localhost";
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    return (at.tls ? "https://" : "http://") + host + ":" + std::to_string(at.port);
}

// Numbers tell who signs in and how often: in production whoever scrapes them does it on this host.
bool IsLoopback(const std::string& address) { return address == "::1" || address.starts_with("127."); }

}  // namespace

Program::Program(ProgramSettings settings)
    : settings_(std::move(settings)),
      store_(OpenStore(settings_.database)),
      directory_(*store_),
      keyring_(*store_, random_, settings_.master_key),
      services_{settings_.account,
                clock_,
                random_,
                *store_,
                directory_,
                keyring_,
                lockout_gate_,
                settings_.account.development
                    ? static_cast<Delivery&>(outbox_.emplace(clock_))
                    : static_cast<Delivery&>(transports_.emplace(settings_.transports, clock_, random_))},
      api_{.services = services_,
           .verify_signatures = !settings_.account.development,
           .observe = [this](std::string_view operation, std::string_view error, std::chrono::microseconds took) {
               metrics_.CountRequest(operation, error, took);
           }} {
    if (outbox_)
        dev_.emplace(DevDoor{.outbox = *outbox_,
                             .clock = clock_,
                             .advance = [this](Duration by) { clock_.Advance(by); },
                             .reset = [this] { Reset(); },
                             .hosts = settings_.hosts});
    // Before the first request: a wrong master key must stop the start, not the first sign-in.
    keyring_.Seal(Keyring::AccountRow(), "start", "start", "");
}

Program::~Program() = default;

void Program::Seed(const std::string& text, const std::string& name) {
    CHECK(settings_.account.development && !server_);
    seed_ = ReadSeedFile(text, name);
}

void Program::Start() {
    server_ = std::make_unique<HttpServer>(
        settings_.http,
        HttpHandlers{.handler = [this](const HttpRequest& request) { return Answer(request); },
                     .inline_handler = [this](const HttpRequest& request) { return AnswerOnLoop(request); },
                     .refused = [this](int status) { return PrintRefusal(status, RandomUuid(random_)); },
                     .overloaded =
                         [this](const HttpRequest&) {
                             return PrintApiError(Error::kTooManyRequests, "Rate exceeded", RandomUuid(random_));
                         }},
        clock_);
    AddGauges();
    server_->Start();
    const ListenAddress* plain = nullptr;
    const ListenAddress* tls = nullptr;
    for (const ListenAddress& at : server_->BoundAddresses()) {
        const ListenAddress*& first = at.tls ? tls : plain;
        if (!first) first = &at;
    }
    if (settings_.account.public_url.empty()) settings_.account.public_url = UrlOf(plain ? *plain : *tls);
    ApplySeedOrRefuse();
    started_.count_down();
    background_ = std::make_unique<Background>(services_, settings_.reserve_keys);
    Log(LogLevel::kInfo, "listening",
        {{"http", plain ? UrlOf(*plain) : ""},
         {"https", tls ? UrlOf(*tls) : ""},
         {"public_url", settings_.account.public_url},
         {"mode", settings_.account.development ? "dev" : "serve"}});
}

// After the public URL is known: a pool's issuer is made of it.
void Program::ApplySeedOrRefuse() {
    try {
        ApplySeed(services_, seed_);
        seed_ = {};  // it holds passwords
    } catch (...) {
        // Requests that wait for the start would hold up the end of the server.
        failed_ = true;
        started_.count_down();
        throw;
    }
}

bool Program::Stop(std::chrono::milliseconds patience) {
    const bool drained = server_->Stop(patience);
    background_.reset();
    Log(LogLevel::kInfo, "stopped", {{"drained", drained ? "yes" : "no"}});
    return drained;
}

void Program::AddGauges() {
    metrics_.AddGauge("cardea_connections_open", "Connections now",
                      [this] { return static_cast<double>(server_->Stats().connections_open); });
    metrics_.AddGauge("cardea_queue_length", "Requests that wait for a worker",
                      [this] { return static_cast<double>(server_->Stats().workers.queued); });
    metrics_.AddGauge("cardea_workers", "Worker threads",
                      [this] { return static_cast<double>(server_->Stats().workers.threads); });
    metrics_.AddGauge("cardea_refused_total", "Requests and connections refused before they were a request", [this] {
        const HttpServerStats s = server_->Stats();
        return static_cast<double>(s.refused_connections + s.refused_handshakes + s.refused_malformed +
                                   s.refused_header + s.refused_body + s.refused_overload);
    });
}

void Program::Reset() {
    ResetAccount(services_);
    directory_.Clear();
    keyring_.Clear();
    clock_.Restore();
}

std::optional<HttpResponse> Program::AnswerOnLoop(const HttpRequest& request) {
    if (request.path == "/livez") return AnswerHealth(*store_, metrics_, request);
    return std::nullopt;
}

HttpResponse Program::Answer(const HttpRequest& request) {
    started_.wait();
    if (failed_) return PrintMessage(503, "The start failed.");
    if (request.path != "/metrics" || dev_ || IsLoopback(request.client_address))
        if (auto health = AnswerHealth(*store_, metrics_, request)) return std::move(*health);
    if (dev_) {
        if (!IsFromThisMachine(request, settings_.hosts))
            return PrintMessage(
                403,
                "cardea dev answers this machine's own names and pages only; dev.hosts (CARDEA_DEV__HOSTS) adds one");
        if (auto page = AnswerDevDoor(request, *dev_)) return std::move(*page);
    } else if (auto answer = AnswerAdminDoor(services_, settings_.master_key, request)) {
        return std::move(*answer);
    }
    if (IsApiCall(request)) return AnswerApiCall(api_, request);
    if (auto document = AnswerDiscovery(services_, request)) return std::move(*document);
    return PrintMessage(404, "There is nothing here. The API is at POST /.");
}

}  // namespace cardea
