#include "http_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace cardea::bench {

HttpConnection::HttpConnection(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket_ < 0 || connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect");
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

HttpConnection::~HttpConnection() { close(socket_); }

HttpConnection::Answer HttpConnection::Call(std::string_view target, std::string_view body) {
    std::string request =
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: ";
    request.append(target).append("\r\n");
    // cognito-local wants every request signed in form; Cardea wants it of operations under IAM only.
    request +=
        "Authorization: AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/cognito-idp/aws4_request, "
        "SignedHeaders=host, Signature=0000000000000000000000000000000000000000000000000000000000000000\r\n"
        "X-Amz-Date: 20260101T000000Z\r\n";
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    request += body;
    for (std::size_t sent = 0; sent < request.size();) {
        const ssize_t n = send(socket_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) throw std::runtime_error("send failed");
        sent += static_cast<std::size_t>(n);
    }
    std::size_t head = std::string::npos, length = 0;
    for (;;) {
        if (head == std::string::npos && (head = buffer_.find("\r\n\r\n")) != std::string::npos) {
            std::string lower = buffer_.substr(0, head);
            for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
            const std::size_t at = lower.find("content-length:");
            if (at == std::string::npos) throw std::runtime_error("an answer without a length");
            length = std::stoul(lower.substr(at + 15));
        }
        if (head != std::string::npos && buffer_.size() >= head + 4 + length) break;
        char chunk[16384];
        const ssize_t n = recv(socket_, chunk, sizeof chunk, 0);
        if (n <= 0) throw std::runtime_error("receive failed");
        buffer_.append(chunk, static_cast<std::size_t>(n));
    }
    Answer answer{std::stoi(buffer_.substr(9, 3)), buffer_.substr(head + 4, length)};
    buffer_.erase(0, head + 4 + length);
    return answer;
}

}  // namespace cardea::bench
