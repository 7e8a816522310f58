#pragma once
// What the server listens on: TCP addresses, and a Unix socket. Includes Asio: for the server's own translation units
// only.

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <string>

#include "net/http_server.h"
#include "net/server/loop.h"

namespace cardea {

using LoopAcceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol, LoopExecutor>;

struct Listener {
    LoopAcceptor acceptor;
    LoopTimer pause;  // when descriptors have run out
    bool tls = false;
    bool proxies_only = false;                               // HttpServerOptions::plain_for_proxies_only applies
    bool local = false;                                      // the Unix socket
    boost::asio::generic::stream_protocol::endpoint peer{};  // of the connection being accepted
};

// Both throw std::runtime_error with the address in its text where it cannot be bound.
// `bound` is set to `where` with the port that was found.
Listener ListenOnTcp(boost::asio::io_context& io, const HttpServerOptions& options, const ListenAddress& where,
                     ListenAddress& bound);
// Takes the place of a socket that nobody serves, and of nothing else.
Listener ListenOnUnixSocket(boost::asio::io_context& io, const std::string& path);

// The address of a peer by TCP; all zeros for any other.
IpAddress ToIpAddress(const boost::asio::generic::stream_protocol::endpoint& peer);

}  // namespace cardea
