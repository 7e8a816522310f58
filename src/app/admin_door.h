#pragma once
// The administrator's door of `cardea serve`: `cardea admin …` and `cardea backup` beside a running server go through
// it, not around it.
//
//   POST /_admin/access-keys                      {"AccessKeyId", "SecretAccessKey"}
//   POST /_admin/backups {"File": absolute path}  {"File"}, when the copy is made
//   POST /_admin/epoch                            {"Epoch"}
//
// It opens on the Unix socket admin.socket only, which only the server's own user (and root) can connect to: whoever
// can, could read the database and the server's memory as well.

#include <functional>
#include <string>

#include "flows/context.h"
#include "net/http.h"

namespace cardea {

struct AdminDoor {
    Services& services;
    std::function<void(const std::string& file)> back_up;  // throws std::exception with the reason
};

// The answer to a request by the socket. May block for as long as a backup takes.
HttpResponse AnswerAdminDoor(const AdminDoor& door, const HttpRequest& request);
// {"AccessKeyId": …, "SecretAccessKey": …} of a key that was just made.
std::string CreateAndPrintAccessKey(Services& services);
// Ends all refresh tokens of the account (Directory::AccountEpoch).
std::string RenewAndPrintEpoch(Services& services);

}  // namespace cardea
