#pragma once
// The development door: what `cardea dev` shows and `cardea serve` never has.
//
//   GET  /_dev/                                 the outbox, for a person
//   GET  /_dev/outbox?to=…&limit=…              {"messages":[{channel, to, subject, body, code, at}]}, newest first
//   POST /_dev/reset                            empties the account and the outbox
//   POST /_dev/clock {"advance_seconds": n}     moves time on: {"now": "…"}
//
// A web page elsewhere must not drive a developer's machine: a request is answered only where its Host is this machine
// (a page that rebinds its name to 127.0.0.1 still sends its own name) and its Origin, if it has one, is too. No CORS.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "delivery/outbox.h"
#include "flows/context.h"
#include "net/http.h"

namespace cardea {

struct DevDoor {
    Outbox& outbox;
    const Clock& clock;
    std::function<void(Duration)> advance;
    std::function<void()> reset;     // may block on the store
    std::vector<std::string> hosts;  // names beside loopback's that this machine is called by, lower case, no port
};

// The answer to a request below /_dev, nothing for any other path. Thread-safe where the functions of `door` are.
std::optional<HttpResponse> AnswerDevDoor(const HttpRequest& request, DevDoor& door);

// Whether the request is for this machine by its own name, and from a page of this machine or from no page at all:
// localhost, names below it, loopback addresses, and `hosts`. The port does not matter.
bool IsFromThisMachine(const HttpRequest& request, const std::vector<std::string>& hosts);

// Deletes every pool of the account with all that is in it. Blocks on the store.
void ResetAccount(Services& services);

}  // namespace cardea
