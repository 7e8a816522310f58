#pragma once
// Prints the first lines of a response.

#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace cardea {

struct ResponseFraming {
    bool keep_alive = true;
    std::string_view date;  // as ToHttpDate writes it
};

// The status line and the headers, with the empty line. The framing headers are the server's own: those that the
// handler set are dropped, except that "Connection: close" is heeded (framing.keep_alive becomes false) and a Date is
// kept. Nothing where the response would break the protocol: a bad status, name or value.
std::optional<std::string> PrintResponseHead(const HttpResponse& response, ResponseFraming& framing);

// Whether a response with this status has a body at all (RFC 9110 §6.4.1).
bool StatusHasBody(int status);

// "Not Found"; "Unknown" for a status without a registered phrase.
std::string_view ReasonPhrase(int status);

}  // namespace cardea
