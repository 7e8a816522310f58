#pragma once
// The pool's message templates (fact sheet user pools B.13).

#include <string_view>

#include "base/secret.h"
#include "delivery/delivery.h"
#include "model/pool.h"

namespace cardea {

enum class Template : std::uint8_t {
    kVerification,  // sign-up, resend, attribute verification, forgotten password
    kInvitation,    // AdminCreateUser: {username} and {####}, the temporary password
};

// The message with its placeholders filled: `secret` is the code or the temporary password. In e-mail bodies the
// password and the username are HTML-escaped, as Cognito does. Nothing where the invitation's template has no {####}
// (such a message is not delivered).
std::optional<Message> Compose(const Pool& pool, Template kind, DeliveryMedium medium, std::string_view to,
                               std::string_view username, const Secret& secret);

}  // namespace cardea
