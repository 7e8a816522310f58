#pragma once
// One event loop on one thread, with the connections that live on it. Includes Asio: for the server's own translation
// units only.

#include <atomic>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <list>
#include <memory>
#include <thread>

#include "base/function_ref.h"
#include "net/cidr.h"
#include "net/server/serving.h"

namespace cardea {

// The concrete executor: a type-erased one costs a tenth of the server's speed.
using LoopExecutor = boost::asio::io_context::executor_type;
using LoopSocket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, LoopExecutor>;
using LoopTimer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                    boost::asio::wait_traits<std::chrono::steady_clock>, LoopExecutor>;

class Connection;
using ConnectionList = std::list<std::shared_ptr<Connection>>;

// A connection that was accepted.
struct Accepted {
    LoopSocket socket;
    IpAddress peer;
    ClientPlace place;   // empty where the peer's connections are not counted
    bool tls = false;    // it begins with a handshake
    bool local = false;  // it came by the Unix socket
};

// Everything but Start, Join, Post and Tick is for the loop's own thread.
class Loop {
 public:
    // `tls` may be null where no address uses it; both outlive the loop.
    Loop(Serving& serving, boost::asio::ssl::context* tls);
    ~Loop();

    void Start();
    // Ends the loop at once and waits for its thread. Connections stay as they are.
    void Join();

    boost::asio::io_context& Io() { return io_; }
    Serving& Shared() { return serving_; }
    boost::asio::ssl::context& Tls() { return *tls_; }
    // The coarse clock of the deadlines.
    std::uint64_t Tick() const { return tick_.load(std::memory_order_relaxed); }

    void Adopt(Accepted accepted);
    void Remove(ConnectionList::iterator place);
    // Closes what rests; the others close when they have answered.
    void Drain();
    // Closes everything that no worker holds.
    void CloseAll();

 private:
    void ArmTimer();
    void OnTick();
    void ForEach(FunctionRef<void(Connection&)> visit);

    Serving& serving_;
    boost::asio::ssl::context* const tls_;
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<LoopExecutor> work_;
    LoopTimer timer_;
    std::atomic<std::uint64_t> tick_{1};
    ConnectionList connections_;
    std::thread thread_;
};

}  // namespace cardea
