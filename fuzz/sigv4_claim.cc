// What requests say of their signature: method, path, query and headers stand on lines of their own.
#include "crypto/sigv4_claim.h"

#include <vector>

#include "base/check.h"
#include "crypto/sigv4_verify.h"
#include "targets.h"

namespace cardea {

void FuzzSigV4Claim(std::string_view bytes) {
    const std::string_view method = TakeLine(bytes), path = TakeLine(bytes), query = TakeLine(bytes);
    std::vector<HeaderView> headers;
    while (!bytes.empty() && headers.size() < 64) {
        const std::string_view line = TakeLine(bytes);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos) headers.push_back({line.substr(0, colon), line.substr(colon + 1)});
    }
    const SignableRequest request{method, path, query, headers, "body"};
    const auto claim = ReadSigV4Claim(request);
    if (const auto* found = std::get_if<SigV4Claim>(&claim)) {
        SplitCredential(found->credential);
        ParseIso8601Basic(found->time);
    }
    for (const HeaderView& header : headers) ParseHttpDate(header.value);
    // Whoever does not know the secret is nobody.
    const auto find = [](std::string_view, std::string_view) -> std::optional<Secret> { return Secret("secret"); };
    const auto result = VerifySigV4(request, {.service = "cognito-idp", .now = FromSeconds(1440938160)}, find);
    CHECK(std::holds_alternative<SigV4Failure>(result));
}

}  // namespace cardea
