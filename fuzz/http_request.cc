// HTTP requests: however the network cuts them, they are the same requests and end in the same place.
#include "base/check.h"
#include "net/server/request_parser.h"
#include "targets.h"

namespace cardea {

namespace {

constexpr RequestLimits kLimits{.header = 2048, .headers = 16, .body = 4096};

// What the parser made of the bytes up to the end of the first request.
struct Outcome {
    ParseStep step = ParseStep::kNeedMore;
    int refusal = 0;
    std::size_t end = 0;  // where the request ends; of whole ones only
    std::string text;     // all of the request
    bool operator==(const Outcome&) const = default;
};

std::string Describe(RequestParser& parser) {
    const HttpRequest& request = parser.Request();
    std::string out = request.method + '\n' + request.target + '\n' + request.path + '\n' + request.query + '\n' +
                      request.host + '\n' + (parser.KeepAlive() ? "keep\n" : "close\n");
    for (const auto& [name, value] : request.headers) {
        CHECK(IsHeaderValue(value));
        out += name + ':' + value + '\n';
    }
    return out + request.body;
}

// Feeds as a connection does: `piece` more bytes each time, the unread ones again.
Outcome Read(std::string_view bytes, std::size_t piece) {
    RequestParser parser(kLimits);
    std::size_t begin = 0, end = 0;
    for (;;) {
        std::size_t consumed = 0;
        const std::string_view unread = bytes.substr(begin, end - begin);
        const ParseStep step = parser.Feed(unread, consumed);
        CHECK(consumed <= unread.size());
        begin += consumed;
        if (step == ParseStep::kRefused) return {.step = step, .refusal = parser.RefusalStatus()};
        if (step == ParseStep::kDone) {
            CHECK(parser.Request().body.size() <= kLimits.body);
            return {.step = step, .end = begin, .text = Describe(parser)};
        }
        if (step == ParseStep::kHeader) continue;
        if (end == bytes.size()) return {.step = step};
        end = std::min(bytes.size(), end + piece);
    }
}

}  // namespace

void FuzzHttpRequest(std::string_view bytes) {
    const Outcome whole = Read(bytes, std::max<std::size_t>(1, bytes.size()));
    for (const std::size_t piece : {1, 2, 7}) {
        const Outcome cut = Read(bytes, piece);
        // A header that is too long may be refused before a fault further on in it is seen, and the other way round.
        if (whole.step == ParseStep::kRefused && cut.step == ParseStep::kRefused) continue;
        CHECK(cut == whole);
    }
}

}  // namespace cardea
