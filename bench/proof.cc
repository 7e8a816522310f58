// What a password proof costs on this core: one fixed-base power as Cardea computes it, and one general exponentiation
// of a 3072-bit number by a 256-bit secret exponent as OpenSSL computes it. Prints JSON with microseconds.

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <openssl/bn.h>
#include <string>

#include "crypto/srp_power.h"

namespace cardea::bench {
namespace {

// The best of several runs: what the core can do, not what else it did.
double Microseconds(const std::function<void()>& once) {
    double best = 1e9;
    for (int run = 0; run < 7; ++run) {
        const auto began = std::chrono::steady_clock::now();
        for (int i = 0; i < 300; ++i) once();
        best = std::min(
            best, std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began).count() / 300);
    }
    return best;
}

double General() {
    using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;
    const std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context(BN_CTX_new(), BN_CTX_free);
    const Number modulus(BN_get_rfc3526_prime_3072(nullptr), BN_free);
    const Number base(BN_new(), BN_free), exponent(BN_new(), BN_free), result(BN_new(), BN_free);
    BN_rand(base.get(), 3071, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
    BN_rand(exponent.get(), 256, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
    const std::unique_ptr<BN_MONT_CTX, decltype(&BN_MONT_CTX_free)> montgomery(BN_MONT_CTX_new(), BN_MONT_CTX_free);
    BN_MONT_CTX_set(montgomery.get(), modulus.get(), context.get());
    return Microseconds([&] {
        BN_mod_exp_mont_consttime(result.get(), base.get(), exponent.get(), modulus.get(), context.get(),
                                  montgomery.get());
    });
}

}  // namespace
}  // namespace cardea::bench

int main() {
    const cardea::Secret exponent(std::string(32, '\x5a'));
    const double fixed = cardea::bench::Microseconds([&] { cardea::FixedBasePower(exponent); });
    std::printf("{\"fixed_base\": %.1f, \"general\": %.1f}\n", fixed, cardea::bench::General());
    return 0;
}
