#pragma once
// The administrator's door of `cardea serve`: `cardea admin …` beside a running server goes through it, not around it.
//
//   POST /_admin/access-keys        {"AccessKeyId", "SecretAccessKey"}
//
// Requests are signed with SigV4 (service "cardea-admin") by a key that is derived from the master key: who has the
// configuration may come in, and nobody else.

#include <optional>
#include <string>

#include "crypto/seal.h"
#include "crypto/sigv4.h"
#include "flows/context.h"
#include "net/http.h"

namespace cardea {

inline constexpr std::string_view kAdminSigningName = "cardea-admin";

// What `cardea admin` signs with.
AwsCredentials AdminCredentials(const MasterKey& master_key);
// The answer to a request below /_admin, nothing for any other path.
std::optional<HttpResponse> AnswerAdminDoor(Services& services, const MasterKey& master_key,
                                            const HttpRequest& request);
// {"AccessKeyId": …, "SecretAccessKey": …} of a key that was just made.
std::string CreateAndPrintAccessKey(Services& services);

}  // namespace cardea
