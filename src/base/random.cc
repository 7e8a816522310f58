#include "base/random.h"

#include <cstring>
#include <sys/random.h>
#include <unistd.h>

#include "base/check.h"
#include "base/secret.h"

namespace cardea {

namespace {

void FillFromKernel(unsigned char* out, std::size_t size) {
    while (size > 0) {
        const ssize_t got = getrandom(out, size, 0);
        if (got < 0) {
            CHECK(errno == EINTR);
            continue;
        }
        out += got;
        size -= static_cast<std::size_t>(got);
    }
}

struct Buffer {
    unsigned char bytes[4096];
    std::size_t used = sizeof bytes;
    pid_t owner = 0;  // a forked child must not give out what its parent may give out
    ~Buffer() { WipeMemory(bytes, sizeof bytes); }
};

}  // namespace

void SystemRandom::Fill(std::span<unsigned char> out) {
    static thread_local Buffer buffer;
    if (out.size() > sizeof buffer.bytes) return FillFromKernel(out.data(), out.size());
    if (buffer.used + out.size() > sizeof buffer.bytes || buffer.owner != getpid()) {
        FillFromKernel(buffer.bytes, sizeof buffer.bytes);
        buffer.used = 0;
        buffer.owner = getpid();
    }
    std::memcpy(out.data(), buffer.bytes + buffer.used, out.size());
    WipeMemory(buffer.bytes + buffer.used, out.size());
    buffer.used += out.size();
}

void SeededRandom::Fill(std::span<unsigned char> out) {
    for (unsigned char& byte : out) {
        // splitmix64 (Steele, Lea, Flood 2014): not secret, only well spread.
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        byte = static_cast<unsigned char>(z ^ (z >> 31));
    }
}

std::string RandomBytes(Random& random, std::size_t size) {
    std::string out(size, '\0');
    random.Fill({reinterpret_cast<unsigned char*>(out.data()), out.size()});
    return out;
}

std::uint32_t RandomBelow(Random& random, std::uint32_t bound) {
    CHECK(bound > 0);
    const std::uint32_t limit = UINT32_MAX - UINT32_MAX % bound;
    for (;;) {
        std::uint32_t value;
        random.Fill({reinterpret_cast<unsigned char*>(&value), sizeof value});
        if (value < limit) return value % bound;
    }
}

std::string RandomText(Random& random, std::string_view alphabet, std::size_t length) {
    std::string out(length, '\0');
    for (char& c : out) c = alphabet[RandomBelow(random, static_cast<std::uint32_t>(alphabet.size()))];
    return out;
}

std::string RandomUuid(Random& random) {
    static constexpr char kHex[] = "0123456789abcdef";
    unsigned char bytes[16];
    random.Fill(bytes);
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
    std::string out;
    out.reserve(36);
    for (int i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += kHex[bytes[i] >> 4];
        out += kHex[bytes[i] & 15];
    }
    return out;
}

}  // namespace cardea
