// Chunked bodies: the same however they are cut, and never longer than allowed.
#include "net/server/chunked.h"

#include "base/check.h"
#include "targets.h"

namespace cardea {

namespace {

constexpr std::size_t kMost = 256;

struct Outcome {
    ChunkedDecoder::Step step = ChunkedDecoder::Step::kNeedMore;
    std::size_t left = 0;  // after the end, where there is one
    std::string body;
    bool operator==(const Outcome&) const = default;
};

Outcome Decode(std::string_view bytes, std::size_t piece) {
    ChunkedDecoder decoder(kMost);
    Outcome out;
    while (!bytes.empty() && out.step == ChunkedDecoder::Step::kNeedMore) {
        std::string_view some = bytes.substr(0, piece);
        const std::size_t given = some.size();
        out.step = decoder.Feed(some, out.body);
        bytes.remove_prefix(given - some.size());
        CHECK(out.body.size() <= kMost);
        CHECK(out.step != ChunkedDecoder::Step::kNeedMore || some.empty());
    }
    if (out.step == ChunkedDecoder::Step::kDone) out.left = bytes.size();
    return out;
}

}  // namespace

void FuzzChunked(std::string_view bytes) {
    const Outcome whole = Decode(bytes, std::max<std::size_t>(1, bytes.size()));
    CHECK(Decode(bytes, 1) == whole);
    CHECK(Decode(bytes, 3) == whole);
}

}  // namespace cardea
