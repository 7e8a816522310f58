#pragma once
// A keep-alive HTTP/1.1 connection for the load generator: one request at a time, blocking.

#include <string>
#include <string_view>

namespace cardea::bench {

class HttpConnection {
 public:
    explicit HttpConnection(int port);
    ~HttpConnection();
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    struct Answer {
        int status = 0;
        std::string body;
    };
    // Calls an operation of the user pools API. Throws std::runtime_error where the connection breaks.
    Answer Call(std::string_view target, std::string_view body);

 private:
    int socket_;
    std::string buffer_;
};

}  // namespace cardea::bench
