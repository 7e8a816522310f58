#include "crypto/signing_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "codec/base64.h"
#include "crypto/hash.h"
#include "crypto/openssl.h"

namespace cardea {

namespace {

constexpr int kNewKeyBits = 2048;
constexpr int kMinBits = 2048;
constexpr int kMaxBits = 4096;
constexpr std::size_t kMaxDerSize = 8192;

using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreeWith<PKCS8_PRIV_KEY_INFO_free>>;

bool SetRs256(EVP_PKEY_CTX* context) {
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
           EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1;
}

bool PrepareSign(EVP_PKEY_CTX* context) { return EVP_PKEY_sign_init(context) == 1 && SetRs256(context); }
bool PrepareVerify(EVP_PKEY_CTX* context) { return EVP_PKEY_verify_init(context) == 1 && SetRs256(context); }

bool HasFittingSize(const EVP_PKEY* key) {
    const int bits = EVP_PKEY_get_bits(key);
    return EVP_PKEY_is_a(key, "RSA") == 1 && bits >= kMinBits && bits <= kMaxBits;
}

std::string Number(const EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    RequireOpenSsl(EVP_PKEY_get_bn_param(key, name, &number) == 1, "reading a key");
    const BigNumberPtr owner(number);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, Bytes(bytes));
    return Base64UrlEncode(bytes);
}

RsaPublicKey PublicHalf(const EVP_PKEY* key) {
    return {Number(key, OSSL_PKEY_PARAM_RSA_N), Number(key, OSSL_PKEY_PARAM_RSA_E)};
}

Secret ToPkcs8(const EVP_PKEY* key) {
    const Pkcs8Ptr info(EVP_PKEY2PKCS8(key));
    RequireOpenSsl(info != nullptr, "writing a key");
    unsigned char* der = nullptr;
    const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
    RequireOpenSsl(size > 0, "writing a key");
    Secret result(std::string(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)));
    OPENSSL_clear_free(der, static_cast<std::size_t>(size));
    return result;
}

PkeyContexts::Key FromPkcs8(const Secret& pkcs8) {
    const std::string_view der = pkcs8.Reveal();
    if (der.size() > kMaxDerSize) return nullptr;
    const unsigned char* at = Bytes(der);
    const Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
    if (info == nullptr || at != Bytes(der) + der.size()) return nullptr;
    return PkeyContexts::Key(EVP_PKCS82PKEY(info.get()));
}

PkeyContexts::Key FromNumbers(std::string_view modulus, std::string_view exponent) {
    using BuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, FreeWith<OSSL_PARAM_BLD_free>>;
    using ParametersPtr = std::unique_ptr<OSSL_PARAM, FreeWith<OSSL_PARAM_free>>;
    const BigNumberPtr n(BN_bin2bn(Bytes(modulus), static_cast<int>(modulus.size()), nullptr));
    const BigNumberPtr e(BN_bin2bn(Bytes(exponent), static_cast<int>(exponent.size()), nullptr));
    RequireOpenSsl(n != nullptr && e != nullptr, "reading a key");
    if (!BN_is_odd(n.get()) || !BN_is_odd(e.get()) || BN_is_one(e.get())) return nullptr;
    const BuilderPtr builder(OSSL_PARAM_BLD_new());
    RequireOpenSsl(builder != nullptr && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
                       OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1,
                   "reading a key");
    const ParametersPtr parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const PkeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    RequireOpenSsl(parameters != nullptr && context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1,
                   "reading a key");
    EVP_PKEY* key = nullptr;
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
    return PkeyContexts::Key(key);
}

}  // namespace

GeneratedKey GenerateSigningKey(Random& random) {
    const PkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{kNewKeyBits}));
    RequireOpenSsl(key != nullptr, "making a key");
    RsaPublicKey half = PublicHalf(key.get());
    return {Base64Encode(RandomBytes(random, 32)), ToPkcs8(key.get()), std::move(half.modulus),
            std::move(half.exponent)};
}

SigningKey::SigningKey(std::string kid, PkeyContexts::Key key)
    : kid_(std::move(kid)), contexts_(std::move(key), PrepareSign) {}

std::unique_ptr<SigningKey> SigningKey::Load(std::string kid, const Secret& pkcs8) {
    PkeyContexts::Key key = FromPkcs8(pkcs8);
    if (key == nullptr || !HasFittingSize(key.get())) {
        ERR_clear_error();
        return nullptr;
    }
    return std::unique_ptr<SigningKey>(new SigningKey(std::move(kid), std::move(key)));
}

RsaPublicKey SigningKey::Public() const { return PublicHalf(contexts_.Pkey()); }

std::string SigningKey::Sign(std::string_view message) const {
    const std::string digest = Sha256(message);
    PkeyContexts::Context context = contexts_.Take();
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(contexts_.Pkey())), '\0');
    std::size_t size = signature.size();
    RequireOpenSsl(
        EVP_PKEY_sign(context.get(), Bytes(signature), &size, Bytes(std::string_view(digest)), digest.size()) == 1 &&
            size == signature.size(),
        "signing");
    contexts_.Return(std::move(context));
    return signature;
}

VerifyKey::VerifyKey(PkeyContexts::Key key) : contexts_(std::move(key), PrepareVerify) {}

std::unique_ptr<VerifyKey> VerifyKey::Load(std::string_view modulus, std::string_view exponent) {
    // The sizes in base64url, before work is done on them; HasFittingSize counts the bits.
    if (modulus.size() > kMaxBits / 6 + 3 || exponent.size() > 6) return nullptr;
    const auto n = Base64UrlDecode(modulus);
    const auto e = Base64UrlDecode(exponent);
    if (!n || !e || n->empty() || e->empty() || n->front() == '\0' || e->front() == '\0') return nullptr;
    PkeyContexts::Key key = FromNumbers(*n, *e);
    if (key == nullptr || !HasFittingSize(key.get())) {
        ERR_clear_error();
        return nullptr;
    }
    return std::unique_ptr<VerifyKey>(new VerifyKey(std::move(key)));
}

bool VerifyKey::Verify(std::string_view message, std::string_view signature) const {
    const std::string digest = Sha256(message);
    PkeyContexts::Context context = contexts_.Take();
    const bool genuine = EVP_PKEY_verify(context.get(), Bytes(signature), signature.size(),
                                         Bytes(std::string_view(digest)), digest.size()) == 1;
    if (!genuine) ERR_clear_error();
    contexts_.Return(std::move(context));
    return genuine;
}

}  // namespace cardea
