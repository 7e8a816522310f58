#include "crypto/srp_power.h"

#include <cstdint>
#include <cstring>
#include <vector>

#include "base/check.h"
#include "crypto/openssl.h"
#include "crypto/srp_group.h"

namespace cardea {

namespace {

// Six bits of the exponent at a time: window i takes digit d to g^(d · 2^(6i)), read from a table and multiplied.
constexpr int kWindowBits = 6;
constexpr std::size_t kEntries = 1 << kWindowBits;
constexpr std::size_t kWindows = (kSrpExponentSize * 8 + kWindowBits - 1) / kWindowBits;
constexpr std::size_t kWords = kSrpNumberSize / sizeof(std::uint64_t);

// The compiler makes the machine's vectors of it. Little-endian, in Montgomery form.
using Lane = std::uint64_t __attribute__((vector_size(32)));
constexpr std::size_t kLanes = kSrpNumberSize / sizeof(Lane);
struct Entry {
    Lane lanes[kLanes];
};
static_assert(sizeof(Entry) == kSrpNumberSize && kWords == kLanes * 4);

using Table = std::vector<Entry>;  // kWindows rows of kEntries

void Multiply(BIGNUM* product, const BIGNUM* a, const BIGNUM* b) {
    RequireOpenSsl(BN_mod_mul_montgomery(product, a, b, Group().montgomery.get(), SrpScratch()) == 1, "multiplying");
}

Table MakeTable() {
    Table table(kWindows * kEntries);
    const BigNumberPtr one = NewNumber(), base = NewNumber(), power = NewNumber();
    RequireOpenSsl(
        BN_one(one.get()) == 1 && BN_to_montgomery(one.get(), one.get(), Group().montgomery.get(), SrpScratch()) == 1 &&
            BN_to_montgomery(base.get(), Group().generator.get(), Group().montgomery.get(), SrpScratch()) == 1,
        "SRP's table");
    for (std::size_t window = 0; window < kWindows; ++window) {
        RequireOpenSsl(BN_copy(power.get(), one.get()) != nullptr, "SRP's table");
        for (std::size_t digit = 0; digit < kEntries; ++digit) {
            auto* out = reinterpret_cast<unsigned char*>(table[window * kEntries + digit].lanes);
            RequireOpenSsl(BN_bn2lebinpad(power.get(), out, kSrpNumberSize) >= 0, "SRP's table");
            Multiply(power.get(), power.get(), base.get());
        }
        RequireOpenSsl(BN_copy(base.get(), power.get()) != nullptr, "SRP's table");  // base^64
    }
    return table;
}

// The six bits from `bit` on of a big-endian exponent; the places do not depend on its value.
unsigned Digit(std::string_view exponent, std::size_t bit) {
    unsigned digit = 0;
    for (std::size_t i = kWindowBits; i-- > 0;) {
        const std::size_t at = bit + i;
        unsigned value = 0;
        if (at < kSrpExponentSize * 8)
            value = static_cast<unsigned char>(exponent[kSrpExponentSize - 1 - at / 8]) >> at % 8 & 1;
        digit = digit << 1 | value;
    }
    return digit;
}

// Reads the whole row, so that neither the cache nor the clock tells which entry was wanted.
void Select(Entry& out, const Entry* row, unsigned digit) {
    Entry sum{};
    for (unsigned i = 0; i < kEntries; ++i) {
        // All ones where i is the digit: without a branch that a compiler could bring back.
        std::uint64_t word = ((static_cast<std::uint64_t>(i ^ digit) - 1) >> 63);
        __asm__("" : "+r"(word));
        const std::uint64_t mask = 0 - word;
        const Lane lane_mask = {mask, mask, mask, mask};
        for (std::size_t l = 0; l < kLanes; ++l) sum.lanes[l] |= row[i].lanes[l] & lane_mask;
    }
    out = sum;
}

}  // namespace

Secret FixedBasePower(const Secret& exponent) {
    static const Table table = MakeTable();
    CHECK(exponent.Reveal().size() == kSrpExponentSize);
    const BigNumberPtr result = NewNumber(), factor = NewNumber();
    Entry entry;
    for (std::size_t window = 0; window < kWindows; ++window) {
        Select(entry, &table[window * kEntries], Digit(exponent.Reveal(), window * kWindowBits));
        BIGNUM* into = window == 0 ? result.get() : factor.get();
        RequireOpenSsl(
            BN_lebin2bn(reinterpret_cast<const unsigned char*>(entry.lanes), kSrpNumberSize, into) != nullptr,
            "a power");
        if (window > 0) Multiply(result.get(), result.get(), factor.get());
    }
    WipeMemory(&entry, sizeof entry);
    RequireOpenSsl(BN_from_montgomery(result.get(), result.get(), Group().montgomery.get(), SrpScratch()) == 1,
                   "a power");
    return Secret(ToBytes(result.get(), kSrpNumberSize));
}

}  // namespace cardea
