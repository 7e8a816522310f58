#include "crypto/srp_group.h"

#include <algorithm>

#include "crypto/hash.h"

namespace cardea {

namespace {

constexpr std::size_t kSessionKeySize = 16;
constexpr char kModulus[] =
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D"
    "670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7D"
    "B3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

SrpGroup MakeGroup() {
    SrpGroup group;
    BIGNUM* modulus = nullptr;
    RequireOpenSsl(BN_hex2bn(&modulus, kModulus) == static_cast<int>(sizeof kModulus - 1), "SRP's modulus");
    group.modulus.reset(modulus);
    group.generator = ToNumber("\x02");
    group.multiplier = ToNumber(Sha256(SrpPad(ToBytes(modulus)) + "\x02"));
    group.montgomery.reset(BN_MONT_CTX_new());
    RequireOpenSsl(group.montgomery != nullptr && BN_MONT_CTX_set(group.montgomery.get(), modulus, SrpScratch()) == 1,
                   "SRP's modulus");
    return group;
}

}  // namespace

const SrpGroup& Group() {
    static const SrpGroup group = MakeGroup();
    return group;
}

BN_CTX* SrpScratch() {
    // The secure heap where the process has one; its numbers are zeroed when they are freed.
    static thread_local const BigNumberContextPtr scratch(BN_CTX_secure_new());
    RequireOpenSsl(scratch != nullptr, "numbers");
    return scratch.get();
}

BigNumberPtr NewNumber() {
    BigNumberPtr number(BN_new());
    RequireOpenSsl(number != nullptr, "numbers");
    return number;
}

BigNumberPtr ToNumber(std::string_view bytes) {
    BigNumberPtr number(BN_bin2bn(Bytes(bytes), static_cast<int>(bytes.size()), nullptr));
    RequireOpenSsl(number != nullptr, "numbers");
    return number;
}

std::string ToBytes(const BIGNUM* number, std::size_t size) {
    std::string out(size, '\0');
    RequireOpenSsl(BN_bn2binpad(number, Bytes(out), static_cast<int>(size)) >= 0, "numbers");
    return out;
}

std::string ToBytes(const BIGNUM* number) { return ToBytes(number, static_cast<std::size_t>(BN_num_bytes(number))); }

std::string SrpPad(std::string_view bytes) {
    bytes.remove_prefix(std::min(bytes.find_first_not_of('\0'), bytes.size()));
    // Zero itself is one zero byte.
    const bool sign = bytes.empty() || (static_cast<unsigned char>(bytes.front()) & 0x80) != 0;
    std::string out(sign ? 1 : 0, '\0');
    return out.append(bytes);
}

std::string SrpScrambler(std::string_view public_a, std::string_view public_b) {
    return Sha256(SrpPad(public_a) + SrpPad(public_b));
}

Secret SrpSessionKey(const BIGNUM* premaster, std::string_view scrambler) {
    const Secret bytes(ToBytes(premaster));
    const Secret padded(SrpPad(bytes.Reveal()));
    return Hkdf(padded.Reveal(), SrpPad(scrambler), "Caldera Derived Key", kSessionKeySize);
}

}  // namespace cardea
