#pragma once
// A TCP server that plays one conversation: for each connection it says its greeting, then for each line that the
// client sends the next of its answers.

#include <arpa/inet.h>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/check.h"

namespace cardea {

class ScriptedServer {
 public:
    // What a line that begins with `first` gets; "" says nothing. After "354" lines are the mail, up to ".".
    using Script = std::vector<std::pair<std::string, std::string>>;

    ScriptedServer(std::string greeting, Script script)
        : greeting_(std::move(greeting)), script_(std::move(script)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        CHECK(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
        CHECK(listen(listener_, 16) == 0);
        CHECK(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ntohs(address.sin_port);
        CHECK(pipe(stop_) == 0);
        thread_ = std::thread([this] { Run(); });
    }
    ~ScriptedServer() {
        close(stop_[1]);
        thread_.join();
        close(stop_[0]);
        close(listener_);
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    std::uint16_t Port() const { return port_; }
    // Everything that clients have sent.
    std::string Heard() {
        const std::lock_guard lock(mutex_);
        return heard_;
    }

 private:
    bool AwaitInput(int descriptor) const {
        pollfd polled[2] = {{descriptor, POLLIN, 0}, {stop_[0], POLLIN, 0}};
        return poll(polled, 2, -1) > 0 && polled[1].revents == 0;
    }
    void Run() {
        while (AwaitInput(listener_)) {
            const int client = accept(listener_, nullptr, nullptr);
            if (client >= 0) Converse(client);
            close(client);
        }
    }
    static void Say(int client, const std::string& text) {
        if (!text.empty()) (void)send(client, text.data(), text.size(), MSG_NOSIGNAL);
    }
    void Converse(int client) {
        Say(client, greeting_);
        std::string pending;
        bool mail = false;
        for (;;) {
            char bytes[4096];
            if (!AwaitInput(client)) return;
            const ssize_t got = recv(client, bytes, sizeof bytes, 0);
            if (got <= 0) return;
            pending.append(bytes, static_cast<std::size_t>(got));
            {
                const std::lock_guard lock(mutex_);
                heard_.append(bytes, static_cast<std::size_t>(got));
            }
            for (std::size_t end; (end = pending.find("\r\n")) != std::string::npos; pending.erase(0, end + 2))
                Answer(client, pending.substr(0, end), mail);
        }
    }
    void Answer(int client, const std::string& line, bool& mail) const {
        if (mail && line != ".") return;
        mail = false;
        for (const auto& [first, answer] : script_) {
            if (line.rfind(first, 0) != 0) continue;
            mail = answer.rfind("354", 0) == 0;
            return Say(client, answer);
        }
        Say(client, "502 what?\r\n");
    }

    const std::string greeting_;
    const Script script_;
    const int listener_;
    int stop_[2] = {-1, -1};
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::string heard_;
    std::thread thread_;
};

}  // namespace cardea
