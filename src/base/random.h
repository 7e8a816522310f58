#pragma once
// Randomness: the only place that draws entropy, behind an interface so that tests can fix it.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cardea {

// Thread-safe.
class Random {
 public:
    virtual ~Random() = default;
    // Fills with bytes that nobody can predict.
    virtual void Fill(std::span<unsigned char> out) = 0;
};

// The kernel's generator, buffered a page a thread; the bytes that were given out are wiped from the buffer.
class SystemRandom final : public Random {
 public:
    void Fill(std::span<unsigned char> out) override;
};

// The same bytes for the same seed: for tests only.
class SeededRandom final : public Random {
 public:
    explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
    void Fill(std::span<unsigned char> out) override;

 private:
    std::uint64_t state_;  // tests are single-threaded where they rely on the order
};

std::string RandomBytes(Random&, std::size_t size);
// Each character drawn uniformly (rejection sampling): log2(alphabet.size()) bits a character.
std::string RandomText(Random&, std::string_view alphabet, std::size_t length);
// Uniform in [0, bound); bound > 0.
std::uint32_t RandomBelow(Random&, std::uint32_t bound);
// RFC 9562 §5.4 version 4, lower case: 122 bits.
std::string RandomUuid(Random&);

}  // namespace cardea
