#pragma once
// HTTP as the doors see it: a whole request comes in, a whole response goes out.
//
//   HttpResponse Answer(const HttpRequest& request) {
//       if (request.path != "/livez") return {.status = 404};
//       return {.status = 200, .headers = {{"content-type", "text/plain"}}, .body = "ok"};
//   }

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace cardea {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// The value of the first header of that name, without regard to case; empty where there is none.
std::string_view FindHeader(const HttpHeaders& headers, std::string_view name);

// One request, read whole and checked by the server (RFC 9110, RFC 9112).
struct HttpRequest {
    std::string method;          // as sent; methods are case-sensitive
    std::string target;          // as sent
    std::string path;            // of the target, before '?', still percent-encoded; "*" for OPTIONS *
    std::string query;           // of the target, after '?', still percent-encoded
    HttpHeaders headers;         // names in lower case, in the order in which they came
    std::string body;            // may hold passwords: the server wipes it when the request ends
    std::string client_address;  // the client's IP address, seen through trusted proxies
    std::string host;            // lower case, with the port when the client sent one; empty in HTTP/1.0 without Host
    bool secure = false;         // the client's own connection is TLS, as far as trusted proxies tell

    // The first header of that name, which is given in lower case; empty where there is none.
    std::string_view Header(std::string_view name) const;
};

// The server adds Content-Length, Connection and (unless it is given) Date. A status outside 200..599, a name that is
// no token, or a value with a control character makes the server answer 500 instead.
struct HttpResponse {
    int status = 200;
    HttpHeaders headers = {};
    std::string body = {};
};

// Called by many threads at once. Whatever it throws becomes an empty 500 and a line in the log.
using Handler = std::function<HttpResponse(const HttpRequest&)>;

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7).
std::string ToHttpDate(Instant at);

// ASCII letters only; other bytes are left alone.
std::string ToLowerAscii(std::string_view text);
// Compares without regard to the case of ASCII letters.
bool EqualIgnoringCase(std::string_view a, std::string_view b);
// A token of RFC 9110 §5.6.2: what a header's name may be.
bool IsHttpToken(std::string_view text);
// Free of control characters other than the tab, so that it cannot end a header line.
bool IsHeaderValue(std::string_view text);

}  // namespace cardea
