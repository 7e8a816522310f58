#include "crypto/srp_client.h"

#include "base/check.h"
#include "crypto/openssl.h"
#include "crypto/srp_group.h"
#include "crypto/srp_power.h"

namespace cardea {

SrpClient::SrpClient(Secret private_a) : private_a_(std::move(private_a)) {
    CHECK(!private_a_.Empty() && private_a_.Reveal().size() <= kSrpNumberSize);
    const SrpGroup& group = Group();
    const BigNumberPtr a = ToNumber(private_a_.Reveal());
    const BigNumberPtr power = NewNumber();
    RequireOpenSsl(BN_nnmod(a.get(), a.get(), group.modulus.get(), SrpScratch()) == 1 &&
                       BN_mod_exp_mont_consttime(power.get(), group.generator.get(), a.get(), group.modulus.get(),
                                                 SrpScratch(), group.montgomery.get()) == 1,
                   "SRP's A");
    public_a_ = ToBytes(power.get());
}

// S = (B - k·g^x)^(a + u·x) mod N.
std::optional<Secret> SrpClient::Key(std::string_view public_b, const Secret& x) const {
    const SrpGroup& group = Group();
    const BIGNUM* modulus = group.modulus.get();
    const BigNumberPtr base = ToNumber(public_b), exponent = ToNumber(x.Reveal()), a = ToNumber(private_a_.Reveal());
    const std::string scrambler = SrpScrambler(public_a_, public_b);
    const BigNumberPtr u = ToNumber(scrambler);
    RequireOpenSsl(BN_nnmod(base.get(), base.get(), modulus, SrpScratch()) == 1, "SRP's B");
    if (BN_is_zero(base.get()) || BN_is_zero(u.get())) return std::nullopt;

    const BigNumberPtr known = ToNumber(FixedBasePower(x).Reveal());
    const BigNumberPtr premaster = NewNumber();
    RequireOpenSsl(BN_mod_mul(known.get(), group.multiplier.get(), known.get(), modulus, SrpScratch()) == 1 &&
                       BN_mod_sub(base.get(), base.get(), known.get(), modulus, SrpScratch()) == 1 &&
                       BN_nnmod(a.get(), a.get(), modulus, SrpScratch()) == 1 &&
                       BN_mul(exponent.get(), u.get(), exponent.get(), SrpScratch()) == 1 &&
                       BN_add(exponent.get(), exponent.get(), a.get()) == 1 &&
                       BN_mod_exp_mont_consttime(premaster.get(), base.get(), exponent.get(), modulus, SrpScratch(),
                                                 group.montgomery.get()) == 1,
                   "SRP's S");
    return SrpSessionKey(premaster.get(), scrambler);
}

}  // namespace cardea
