#pragma once
// A TCP client that sends what it is told, byte for byte, and a server to talk to.

#include <arpa/inet.h>
#include <chrono>
#include <gtest/gtest.h>
#include <memory>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "base/clock.h"
#include "net/http_server.h"

namespace cardea {

class RawClient {
 public:
    explicit RawClient(std::uint16_t port, const char* from = "127.0.0.1") {
        descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        inet_pton(AF_INET, from, &address.sin_addr);
        EXPECT_EQ(bind(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
        address.sin_port = htons(port);
        EXPECT_EQ(connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }
    ~RawClient() { Close(); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    // False when the server has closed.
    bool Send(std::string_view text) {
        while (!text.empty()) {
            const ssize_t sent = send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void EndSending() { shutdown(descriptor_, SHUT_WR); }
    void Close() {
        if (descriptor_ >= 0) close(descriptor_);
        descriptor_ = -1;
    }

    // One response with its body, by its Content-Length; empty at the end of the stream. Fails the test when it takes
    // ten seconds.
    std::string Response(bool has_body = true) {
        std::size_t end = 0;
        while ((end = unread_.find("\r\n\r\n")) == std::string::npos)
            if (!Fill()) return std::exchange(unread_, {});
        end += 4;
        const std::size_t length = unread_.find("Content-Length: ");
        if (has_body && length < end) end += std::stoul(unread_.substr(length + 16));
        while (unread_.size() < end)
            if (!Fill()) break;
        std::string out = unread_.substr(0, end);
        unread_.erase(0, end);
        return out;
    }
    // Whatever comes until the server closes.
    std::string Rest() {
        while (Fill()) {
        }
        return std::exchange(unread_, {});
    }

 private:
    bool Fill() {
        pollfd ready{descriptor_, POLLIN, 0};
        if (poll(&ready, 1, 10'000) != 1) {
            ADD_FAILURE() << "no answer";
            return false;
        }
        char bytes[16384];
        const ssize_t got = recv(descriptor_, bytes, sizeof bytes, 0);
        if (got <= 0) return false;
        unread_.append(bytes, static_cast<std::size_t>(got));
        return true;
    }

    int descriptor_ = -1;
    std::string unread_;
};

// "HTTP/1.1 404 …" → 404; 0 when there is no response.
inline int StatusOf(std::string_view response) {
    return response.size() > 12 && response.starts_with("HTTP/1.1 ") ? std::stoi(std::string(response.substr(9, 3)))
                                                                     : 0;
}
inline std::string BodyOf(const std::string& response) {
    const std::size_t end = response.find("\r\n\r\n");
    return end == std::string::npos ? "" : response.substr(end + 4);
}

// Says what it was asked: "POST /path?query body".
inline HttpResponse Echo(const HttpRequest& request) {
    std::string text = request.method + " " + request.path;
    if (!request.query.empty()) text += "?" + request.query;
    return {.status = 200, .headers = {{"content-type", "text/plain"}}, .body = text + " " + request.body};
}

inline HttpServerOptions TestOptions() {
    HttpServerOptions options;
    options.listen = {{"127.0.0.1", 0, false}};
    options.loops = 2;
    options.workers.threads_max = 32;
    options.workers.permits = 2;
    return options;
}

struct TestServer {
    explicit TestServer(HttpHandlers handlers = {.handler = Echo}, HttpServerOptions options = TestOptions())
        : server(std::move(options), std::move(handlers), clock) {
        server.Start();
    }
    std::uint16_t Port() const { return server.BoundAddresses().front().port; }
    // What the server answers to one connection that sends `text`, until it closes.
    std::string Ask(std::string_view text) {
        RawClient client(Port());
        client.Send(text);
        client.EndSending();
        return client.Rest();
    }

    ManualClock clock{FromSeconds(784111777)};
    HttpServer server;
};

// Waits until `condition` holds, for at most ten seconds.
template <class Condition>
bool Eventually(const Condition& condition) {
    const auto until = Monotonic() + std::chrono::seconds(10);
    while (!condition()) {
        if (Monotonic() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace cardea
