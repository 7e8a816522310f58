#include "app/wire.h"

#include "app/health.h"
#include "app/seed.h"
#include "base/check.h"
#include "base/log.h"
#include "net/cidr.h"
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
      readiness_(*store_),
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
                     .local_handler = [this](const HttpRequest& request) { return AnswerLocally(request); },
                     .inline_handler = [this](const HttpRequest& request) { return AnswerOnLoop(request); },
                     .refused = [this](int status) { return Refuse(status); },
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
                                   s.refused_header + s.refused_body + s.refused_overload + s.refused_memory +
                                   s.refused_clients + s.refused_plain);
    });
    metrics_.AddGauge("cardea_refused_memory_total", "Requests refused because limits.max_buffered was spent",
                      [this] { return static_cast<double>(server_->Stats().refused_memory); });
    metrics_.AddGauge("cardea_refused_clients_total", "Connections over limits.max_connections_per_client",
                      [this] { return static_cast<double>(server_->Stats().refused_clients); });
    metrics_.AddGauge("cardea_refused_plain_total", "Connections in the clear from who is no trusted proxy",
                      [this] { return static_cast<double>(server_->Stats().refused_plain); });
    metrics_.AddGauge("cardea_buffered_bytes", "Bytes of limits.max_buffered in use",
                      [this] { return static_cast<double>(server_->Stats().buffered); });
}

void Program::Reset() {
    ResetAccount(services_);
    directory_.Clear();
    keyring_.Clear();
    clock_.Restore();
}

std::optional<HttpResponse> Program::AnswerOnLoop(const HttpRequest& request) {
    const bool about_store = request.path == "/readyz";
    if (!about_store && request.path != "/livez") return std::nullopt;
    // A health check must not stand in line behind what a hung disk holds up.
    if (about_store && !started_.try_wait()) return PrintMessage(503, "The start is not over.");
    return AnswerHealth(readiness_, metrics_, request);
}

HttpResponse Program::AnswerLocally(const HttpRequest& request) {
    started_.wait();
    return AnswerAdminDoor(
        {.services = services_, .back_up = [this](const std::string& file) { BackUpStore(settings_.database, file); }},
        request);
}

HttpResponse Program::Refuse(int status) {
    // Memory is short for a moment: clients try again, as they do when the queue is full.
    if (status == 503) return PrintApiError(Error::kTooManyRequests, "Rate exceeded", RandomUuid(random_));
    return PrintRefusal(status, RandomUuid(random_));
}

HttpResponse Program::Answer(const HttpRequest& request) {
    started_.wait();
    if (failed_) return PrintMessage(503, "The start failed.");
    // Numbers tell who signs in and how often: in production whoever scrapes them does it on this host.
    if (request.path != "/metrics" || dev_ || IsLoopbackHost(request.client_address))
        if (auto health = AnswerHealth(readiness_, metrics_, request)) return std::move(*health);
    if (dev_) {
        if (!IsFromThisMachine(request, settings_.hosts))
            return PrintMessage(
                403,
                "cardea dev answers this machine's own names and pages only; dev.hosts (CARDEA_DEV__HOSTS) adds one");
        if (auto page = AnswerDevDoor(request, *dev_)) return std::move(*page);
    }
    if (IsApiCall(request)) return AnswerApiCall(api_, request);
    if (auto document = AnswerDiscovery(services_, request)) return std::move(*document);
    return PrintMessage(404, "There is nothing here. The API is at POST /.");
}

}  // namespace cardea
