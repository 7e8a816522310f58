#pragma once
// What the loops and connections of one server share.

#include <atomic>
#include <cstdint>

#include "net/http_server.h"
#include "net/server/client_counts.h"
#include "net/server/memory_budget.h"
#include "net/server/request_parser.h"
#include "net/worker_pool.h"

namespace cardea {

// Statistics: relaxed, nothing is ordered by them.
class Count {
 public:
    void Add(std::uint64_t by = 1) { value_.fetch_add(by, std::memory_order_relaxed); }
    std::uint64_t Read() const { return value_.load(std::memory_order_relaxed); }

 private:
    std::atomic<std::uint64_t> value_{0};
};

struct ServerCounts {
    Count connections, requests;
    Count refused_connections, refused_handshakes, refused_malformed, refused_header, refused_body, refused_overload;
    Count refused_memory, refused_clients, refused_plain;
    Count timed_out, failed;
};

// Deadlines in ticks of the loops' one coarse timer.
struct Ticks {
    std::chrono::milliseconds length{250};
    std::uint64_t handshake = 0, header = 0, body = 0, idle = 0, write = 0, linger = 0;
};

struct Serving {
    const HttpServerOptions options;
    const HttpHandlers handlers;
    const Clock& clock;
    const RequestLimits limits;
    const Ticks ticks;
    WorkerPool workers;
    MemoryBudget memory;
    ClientCounts clients;
    ServerCounts counts{};
    std::atomic<std::size_t> open{0};  // connections
    std::atomic<bool> draining{false};
};

}  // namespace cardea
