#include "net/http_server.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <unistd.h>

#include "base/check.h"
#include "base/log.h"
#include "net/server/listener.h"
#include "net/server/loop.h"
#include "net/server/serving.h"
#include "net/server/tls_context.h"

namespace cardea {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLinger{2'000};
constexpr milliseconds kAcceptPause{100};  // when descriptors have run out
constexpr std::chrono::minutes kSaySeldom{1};

Ticks MakeTicks(const HttpServerOptions& options) {
    const milliseconds shortest = std::min({options.handshake_deadline, options.header_deadline, options.body_deadline,
                                            options.idle_deadline, options.write_deadline});
    CHECK(shortest.count() > 0);
    Ticks out;
    out.length = std::clamp(shortest / 4, milliseconds(5), milliseconds(250));
    // One more: the present tick has partly gone by.
    const auto in_ticks = [&](milliseconds span) { return static_cast<std::uint64_t>(span / out.length) + 1; };
    out.handshake = in_ticks(options.handshake_deadline);
    out.header = in_ticks(options.header_deadline);
    out.body = in_ticks(options.body_deadline);
    out.idle = in_ticks(options.idle_deadline);
    out.write = in_ticks(options.write_deadline);
    out.linger = in_ticks(std::min(kLinger, options.write_deadline));
    return out;
}

}  // namespace

// One acceptor an address, on the first loop, deals connections out to all loops in turn: evenly, and an address that
// is taken is an error, which SO_REUSEPORT would hide.
class HttpServer::Engine {
 public:
    Engine(HttpServerOptions options, HttpHandlers handlers, const Clock& clock)
        : serving_{.options = std::move(options),
                   .handlers = std::move(handlers),
                   .clock = clock,
                   .limits = {.header = serving_.options.max_header,
                              .headers = serving_.options.max_headers,
                              .body = serving_.options.max_body},
                   .ticks = MakeTicks(serving_.options),
                   .workers = WorkerPool(serving_.options.workers),
                   .memory = MemoryBudget(serving_.options.max_buffered),
                   .clients = ClientCounts(serving_.options.max_connections_per_client)} {
        CHECK(serving_.handlers.handler != nullptr);
        CHECK(serving_.options.unix_socket.empty() || serving_.handlers.local_handler != nullptr);
    }

    ~Engine() {
        Stop(milliseconds(0));
        serving_.workers.Stop();  // before the loops go: running handlers report to them
    }

    void Start() {
        CHECK(loops_.empty());
        const HttpServerOptions& options = serving_.options;
        if (options.tls) tls_.emplace(MakeTlsContext(*options.tls));
        for (std::size_t i = 0; i < std::max<std::size_t>(1, options.loops); ++i)
            loops_.push_back(std::make_unique<Loop>(serving_, tls_ ? &*tls_ : nullptr));
        asio::io_context& first = loops_.front()->Io();
        for (const ListenAddress& where : options.listen)
            listeners_.push_back(ListenOnTcp(first, options, where, bound_.emplace_back()));
        if (!options.unix_socket.empty()) listeners_.push_back(ListenOnUnixSocket(first, options.unix_socket));
        for (Listener& listener : listeners_) Accept(listener);
        for (const auto& loop : loops_) loop->Start();
        running_ = true;
    }

    bool Stop(milliseconds patience) {
        if (!running_) return true;
        running_ = false;
        serving_.draining = true;
        if (!serving_.options.unix_socket.empty()) unlink(serving_.options.unix_socket.c_str());
        asio::post(loops_.front()->Io(), [this] {
            error_code ignored;
            for (Listener& listener : listeners_) {
                listener.acceptor.close(ignored);
                listener.pause.cancel();
            }
        });
        for (const auto& loop : loops_) asio::post(loop->Io(), [&loop] { loop->Drain(); });
        const bool drained = AwaitNoConnection(patience);
        if (!drained) {
            for (const auto& loop : loops_) asio::post(loop->Io(), [&loop] { loop->CloseAll(); });
            AwaitNoConnection(milliseconds(100));
        }
        for (const auto& loop : loops_) loop->Join();
        return drained;
    }

    const std::vector<ListenAddress>& Bound() const { return bound_; }

    HttpServerStats Stats() const {
        const ServerCounts& counts = serving_.counts;
        return {.connections_open = serving_.open.load(),
                .connections = counts.connections.Read(),
                .requests = counts.requests.Read(),
                .refused_connections = counts.refused_connections.Read(),
                .refused_handshakes = counts.refused_handshakes.Read(),
                .refused_malformed = counts.refused_malformed.Read(),
                .refused_header = counts.refused_header.Read(),
                .refused_body = counts.refused_body.Read(),
                .refused_overload = counts.refused_overload.Read(),
                .refused_memory = counts.refused_memory.Read(),
                .refused_clients = counts.refused_clients.Read(),
                .refused_plain = counts.refused_plain.Read(),
                .buffered = serving_.memory.Used(),
                .timed_out = counts.timed_out.Read(),
                .failed = counts.failed.Read(),
                .workers = serving_.workers.Stats()};
    }

