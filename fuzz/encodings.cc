// Base64, hexadecimal and percent-encoding: strict, so that one value has one text.
#include "base/check.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/percent.h"
#include "targets.h"

namespace cardea {

void FuzzEncodings(std::string_view bytes) {
    if (const auto value = Base64Decode(bytes)) CHECK(Base64Encode(*value) == bytes);
    if (const auto value = Base64UrlDecode(bytes)) CHECK(Base64UrlEncode(*value) == bytes);
    if (const auto value = HexDecode(bytes)) CHECK(HexDecode(HexEncode(*value)) == value);
    if (const auto value = PercentDecode(bytes)) CHECK(PercentDecode(PercentEncode(*value)) == value);
    CHECK(Base64Decode(Base64Encode(bytes)) == bytes);
    CHECK(Base64UrlDecode(Base64UrlEncode(bytes)) == bytes);
    CHECK(HexDecode(HexEncode(bytes)) == bytes);
    CHECK(PercentDecode(PercentEncode(bytes)) == bytes);
    CHECK(PercentDecode(PercentEncode(bytes, Slash::kKeep)) == bytes);
}

}  // namespace cardea
