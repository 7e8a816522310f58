#pragma once
// The server's side of TLS. Includes OpenSSL: for the server's own translation units only.

#include <boost/asio/ssl/context.hpp>

#include "net/http_server.h"

namespace cardea {

// TLS 1.2 and 1.3 with forward secrecy and authenticated encryption only, ALPN "http/1.1", resumption by tickets, no
// renegotiation, no compression. Throws std::runtime_error where the certificate or the key cannot be used.
boost::asio::ssl::context MakeTlsContext(const TlsIdentity& identity);

}  // namespace cardea
