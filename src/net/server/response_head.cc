#include "net/server/response_head.h"

namespace cardea {

bool StatusHasBody(int status) { return status >= 200 && status != 204 && status != 304; }

std::string_view ReasonPhrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Unknown";
    }
}

std::optional<std::string> PrintResponseHead(const HttpResponse& response, ResponseFraming& framing) {
    if (response.status < 200 || response.status > 599) return std::nullopt;
    std::size_t size = 160;
    bool dated = false;
    for (const auto& [name, value] : response.headers) {
        if (!IsHttpToken(name) || !IsHeaderValue(value)) return std::nullopt;
        size += name.size() + value.size() + 4;
    }
    std::string out;
    out.reserve(size);
    out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    out.append(ReasonPhrase(response.status)).append("\r\n");
    for (const auto& [name, value] : response.headers) {
        if (EqualIgnoringCase(name, "connection")) {
            if (EqualIgnoringCase(value, "close")) framing.keep_alive = false;
            continue;
        }
        if (EqualIgnoringCase(name, "content-length") || EqualIgnoringCase(name, "transfer-encoding")) continue;
        dated |= EqualIgnoringCase(name, "date");
        out.append(name).append(": ").append(value).append("\r\n");
    }
    if (!dated) out.append("Date: ").append(framing.date).append("\r\n");
    if (StatusHasBody(response.status))
        out.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
    // HTTP/1.0 clients that keep the connection need to hear it; to others it says nothing new.
    out.append(framing.keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
    return out;
}

}  // namespace cardea
