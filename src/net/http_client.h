#pragma once
// A blocking HTTP client, for workers: triggers, identity providers, SMS gateways.
//
//   const HttpClient client;
//   const auto result = client.Send({.method = "POST", .url = url, .body = json});
//   if (const auto* response = std::get_if<HttpResponse>(&result)) …
//
// http and https only, HTTP/1.1, certificates verified, no redirects, no proxies and cookies from the environment.

#include <chrono>
#include <string>
#include <variant>

#include "net/http.h"

namespace cardea {

struct HttpClientOptions {
    std::string ca_file;  // PEM; empty: the system's
    std::string user_agent = "cardea/" CARDEA_VERSION;
};

struct HttpCall {
    std::string method = "GET";
    std::string url;
    HttpHeaders headers = {};
    std::string body = {};
    std::chrono::milliseconds timeout{5'000};  // for all of it
    std::size_t max_response = 1024 * 1024;    // bytes of body; headers may have 64 KiB
    // For URLs that the operator wrote. Those that a tenant wrote must not reach into the operator's network: without
    // this, only public addresses are connected to, whatever the name resolves to.
    bool allow_private_addresses = false;
    std::string unix_socket = {};  // the way to connect, whatever host the URL names; needs allow_private_addresses
};

struct HttpFailure {
    enum class Kind : std::uint8_t {
        kInvalid,      // the call itself: its URL, method or a header cannot be sent
        kForbidden,    // a private address
        kUnreachable,  // no connection, TLS failed, or the connection broke
        kTimeout,
        kTooLarge,
    } kind = Kind::kUnreachable;
    std::string text;  // for the log
};

// Thread-safe. Each thread keeps a few connections open for its next calls.
class HttpClient {
 public:
    explicit HttpClient(HttpClientOptions options = {});
    // Blocks, inside Blocking. Does not throw. The response's header names are in lower case.
    std::variant<HttpResponse, HttpFailure> Send(const HttpCall& call) const;

 private:
    HttpClientOptions options_;
};

}  // namespace cardea
