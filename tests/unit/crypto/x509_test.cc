#include "crypto/x509.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "crypto/openssl.h"

namespace cardea {
namespace {

using X509Ptr = std::unique_ptr<X509, FreeWith<X509_free>>;
using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;

const Instant kNow = FromSeconds(1'800'000'000);

X509Ptr Read(const Certificate& made) {
    const BioPtr bio(BIO_new_mem_buf(made.certificate_pem.data(), static_cast<int>(made.certificate_pem.size())));
    return X509Ptr(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

Certificate Make(std::vector<std::string> names) {
    SeededRandom random(1);
    return MakeSelfSignedCertificate(random, names, kNow, std::chrono::days(90));
}

bool NamesHost(X509* certificate, const std::string& host) {
    return X509_check_host(certificate, host.c_str(), host.size(), 0, nullptr) == 1;
}

TEST(X509, NamesWhatItWasAskedTo) {
    const X509Ptr certificate = Read(Make({"localhost", "*.auth.localhost", "127.0.0.1", "::1"}));
    ASSERT_NE(certificate, nullptr);
    EXPECT_TRUE(NamesHost(certificate.get(), "localhost"));
    EXPECT_TRUE(NamesHost(certificate.get(), "pool.auth.localhost"));
    EXPECT_FALSE(NamesHost(certificate.get(), "example.com"));
    EXPECT_FALSE(NamesHost(certificate.get(), "127.0.0.1"));
    EXPECT_EQ(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0), 1);
    EXPECT_EQ(X509_check_ip_asc(certificate.get(), "::1", 0), 1);
    EXPECT_EQ(X509_check_ip_asc(certificate.get(), "127.0.0.2", 0), 0);
}

TEST(X509, VouchesForItsOwnKey) {
    const Certificate made = Make({"localhost"});
    const X509Ptr certificate = Read(made);
    const std::string pem(made.private_key_pem.Reveal());
    EXPECT_TRUE(pem.starts_with("-----BEGIN PRIVATE KEY-----"));
    const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const PkeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    ASSERT_NE(key, nullptr);
    EXPECT_EQ(X509_check_private_key(certificate.get(), key.get()), 1);
    EXPECT_EQ(X509_verify(certificate.get(), key.get()), 1);
    EXPECT_EQ(X509_check_purpose(certificate.get(), X509_PURPOSE_SSL_SERVER, 0), 1);
    EXPECT_EQ(X509_check_ca(certificate.get()), 0);
}

TEST(X509, IsValidFromADayBefore) {
    const X509Ptr certificate = Read(Make({"localhost"}));
    const auto valid = [&](Instant at) {
        time_t seconds = static_cast<time_t>(ToSeconds(at));
        return X509_cmp_time(X509_get0_notBefore(certificate.get()), &seconds) < 0 &&
               X509_cmp_time(X509_get0_notAfter(certificate.get()), &seconds) > 0;
    };
    EXPECT_TRUE(valid(kNow));
    EXPECT_TRUE(valid(kNow - std::chrono::hours(23)));
    EXPECT_FALSE(valid(kNow - std::chrono::hours(25)));
    EXPECT_TRUE(valid(kNow + std::chrono::days(89)));
    EXPECT_FALSE(valid(kNow + std::chrono::days(91)));
}

TEST(X509, RefusesNamesThatAreNone) {
    for (const std::string& name : {std::string(), std::string("a,DNS:b"), std::string("a b"), std::string("a\0b", 3),
                                    std::string("localhost:443"), std::string(254, 'a'), std::string("caf\xc3\xa9")})
        EXPECT_THROW(Make({name}), std::runtime_error) << name;
    EXPECT_NE(Read(Make({std::string(63, 'a') + "." + std::string(63, 'b')})), nullptr);
    EXPECT_DEATH(Make({}), "CHECK failed");
}

}  // namespace
}  // namespace cardea
