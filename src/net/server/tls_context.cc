#include "net/server/tls_context.h"

#include <openssl/ssl.h>
#include <stdexcept>

namespace cardea {

namespace {

constexpr const char* kCiphers12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr unsigned char kProtocols[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// A client that names protocols, but not ours, is refused (RFC 7301 §3.2).
int ChooseProtocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                   unsigned offered_size, void*) {
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_size, kProtocols, sizeof kProtocols, offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

void Require(bool done, const char* what) {
    if (!done) throw std::runtime_error(std::string("TLS: ") + what);
}

}  // namespace

boost::asio::ssl::context MakeTlsContext(const TlsIdentity& identity) {
    namespace ssl = boost::asio::ssl;
    ssl::context context(ssl::context::tls_server);
    SSL_CTX* native = context.native_handle();
    Require(SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1, "cannot require TLS 1.2");
    Require(SSL_CTX_set_cipher_list(native, kCiphers12) == 1, "no usable cipher");
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                    SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    // Tickets keep the session at the client: nothing grows here.
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    static constexpr unsigned char kName[] = "cardea";
    SSL_CTX_set_session_id_context(native, kName, sizeof kName - 1);
    SSL_CTX_set_num_tickets(native, 1);
    SSL_CTX_set_alpn_select_cb(native, ChooseProtocol, nullptr);

    boost::system::error_code error;
    context.use_certificate_chain(boost::asio::buffer(identity.certificate_pem), error);
    Require(!error, "the certificate cannot be read");
    const std::string_view key = identity.private_key_pem.Reveal();
    context.use_private_key(boost::asio::buffer(key.data(), key.size()), ssl::context::pem, error);
    Require(!error, "the private key cannot be read, or is not the certificate's");
    Require(SSL_CTX_check_private_key(native) == 1, "the private key is not the certificate's");
    return context;
}

}  // namespace cardea
