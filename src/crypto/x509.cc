#include "crypto/x509.h"

#include <algorithm>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdexcept>

#include "base/check.h"
#include "crypto/openssl.h"

namespace cardea {

namespace {

using X509Ptr = std::unique_ptr<X509, FreeWith<X509_free>>;
using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>>;
using GeneralNamePtr = std::unique_ptr<GENERAL_NAME, FreeWith<GENERAL_NAME_free>>;

constexpr std::size_t kMaxNameSize = 253;
constexpr std::size_t kMaxCommonNameSize = 64;  // RFC 5280 appendix A
constexpr int kSerialSize = 16;

void Require(bool succeeded) { RequireOpenSsl(succeeded, "making a certificate"); }

bool IsNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '*';
}

GeneralNamePtr ToGeneralName(const std::string& name) {
    GeneralNamePtr entry(GENERAL_NAME_new());
    Require(entry != nullptr);
    if (ASN1_OCTET_STRING* address = a2i_IPADDRESS(name.c_str())) {
        GENERAL_NAME_set0_value(entry.get(), GEN_IPADD, address);
        return entry;
    }
    if (name.empty() || name.size() > kMaxNameSize || !std::all_of(name.begin(), name.end(), IsNameCharacter))
        throw std::runtime_error("not a name that a certificate can have: " + name.substr(0, kMaxNameSize));
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    Require(text != nullptr);
    GENERAL_NAME_set0_value(entry.get(), GEN_DNS, text);
    Require(ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())) == 1);
    return entry;
}

void AddNames(X509* certificate, std::span<const std::string> names) {
    const GeneralNamesPtr list(sk_GENERAL_NAME_new_null());
    Require(list != nullptr);
    for (const std::string& name : names) {
        GeneralNamePtr entry = ToGeneralName(name);
        Require(sk_GENERAL_NAME_push(list.get(), entry.get()) > 0);
        entry.release();  // the list has it
    }
    Require(X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) == 1);
}

// `value` is written here, never taken from outside: OpenSSL's little language could be made to say anything.
void AddExtension(X509* certificate, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    Require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

void SetSerial(X509* certificate, Random& random) {
    std::string bytes = RandomBytes(random, kSerialSize);
    bytes.front() = static_cast<char>((bytes.front() & 0x3f) | 0x40);  // positive, and always as long
    const BigNumberPtr number(BN_bin2bn(Bytes(bytes), kSerialSize, nullptr));
    Require(number != nullptr && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
}

void SetValidity(X509* certificate, Instant from, Instant until) {
    Require(ASN1_TIME_set(X509_getm_notBefore(certificate), ToSeconds(from)) != nullptr &&
            ASN1_TIME_set(X509_getm_notAfter(certificate), ToSeconds(until)) != nullptr);
}

void SetSubject(X509* certificate, const std::string& name) {
    const std::string common = name.substr(0, kMaxCommonNameSize);
    X509_NAME* subject = X509_get_subject_name(certificate);
    Require(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, Bytes(common),
                                       static_cast<int>(common.size()), -1, 0) == 1 &&
            X509_set_issuer_name(certificate, subject) == 1);
}

std::string Contents(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace

Certificate MakeSelfSignedCertificate(Random& random, std::span<const std::string> names, Instant now,
                                      std::chrono::seconds valid_for) {
    CHECK(!names.empty());
    const PkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    const X509Ptr certificate(X509_new());
    Require(key != nullptr && certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
            X509_set_pubkey(certificate.get(), key.get()) == 1);
    SetSerial(certificate.get(), random);
    SetValidity(certificate.get(), now - std::chrono::days(1), now + valid_for);
    SetSubject(certificate.get(), names.front());
    AddNames(certificate.get(), names);
    AddExtension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
    AddExtension(certificate.get(), NID_key_usage, "critical,digitalSignature");
    AddExtension(certificate.get(), NID_ext_key_usage, "serverAuth");
    AddExtension(certificate.get(), NID_subject_key_identifier, "hash");
    AddExtension(certificate.get(), NID_authority_key_identifier, "keyid:always");
    Require(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);

    const BioPtr public_part(BIO_new(BIO_s_mem())), private_part(BIO_new(BIO_s_secmem()));
    Require(public_part != nullptr && private_part != nullptr &&
            PEM_write_bio_X509(public_part.get(), certificate.get()) == 1 &&
            PEM_write_bio_PKCS8PrivateKey(private_part.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return {Contents(public_part.get()), Secret(Contents(private_part.get()))};
}

}  // namespace cardea
