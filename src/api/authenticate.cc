#include "api/authenticate.h"

#include <algorithm>

#include "api/user_pools/service.h"
#include "crypto/sigv4_verify.h"
#include "flows/access_key.h"
#include "flows/audit.h"

namespace cardea {

namespace {

constexpr std::size_t kMaxRegion = 32;

Error ErrorOf(SigV4Fault fault) {
    switch (fault) {
        case SigV4Fault::kMissing:
            return Error::kMissingAuthenticationToken;
        case SigV4Fault::kIncomplete:
            return Error::kIncompleteSignature;
        case SigV4Fault::kUnknownKey:
            return Error::kUnrecognizedClient;
        case SigV4Fault::kInvalid:
        case SigV4Fault::kSkewed:
        case SigV4Fault::kWrongScope:
        case SigV4Fault::kMismatch:
            break;
    }
    return Error::kInvalidSignature;
}

// A region becomes part of pool ids, ARNs and issuers.
bool IsRegion(std::string_view region) {
    return !region.empty() && region.size() <= kMaxRegion && std::ranges::all_of(region, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

void UseRegion(Context& ctx, std::string_view region) {
    if (!IsRegion(region)) throw ApiError(Error::kInvalidSignature, "Credential should be scoped to a valid region.");
    ctx.region = region;
}

Caller RootWith(const Context& ctx, std::string access_key_id) {
    return {.access_key_id = std::move(access_key_id), .arn = "arn:aws:iam::" + ctx.account().id + ":root"};
}

}  // namespace

Caller AuthenticateSignature(const ApiDoor& door, Context& ctx, const HttpRequest& request) {
    std::vector<HeaderView> headers;
    headers.reserve(request.headers.size());
    for (const auto& [name, value] : request.headers) headers.push_back({name, value});
    const SignableRequest signable{request.method, request.path, request.query, headers, request.body};
    if (!door.verify_signatures) {
        const auto claimed = ReadClaimedCredential(signable);
        if (!claimed) throw ApiError(Error::kMissingAuthenticationToken, "Missing Authentication Token");
        UseRegion(ctx, claimed->region);
        return RootWith(ctx, claimed->access_key_id);
    }
    const auto find = [&](std::string_view id, std::string_view token) -> std::optional<Secret> {
        if (!token.empty()) return std::nullopt;  // the account issues no temporary credentials yet
        return SecretOfAccessKey(ctx.services, id);
    };
    const SigV4Result result = VerifySigV4(signable, {.service = kUserPoolsSigningName, .now = ctx.now}, find);
    if (const auto* failure = std::get_if<SigV4Failure>(&result)) {
        Audit(ctx, "signature", Outcome::kDenied, {{"error", NameOf(ErrorOf(failure->fault))}});
        throw ApiError(ErrorOf(failure->fault), failure->message);
    }
    const auto& signer = std::get<SigV4Caller>(result);
    UseRegion(ctx, signer.region);
    return RootWith(ctx, signer.access_key_id);
}

}  // namespace cardea
