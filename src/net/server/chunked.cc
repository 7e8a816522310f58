#include "net/server/chunked.h"

#include <algorithm>

#include "net/server/body_buffer.h"

namespace cardea {

namespace {

constexpr std::size_t kMaxFraming = 16 * 1024;  // nobody needs extensions and trailers; some send a few

int HexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool IsText(char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t'; }

}  // namespace

ChunkedDecoder::Step ChunkedDecoder::Feed(std::string_view& input, std::string& body) {
    while (!input.empty()) {
        if (place_ == Place::kBytes) {
            const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
            AppendToBody(body, input.substr(0, size), body_max_);
            input.remove_prefix(size);
            left_ -= size;
            if (left_ == 0) place_ = Place::kBytesEnd;
            continue;
        }
        const Step step = TakeByte(input.front());
        input.remove_prefix(1);
        if (step != Step::kNeedMore) return step;
    }
    return Step::kNeedMore;
}

ChunkedDecoder::Step ChunkedDecoder::TakeByte(char c) {
    const auto expect = [&](char wanted, Place next) {
        place_ = next;
        return c == wanted ? Step::kNeedMore : Step::kBroken;
    };
    switch (place_) {
        case Place::kSize:
        case Place::kExtension:
            return TakeSizeByte(c);
        case Place::kSizeFeed:
            digits_ = 0;
            return expect('\n', left_ == 0 ? Place::kTrailer : Place::kBytes);
        case Place::kBytesEnd:
            return expect('\r', Place::kBytesFeed);
        case Place::kBytesFeed:
            return expect('\n', Place::kSize);
        case Place::kTrailer:
        case Place::kTrailerRest:
            if (c == '\r') {
                place_ = place_ == Place::kTrailer ? Place::kLastFeed : Place::kTrailerFeed;
                return Step::kNeedMore;
            }
            place_ = Place::kTrailerRest;
            return IsText(c) && ++framing_ <= kMaxFraming ? Step::kNeedMore : Step::kBroken;
        case Place::kTrailerFeed:
            return expect('\n', Place::kTrailer);
        case Place::kLastFeed:
            return c == '\n' ? Step::kDone : Step::kBroken;
        case Place::kBytes:
            break;
    }
    return Step::kBroken;
}

ChunkedDecoder::Step ChunkedDecoder::TakeSizeByte(char c) {
    if (const int value = HexValue(c); place_ == Place::kSize && value >= 0) {
        if (++digits_ > 15) return Step::kBroken;
        left_ = left_ * 16 + static_cast<unsigned>(value);
        return Step::kNeedMore;
    }
    if (digits_ == 0) return Step::kBroken;
    if (c == '\r') {
        place_ = Place::kSizeFeed;
        if (left_ > body_max_ - body_) return Step::kTooLarge;
        body_ += static_cast<std::size_t>(left_);
        return Step::kNeedMore;
    }
    // "5 ;name" and "5;name" (RFC 9112 §7.1.1); blanks alone are not an extension.
    if (place_ == Place::kSize && c != ';') return Step::kBroken;
    place_ = Place::kExtension;
    return IsText(c) && ++framing_ <= kMaxFraming ? Step::kNeedMore : Step::kBroken;
}

}  // namespace cardea
