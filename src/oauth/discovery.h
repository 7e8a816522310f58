#pragma once
// What a pool publishes below its issuer: its keys and its description (OpenID Connect Discovery 1.0, RFC 7517).
//
//   GET /us-east-1_aB3dE5fG7/.well-known/jwks.json
//   GET /us-east-1_aB3dE5fG7/.well-known/openid-configuration

#include <optional>

#include "flows/context.h"
#include "net/http.h"

namespace cardea {

// The answer to a request for one of the two documents, or to a browser's preflight for one; nothing for any other
// request.
std::optional<HttpResponse> AnswerDiscovery(Services& services, const HttpRequest& request);

}  // namespace cardea
