#include "app/health.h"

namespace cardea {

namespace {

HttpResponse Plain(int status, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}},
            .body = std::move(body)};
}

}  // namespace

std::optional<HttpResponse> AnswerHealth(Readiness& readiness, Metrics& metrics, const HttpRequest& request) {
    if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
    if (request.path == "/livez") return Plain(200, "ok\n");
    if (request.path == "/readyz")
        return readiness.Read() ? Plain(200, "ready\n") : Plain(503, "the store does not answer\n");
    if (request.path == "/metrics") {
        HttpResponse response = Plain(200, metrics.Print());
        response.headers[0].second = "text/plain; version=0.0.4; charset=utf-8";
        return response;
    }
    return std::nullopt;
}

}  // namespace cardea
