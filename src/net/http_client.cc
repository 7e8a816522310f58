#include "net/http_client.h"

#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>

#include "base/permits.h"
#include "net/cidr.h"
#include "net/curl_handle.h"
#include "net/url.h"

namespace cardea {

namespace {

constexpr std::size_t kMaxResponseHeader = 64 * 1024;

struct Exchange {
    const HttpCall& call;
    HttpResponse response;
    std::size_t header_bytes = 0;
    bool too_large = false;
    bool forbidden = false;
};

std::size_t OnHeader(char* bytes, std::size_t one, std::size_t size, void* to) {
    Exchange& exchange = *static_cast<Exchange*>(to);
    std::string_view line(bytes, one * size);
    exchange.header_bytes += line.size();
    if (exchange.header_bytes > kMaxResponseHeader) {
        exchange.too_large = true;
        return 0;
    }
    if (line.starts_with("HTTP/")) exchange.response.headers.clear();  // what came before was "100 Continue"
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return one * size;
    const std::string_view value = line.substr(colon + 1);
    const std::size_t first = value.find_first_not_of(" \t\r\n"), last = value.find_last_not_of(" \t\r\n");
    exchange.response.headers.emplace_back(
        ToLowerAscii(line.substr(0, colon)),
        first == std::string_view::npos ? "" : std::string(value.substr(first, last - first + 1)));
    return one * size;
}

std::size_t OnBody(char* bytes, std::size_t one, std::size_t size, void* to) {
    Exchange& exchange = *static_cast<Exchange*>(to);
    if (exchange.response.body.size() + one * size > exchange.call.max_response) {
        exchange.too_large = true;
        return 0;
    }
    exchange.response.body.append(bytes, one * size);
    return one * size;
}

bool MayConnect(const sockaddr& address) {
    std::optional<IpAddress> ip;
    if (address.sa_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        ip = IpAddressFromBytes({reinterpret_cast<const unsigned char*>(&v4.sin_addr), 4});
    } else if (address.sa_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
        ip = IpAddressFromBytes({reinterpret_cast<const unsigned char*>(&v6.sin6_addr), 16});
    }
    return ip && IsPublicAddress(*ip);
}

// Where the decision holds: after the name was resolved, for the very address that is connected to.
curl_socket_t OnOpenSocket(void* to, curlsocktype, curl_sockaddr* address) {
    Exchange& exchange = *static_cast<Exchange*>(to);
    if (!exchange.call.allow_private_addresses && !MayConnect(address->addr)) {
        exchange.forbidden = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// One handle, and so one set of open connections, for each kind of caller: a connection to a private address must not
// be found open by a call that may not make it.
CURL* HandleOfThisThread(bool allow_private_addresses) {
    static thread_local CurlHandle open, confined;
    CurlHandle& handle = allow_private_addresses ? open : confined;
    if (!handle) handle = MakeCurlHandle();
    curl_easy_reset(handle.get());
    return handle.get();
}

std::optional<std::string> FindMistake(const HttpCall& call) {
    if (!IsHttpToken(call.method)) return "method";
    const auto url = ParseUrl(call.url);
    if (!url || url->has_fragment) return "URL";
    for (const auto& [name, value] : call.headers)
        if (!IsHttpToken(name) || !IsHeaderValue(value)) return "header " + (IsHttpToken(name) ? name : "");
    return std::nullopt;
}

// libcurl would send some headers of its own accord: the empty forms take them back.
CurlList MakeHeaders(const HttpCall& call) {
    CurlList out;
    Append(out, "Expect:");
    Append(out, "Accept:");
    if (FindHeader(call.headers, "content-type").empty()) Append(out, "Content-Type:");
    for (const auto& [name, value] : call.headers) Append(out, (name + (value.empty() ? ";" : ": " + value)).c_str());
    return out;
}

void SetRequest(CURL* handle, const HttpCall& call) {
    Set(handle, CURLOPT_URL, call.url.c_str());
    if (call.method == "HEAD") {
        Set(handle, CURLOPT_NOBODY, 1L);
    } else if (call.method == "GET" && call.body.empty()) {
        Set(handle, CURLOPT_HTTPGET, 1L);
    } else {
        Set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
        Set(handle, CURLOPT_POSTFIELDS, call.body.data());
        Set(handle, CURLOPT_CUSTOMREQUEST, call.method.c_str());
    }
}

void SetLimits(CURL* handle, Exchange& exchange) {
    Set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    Set(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    Set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    Set(handle, CURLOPT_PROXY, "");
    if (!exchange.call.unix_socket.empty()) Set(handle, CURLOPT_UNIX_SOCKET_PATH, exchange.call.unix_socket.c_str());
    Set(handle, CURLOPT_NOSIGNAL, 1L);
    Set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    Set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    SetTimeout(handle, exchange.call.timeout);
    Set(handle, CURLOPT_MAXCONNECTS, 4L);
    Set(handle, CURLOPT_OPENSOCKETFUNCTION, OnOpenSocket);
    Set(handle, CURLOPT_OPENSOCKETDATA, &exchange);
    Set(handle, CURLOPT_HEADERFUNCTION, OnHeader);
    Set(handle, CURLOPT_HEADERDATA, &exchange);
    Set(handle, CURLOPT_WRITEFUNCTION, OnBody);
    Set(handle, CURLOPT_WRITEDATA, &exchange);
}

HttpFailure Explain(CURLcode code, const Exchange& exchange, const char* detail) {
    using Kind = HttpFailure::Kind;
    if (exchange.forbidden) return {Kind::kForbidden, "the host has no public address"};
    if (exchange.too_large) return {Kind::kTooLarge, "the response is too large"};
    return {code == CURLE_OPERATION_TIMEDOUT ? Kind::kTimeout : Kind::kUnreachable,
            *detail ? detail : curl_easy_strerror(code)};
}

}  // namespace

HttpClient::HttpClient(HttpClientOptions options) : options_(std::move(options)) {}

std::variant<HttpResponse, HttpFailure> HttpClient::Send(const HttpCall& call) const {
    if (const auto mistake = FindMistake(call))
        return HttpFailure{HttpFailure::Kind::kInvalid, "cannot be sent: " + *mistake};
    CURL* handle = HandleOfThisThread(call.allow_private_addresses);
    Exchange exchange{.call = call, .response = {}};
    SetRequest(handle, call);
    SetLimits(handle, exchange);
    const CurlList headers = MakeHeaders(call);
    Set(handle, CURLOPT_HTTPHEADER, headers.get());
    Set(handle, CURLOPT_USERAGENT, options_.user_agent.c_str());
    if (!options_.ca_file.empty()) Set(handle, CURLOPT_CAINFO, options_.ca_file.c_str());
    char detail[CURL_ERROR_SIZE] = "";
    Set(handle, CURLOPT_ERRORBUFFER, detail);

    CURLcode code;
    {
        const Blocking outside;
        code = curl_easy_perform(handle);
    }
    long status = 0;
    if (code == CURLE_OK) curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_reset(handle);  // it must not keep pointers into this frame
    if (code != CURLE_OK) return Explain(code, exchange, detail);
    exchange.response.status = static_cast<int>(status);
    return std::move(exchange.response);
}

}  // namespace cardea
