#pragma once
// The HTTP server: event loops read whole requests under limits and deadlines, worker threads answer them.
//
//   HttpServer server({.listen = {{"127.0.0.1", 9229}}}, {.handler = Answer}, clock);
//   server.Start();
//   …
//   server.Stop(std::chrono::seconds(10));
//
// HTTP/1.1 and 1.0, over TCP or TLS 1.2 and 1.3. A handler sees a request only when all of it has arrived, may block,
// and never learns of slow or hostile clients.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "net/cidr.h"
#include "net/http.h"
#include "net/server/forwarded.h"
#include "net/worker_pool.h"

namespace cardea {

struct ListenAddress {
    std::string address = "127.0.0.1";  // "::" takes IPv6 only: list "0.0.0.0" beside it for both
    std::uint16_t port = 0;             // 0: any free one, which BoundAddresses tells
    bool tls = false;
};

struct TlsIdentity {
    std::string certificate_pem;  // the server's own first, then its intermediates
    Secret private_key_pem;
};

struct HttpServerOptions {
    std::vector<ListenAddress> listen;
    std::optional<TlsIdentity> tls;  // needed where an address has tls
    std::size_t loops = UsableCores();
    WorkerPoolOptions workers;

    std::size_t max_header = 32 * 1024;  // bytes of request line and headers: more is 431
    std::size_t max_headers = 128;       // lines: more is 431
    std::size_t max_body = 1024 * 1024;  // bytes: more is 413, unread
    std::size_t max_connections = 10'000;
    // Connections of one client (an IPv4 address, an IPv6 /64); those of trusted proxies are not counted.
    std::size_t max_connections_per_client = 500;
    // Bytes of requests in memory, beyond the 32 KiB that each connection has of its own: more is 503, unread where the
    // client has told the length. At least twice max_body, or the largest request could never pass.
    std::size_t max_buffered = 128 * 1024 * 1024;

    std::chrono::milliseconds handshake_deadline{10'000};  // PROXY header and TLS handshake
    std::chrono::milliseconds header_deadline{10'000};     // from a request's first byte (or the connection's start)
    std::chrono::milliseconds body_deadline{30'000};       // from the end of the header
    std::chrono::milliseconds idle_deadline{75'000};       // between requests
    std::chrono::milliseconds write_deadline{30'000};      // for one response

    std::vector<Cidr> trusted_proxies;
    ForwardedStyle forwarded_style = ForwardedStyle::kXForwarded;
    // Every connection must start with a PROXY header, and come from a trusted proxy.
    bool proxy_protocol = false;
    // On addresses without TLS that are not loopback's, only trusted proxies and this host are served: passwords of
    // anybody else would cross the network in the clear.
    bool plain_for_proxies_only = false;

    // A Unix socket for processes of this user, whose requests go to HttpHandlers::local_handler. Made with mode 0600,
    // in place of one that an earlier process has left, and removed at the end. Empty: none. At most 107 bytes.
    std::string unix_socket = {};
};

// The longest path that a Unix socket can have, in bytes (unix(7)).
inline constexpr std::size_t kMaxUnixSocketPath = 107;

struct HttpHandlers {
    Handler handler;  // on a worker thread
    // On a worker thread, for requests by the Unix socket; needed where there is one.
    Handler local_handler = nullptr;
    // On the event loop, before `handler`: for what never blocks and costs microseconds. Nothing: not mine.
    std::function<std::optional<HttpResponse>(const HttpRequest&)> inline_handler = nullptr;
    // On the event loop, for a request that was refused before it was whole (400, 408, 413, 417, 431, 501, 503, 505).
    // Default: an empty answer. Its status stays.
    std::function<HttpResponse(int status)> refused = nullptr;
    // On the event loop, when the workers' queue is full. Default: an empty 503.
    Handler overloaded = nullptr;
};

// Counted since the start, except connections_open, buffered and the worker pool's, which are of now.
struct HttpServerStats {
    std::uint64_t connections_open = 0;
    std::uint64_t connections = 0;
    std::uint64_t requests = 0;             // that reached a handler or found the queue full
    std::uint64_t refused_connections = 0;  // over max_connections, or without a proxy's word
    std::uint64_t refused_handshakes = 0;   // TLS failed
    std::uint64_t refused_malformed = 0;    // 400, 417, 501, 505
    std::uint64_t refused_header = 0;       // 431
    std::uint64_t refused_body = 0;         // 413
    std::uint64_t refused_overload = 0;
    std::uint64_t refused_memory = 0;   // 503: over max_buffered
    std::uint64_t refused_clients = 0;  // over max_connections_per_client
    std::uint64_t refused_plain = 0;    // strangers that would have spoken in the clear
    std::uint64_t buffered = 0;         // bytes of max_buffered in use now
    std::uint64_t timed_out = 0;        // cut off by a deadline other than the idle one
    std::uint64_t failed = 0;           // handlers that threw, or answered what cannot be sent
    WorkerPoolStats workers;
};

// Start, Stop and the destructor are called by one thread; the rest is thread-safe.
class HttpServer {
 public:
    // `clock` gives the Date header, and outlives the server.
    HttpServer(HttpServerOptions options, HttpHandlers handlers, const Clock& clock);
    // Stops without patience, but waits for the handlers that run.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    // Binds and serves. Throws std::runtime_error, with the address in its text, where one cannot be bound, and where
    // certificate and key cannot be used.
    void Start();
    // What Start bound, in the order of options.listen.
    const std::vector<ListenAddress>& BoundAddresses() const;
    // Accepts no more, answers the requests that have begun (with "Connection: close"), then closes. False when that
    // took longer than `patience`: what was left is cut off, and handlers may still be running.
    bool Stop(std::chrono::milliseconds patience);
    HttpServerStats Stats() const;

 private:
    class Engine;
    std::unique_ptr<Engine> engine_;
};

}  // namespace cardea
