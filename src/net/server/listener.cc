#include "net/server/listener.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace cardea {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int kBacklog = 4096;

[[noreturn]] void ThrowCannotListen(const std::string& where, const std::string& why) {
    throw std::runtime_error("cannot listen on " + where + ": " + why);
}

bool IsSocket(const std::string& path) {
    struct stat status {};
    return lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

}  // namespace

Listener ListenOnTcp(asio::io_context& io, const HttpServerOptions& options, const ListenAddress& where,
                     ListenAddress& bound) {
    const std::string name = where.address + " port " + std::to_string(where.port);
    if (where.tls && !options.tls) ThrowCannotListen(name, "TLS without a certificate");
    error_code error;
    const auto address = asio::ip::make_address(where.address, error);
    if (error) ThrowCannotListen(name, "not an IP address");
    const tcp::endpoint endpoint(address, where.port);
    asio::basic_socket_acceptor<tcp, LoopExecutor> acceptor(io);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(kBacklog, error);
    if (error) ThrowCannotListen(name, error.message());
    bound = where;
    bound.port = acceptor.local_endpoint().port();
    return {.acceptor = LoopAcceptor(std::move(acceptor)),
            .pause = LoopTimer(io),
            .tls = where.tls,
            .proxies_only = options.plain_for_proxies_only && !where.tls && !address.is_loopback()};
}

Listener ListenOnUnixSocket(asio::io_context& io, const std::string& path) {
    using Local = asio::local::stream_protocol;
    if (path.size() > kMaxUnixSocketPath) ThrowCannotListen(path, "the path of a socket has at most 107 bytes");
    if (IsSocket(path)) {
        Local::socket other(io);
        error_code nobody;
        other.connect(Local::endpoint(path), nobody);
        if (!nobody) ThrowCannotListen(path, "another process serves there");
        unlink(path.c_str());
    }
    error_code error;
    asio::basic_socket_acceptor<Local, LoopExecutor> acceptor(io);
    acceptor.open(Local(), error);
    if (!error) acceptor.bind(Local::endpoint(path), error);
    // Nobody can connect between the two: it does not listen yet.
    if (!error && chmod(path.c_str(), 0600) != 0) error.assign(errno, boost::system::system_category());
    if (!error) acceptor.listen(kBacklog, error);
    if (error) ThrowCannotListen(path, error.message());
    return {.acceptor = LoopAcceptor(std::move(acceptor)), .pause = LoopTimer(io), .local = true};
}

IpAddress ToIpAddress(const asio::generic::stream_protocol::endpoint& peer) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(peer.data());
    const int family = peer.data()->sa_family;
    if (family == AF_INET) return *IpAddressFromBytes({bytes + offsetof(sockaddr_in, sin_addr), 4});
    if (family == AF_INET6) return *IpAddressFromBytes({bytes + offsetof(sockaddr_in6, sin6_addr), 16});
    return {};
}

}  // namespace cardea
