#pragma once
// Reads one HTTP/1 request at a time from a connection's bytes (RFC 9112), under limits.
//
//   RequestParser parser(limits);
//   switch (parser.Feed(bytes, consumed)) …
//
// Stricter than the grammar where leniency lets two parsers disagree on where a request ends: folded lines, bare line
// feeds, repeated lengths, a length beside an encoding, and encodings other than chunked are refused.

#include <cstddef>
#include <optional>
#include <string_view>

#include "net/http.h"
#include "net/server/chunked.h"

namespace cardea {

struct RequestLimits {
    std::size_t header = 32 * 1024;  // bytes of request line and headers
    std::size_t headers = 128;       // lines
    std::size_t body = 1024 * 1024;  // bytes
};

enum class ParseStep {
    kNeedMore,  // everything usable was consumed: read on
    kHeader,    // the header ended just now, and a body follows: Feed again with what is left
    kDone,      // the request is whole
    kRefused,   // RefusalStatus() says why; nothing after this can be understood
};

class RequestParser {
 public:
    explicit RequestParser(const RequestLimits& limits);
    ~RequestParser();

    // Looks at the connection's unread bytes; `consumed` is set to how many of them are done with. What was not
    // consumed is given again, with more behind it. Total work is linear in the bytes.
    ParseStep Feed(std::string_view input, std::size_t& consumed);
    // The header was read, the body was not yet.
    bool InBody() const { return in_body_; }
    // After kHeader: the client waits for "100 Continue" (RFC 9110 §10.1.1).
    bool ExpectsContinue() const { return expects_continue_; }
    // After kHeader or kDone: the connection may be used again (RFC 9112 §9.3).
    bool KeepAlive() const { return keep_alive_; }
    // After kHeader: the body's length where the client told it, else 0.
    std::size_t DeclaredBody() const { return chunks_ ? 0 : left_; }
    // About what the request takes up in memory, in bytes.
    std::size_t HeldBytes() const { return header_bytes_ + request_.body.capacity(); }
    bool IsHead() const { return request_.method == "HEAD"; }
    // After kRefused: 400, 413, 417, 431, 501 or 505.
    int RefusalStatus() const { return refusal_; }
    HttpRequest& Request() { return request_; }
    // Wipes the request and makes ready for the next.
    void Reset();

 private:
    ParseStep FeedHeader(std::string_view input, std::size_t& consumed);
    ParseStep FeedBody(std::string_view input, std::size_t& consumed);
    bool CheckHeader(bool http11);
    bool SplitTarget();
    ParseStep Refuse(int status);

    const RequestLimits limits_;
    HttpRequest request_;
    std::optional<ChunkedDecoder> chunks_;  // of a chunked body
    std::size_t left_ = 0;                  // of a body of known length
    std::size_t header_bytes_ = 0;          // of the header's lines, and of what is kept for each
    std::size_t scanned_ = 0;               // of the header, looked at for its end
    bool forgave_ = false;                  // an empty line before the request
    bool in_body_ = false;
    bool expects_continue_ = false;
    bool keep_alive_ = false;
    int refusal_ = 0;
};

}  // namespace cardea
