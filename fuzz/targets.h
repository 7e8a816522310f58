#pragma once
// The fuzz targets: one parser of outside bytes each. A target runs the parser and CHECKs what must hold of whatever it
// makes of the bytes; the sanitizers see to the rest.
//
//   for (const FuzzTarget& target : FuzzTargets()) target.run(bytes);

#include <span>
#include <string_view>

namespace cardea {

struct FuzzTarget {
    std::string_view name;  // of its corpus' folder
    void (*run)(std::string_view bytes);
};

void FuzzJson(std::string_view bytes);
void FuzzHttpRequest(std::string_view bytes);
void FuzzChunked(std::string_view bytes);
void FuzzProxyHeader(std::string_view bytes);
void FuzzForwarded(std::string_view bytes);
void FuzzSigV4Claim(std::string_view bytes);
void FuzzTokens(std::string_view bytes);
void FuzzAddresses(std::string_view bytes);
void FuzzEncodings(std::string_view bytes);
void FuzzMailbox(std::string_view bytes);
void FuzzUserFilter(std::string_view bytes);
void FuzzConfiguration(std::string_view bytes);
void FuzzSeedFile(std::string_view bytes);

inline constexpr FuzzTarget kFuzzTargets[] = {
    {"json", FuzzJson},
    {"http_request", FuzzHttpRequest},
    {"chunked", FuzzChunked},
    {"proxy_header", FuzzProxyHeader},
    {"forwarded", FuzzForwarded},
    {"sigv4_claim", FuzzSigV4Claim},
    {"tokens", FuzzTokens},
    {"addresses", FuzzAddresses},
    {"encodings", FuzzEncodings},
    {"mailbox", FuzzMailbox},
    {"user_filter", FuzzUserFilter},
    {"configuration", FuzzConfiguration},
    {"seed_file", FuzzSeedFile},
};

// Takes a piece off the front of `bytes`, up to the first line feed, which goes too.
inline std::string_view TakeLine(std::string_view& bytes) {
    const std::size_t end = bytes.find('\n');
    const std::string_view line = bytes.substr(0, end);
    bytes = end == std::string_view::npos ? std::string_view() : bytes.substr(end + 1);
    return line;
}

}  // namespace cardea
