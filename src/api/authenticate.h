#pragma once
// Who signed a request (SigV4), for operations under IAM.

#include "api/dispatch.h"

namespace cardea {

// The signer, and ctx.region from the credential scope. In development a request must be signed in form, by anybody.
// Throws MissingAuthenticationTokenException, IncompleteSignatureException, InvalidSignatureException or
// UnrecognizedClientException (fact sheet user pools A.3).
Caller AuthenticateSignature(const ApiDoor& door, Context& ctx, const HttpRequest& request);

}  // namespace cardea
