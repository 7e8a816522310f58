// JWT and JWE: a token has one text only.
#include "base/check.h"
#include "codec/base64.h"
#include "crypto/jwe.h"
#include "crypto/jwt.h"
#include "targets.h"

namespace cardea {

void FuzzTokens(std::string_view bytes) {
    if (const auto jwt = ParseJwt(bytes)) {
        CHECK(jwt->signing_input == Base64UrlEncode(jwt->header) + "." + Base64UrlEncode(jwt->payload));
        CHECK(bytes == jwt->signing_input + "." + Base64UrlEncode(jwt->signature));
        if (const auto kid = JwtKid(jwt->header)) CHECK(jwt->header.find(*kid) != std::string::npos);
    }
    JwtKid(bytes);
    if (const auto jwe = ParseJwe(bytes)) {
        CHECK(jwe->associated_data == Base64UrlEncode(jwe->header));
        CHECK(jwe->nonce.size() == 12 && jwe->sealed.size() >= 16);
        CHECK(!DecryptJwe(Secret(std::string(32, 'k')), *jwe).has_value());
    }
}

}  // namespace cardea
