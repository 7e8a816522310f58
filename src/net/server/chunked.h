#pragma once
// Decodes the chunked transfer coding (RFC 9112 §7.1), strictly: lines end in CRLF, sizes are plain hexadecimal, and
// extensions and trailer fields are read past under limits.
//
//   ChunkedDecoder decoder(limit);
//   while (decoder.Feed(bytes, body) == ChunkedDecoder::Step::kNeedMore) bytes = …;

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cardea {

class ChunkedDecoder {
 public:
    enum class Step : std::uint8_t { kNeedMore, kDone, kTooLarge, kBroken };

    // `body_max` in bytes of the decoded body.
    explicit ChunkedDecoder(std::size_t body_max) : body_max_(body_max) {}

    // Takes bytes from the front of `input` and appends what they carry to `body`. Everything is taken, up to the end
    // of the last chunk; bytes after it stay in `input`. kTooLarge and kBroken are final.
    Step Feed(std::string_view& input, std::string& body);

 private:
    enum class Place : std::uint8_t {
        kSize,         // in the digits of a chunk's size
        kExtension,    // after them
        kSizeFeed,     // the line feed after the size
        kBytes,        // in the chunk's bytes
        kBytesEnd,     // the carriage return after them
        kBytesFeed,    // and the line feed
        kTrailer,      // at the start of a trailer line
        kTrailerRest,  // in a trailer line
        kTrailerFeed,  // its line feed
        kLastFeed,     // the line feed of the empty line that ends it all
    };

    Step TakeByte(char c);
    Step TakeSizeByte(char c);

    const std::size_t body_max_;
    Place place_ = Place::kSize;
    std::uint64_t left_ = 0;  // of this chunk
    unsigned digits_ = 0;     // of its size
    std::size_t body_ = 0;
    std::size_t framing_ = 0;  // bytes of extensions and trailers, over all chunks
};

}  // namespace cardea
