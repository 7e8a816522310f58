#include "crypto/srp.h"

#include <algorithm>

#include "base/check.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "crypto/openssl.h"
#include "crypto/srp_group.h"

namespace cardea {

namespace {

constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kMaxSaltSize = 64;
constexpr std::size_t kMaxNumberSize = kSrpNumberSize + 1;  // a zero for the sign in front
constexpr unsigned char kNonZero = 0x80;

bool IsZero(std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; }

// Clients read the salt as a number, and some of them forget its leading zeros.
std::string MakeSalt(Random& random) {
    std::string salt;
    do salt = RandomBytes(random, kSaltSize);
    while (salt.front() == '\0');
    return salt;
}

}  // namespace

Secret SrpPrivateKey(std::string_view salt, std::string_view pool_name, std::string_view user_id,
                     const Secret& password) {
    Sha256Stream stream;
    const Secret identity(stream.Update(pool_name).Update(user_id).Update(":").Update(password.Reveal()).Finish());
    return Secret(stream.Update(SrpPad(salt)).Update(identity.Reveal()).Finish());
}

Secret ComputeVerifier(std::string_view salt, std::string_view pool_name, std::string_view user_id,
                       const Secret& password) {
    return FixedBasePower(SrpPrivateKey(salt, pool_name, user_id, password));
}

SrpVerifier MakeVerifier(Random& random, std::string_view pool_name, std::string_view user_id, const Secret& password) {
    std::string salt = MakeSalt(random);
    Secret verifier = ComputeVerifier(salt, pool_name, user_id, password);
    return {std::move(salt), std::move(verifier)};
}

bool CheckPassword(const SrpVerifier& stored, std::string_view pool_name, std::string_view user_id,
                   const Secret& password) {
    return ConstantTimeEqual(ComputeVerifier(stored.salt, pool_name, user_id, password), stored.verifier);
}

std::optional<SrpVerifier> AcceptVerifier(std::string_view salt, std::string_view verifier) {
    if (salt.empty() || salt.size() > kMaxSaltSize || verifier.size() > kMaxNumberSize) return std::nullopt;
    const BigNumberPtr number = ToNumber(verifier);
    const BigNumberPtr highest = NewNumber();
    RequireOpenSsl(BN_sub(highest.get(), Group().modulus.get(), BN_value_one()) == 1, "numbers");
    if (BN_is_zero(number.get()) || BN_is_one(number.get()) || BN_cmp(number.get(), highest.get()) >= 0)
        return std::nullopt;
    return SrpVerifier{std::string(salt), Secret(ToBytes(number.get(), kSrpNumberSize))};
}

SrpVerifier UnknownUserVerifier(const Secret& key, std::string_view pool_name, std::string_view name) {
    const std::string info = std::string("srp|").append(pool_name).append("|").append(name);
    const Secret bytes = HkdfExpand(key.Reveal(), info, kSaltSize + kSrpNumberSize);
    std::string salt(bytes.Reveal().substr(0, kSaltSize));
    if (salt.front() == '\0') salt.front() = static_cast<char>(kNonZero);
    std::string number(bytes.Reveal().substr(kSaltSize));
    number.front() = static_cast<char>(number.front() & 0x7f);  // below N; B = k·v + g^b shows nothing of it
    return {std::move(salt), Secret(std::move(number))};
}

std::optional<std::string> SrpFromHex(std::string_view hex) {
    if (hex.size() > kMaxNumberSize * 2) return std::nullopt;
    const auto bytes = HexDecode(std::string(hex.size() % 2, '0').append(hex));
    if (!bytes) return std::nullopt;
    return bytes->substr(std::min(bytes->find_first_not_of('\0'), bytes->size()));
}

SrpChallenge StartSrp(Random& random, const SrpVerifier& stored) {
    for (;;) {
        auto challenge = StartSrpWith(Secret(RandomBytes(random, kSrpExponentSize)), stored);
        if (challenge) return std::move(*challenge);
    }
}

std::optional<SrpChallenge> StartSrpWith(Secret private_b, const SrpVerifier& stored) {
    if (IsZero(private_b.Reveal())) return std::nullopt;
    const SrpGroup& group = Group();
    const BigNumberPtr power = ToNumber(FixedBasePower(private_b).Reveal());
    const BigNumberPtr sum = ToNumber(stored.verifier.Reveal());
    RequireOpenSsl(BN_mod_mul(sum.get(), group.multiplier.get(), sum.get(), group.modulus.get(), SrpScratch()) == 1 &&
                       BN_mod_add(sum.get(), sum.get(), power.get(), group.modulus.get(), SrpScratch()) == 1,
                   "SRP's B");
    if (BN_is_zero(sum.get())) return std::nullopt;
    return SrpChallenge{std::move(private_b), ToBytes(sum.get())};
}

std::optional<Secret> FinishSrp(const SrpVerifier& stored, std::string_view public_a, const SrpChallenge& challenge) {
    CHECK(challenge.private_b.Reveal().size() == kSrpExponentSize);
    if (public_a.size() > kMaxNumberSize) return std::nullopt;
    const SrpGroup& group = Group();
    // A client's A may be N or more: it is reduced here and hashed as it was sent.
    const BigNumberPtr base = ToNumber(public_a);
    RequireOpenSsl(BN_nnmod(base.get(), base.get(), group.modulus.get(), SrpScratch()) == 1, "SRP's A");
    if (BN_is_zero(base.get())) return std::nullopt;  // RFC 5054 §2.5.4
    const std::string scrambler = SrpScrambler(public_a, challenge.public_b);
    if (IsZero(scrambler)) return std::nullopt;

    // u is known to whoever watches, and v^u need not hide it; b must stay hidden.
    const BigNumberPtr u = ToNumber(scrambler);
    const BigNumberPtr v = ToNumber(stored.verifier.Reveal());
    const BigNumberPtr b = ToNumber(challenge.private_b.Reveal());
    const BigNumberPtr premaster = NewNumber();
    BN_set_flags(b.get(), BN_FLG_CONSTTIME);
    RequireOpenSsl(
        BN_mod_exp_mont(v.get(), v.get(), u.get(), group.modulus.get(), SrpScratch(), group.montgomery.get()) == 1 &&
            BN_mod_mul(base.get(), base.get(), v.get(), group.modulus.get(), SrpScratch()) == 1 &&
            BN_mod_exp_mont_consttime(premaster.get(), base.get(), b.get(), group.modulus.get(), SrpScratch(),
                                      group.montgomery.get()) == 1,
        "SRP's S");
    return SrpSessionKey(premaster.get(), scrambler);
}

std::string ClaimSignature(const Secret& key, const SrpClaim& claim) {
    std::string message;
    message.append(claim.pool_name).append(claim.user_id).append(claim.secret_block).append(claim.timestamp);
    return HmacSha256(key.Reveal(), message);
}

}  // namespace cardea