 private:
    void Accept(Listener& listener) {
        Loop& loop = *loops_[next_loop_++ % loops_.size()];
        listener.acceptor.async_accept(loop.Io(), listener.peer,
                                       [this, &listener, &loop](const error_code& error, LoopSocket socket) {
                                           if (!listener.acceptor.is_open()) return;
                                           if (error && error != asio::error::connection_aborted)
                                               return PauseAccepting(listener, error);
                                           if (!error) Admit(listener, loop, std::move(socket));
                                           Accept(listener);
                                       });
    }

    void PauseAccepting(Listener& listener, const error_code& error) {
        Log(LogLevel::kWarning, "accept_failed", {{"reason", error.message()}});
        listener.pause.expires_after(kAcceptPause);
        listener.pause.async_wait([this, &listener](const error_code& cancelled) {
            if (!cancelled && listener.acceptor.is_open()) Accept(listener);
        });
    }

    // Refuses by closing: the socket ends with the scope.
    void Admit(const Listener& listener, Loop& loop, LoopSocket socket) {
        serving_.counts.connections.Add();
        Accepted accepted{.socket = std::move(socket),
                          .peer = ToIpAddress(listener.peer),
                          .place = {},
                          .tls = listener.tls,
                          .local = listener.local};
        if (!listener.local && !MayConnect(listener, accepted)) return;
        serving_.open.fetch_add(1);
        asio::post(loop.Io(), [&loop, accepted = std::move(accepted)]() mutable { loop.Adopt(std::move(accepted)); });
    }

    // The administrator's socket is not asked: it must work while strangers fill the rest.
    bool MayConnect(const Listener& listener, Accepted& accepted) {
        const bool trusted = ContainedInAny(serving_.options.trusted_proxies, accepted.peer);
        if (listener.proxies_only && !trusted && !IsLoopback(accepted.peer)) {
            serving_.counts.refused_plain.Add();
            SayThatStrangersAreRefused(accepted.peer);
            return false;
        }
        if (serving_.open.load() >= serving_.options.max_connections) {
            serving_.counts.refused_connections.Add();
            return false;
        }
        // A PROXY header tells the client later (Connection::TakePlace).
        if (!trusted && !serving_.options.proxy_protocol) {
            accepted.place = serving_.clients.Take(accepted.peer);
            if (!accepted.place) return serving_.counts.refused_clients.Add(), false;
        }
        error_code ignored;
        accepted.socket.set_option(tcp::no_delay(true), ignored);
        return true;
    }

    void SayThatStrangersAreRefused(const IpAddress& peer) {
        const auto now = Monotonic();
        if (said_at_ && now - *said_at_ < kSaySeldom) return;
        said_at_ = now;
        Log(LogLevel::kWarning, "plain_http_refused",
            {{"source_ip", ToText(peer)},
             {"reason", "an address without TLS serves proxy.trusted and this host only; said once a minute at most"}});
    }

    // Polls: once in a process's life, for at most `patience`.
    bool AwaitNoConnection(milliseconds patience) {
        const auto until = Monotonic() + patience;
        while (serving_.open.load(std::memory_order_acquire) > 0) {
            if (Monotonic() >= until) return false;
            std::this_thread::sleep_for(milliseconds(2));
        }
        return true;
    }

    Serving serving_;
    std::optional<asio::ssl::context> tls_;
    std::vector<std::unique_ptr<Loop>> loops_;
    std::list<Listener> listeners_;
    std::vector<ListenAddress> bound_;
    std::size_t next_loop_ = 0;                                     // the first loop's
    std::optional<std::chrono::steady_clock::time_point> said_at_;  // the first loop's
    bool running_ = false;
};

HttpServer::HttpServer(HttpServerOptions options, HttpHandlers handlers, const Clock& clock)
    : engine_(std::make_unique<Engine>(std::move(options), std::move(handlers), clock)) {}
HttpServer::~HttpServer() = default;
void HttpServer::Start() { engine_->Start(); }
const std::vector<ListenAddress>& HttpServer::BoundAddresses() const { return engine_->Bound(); }
bool HttpServer::Stop(std::chrono::milliseconds patience) { return engine_->Stop(patience); }
HttpServerStats HttpServer::Stats() const { return engine_->Stats(); }

}  // namespace cardea
