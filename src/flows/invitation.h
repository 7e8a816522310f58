#pragma once
// The invitation: an administrator's message to a user that was made, with the temporary password.

#include <optional>
#include <vector>

#include "base/secret.h"
#include "flows/context.h"
#include "model/message.h"
#include "model/pool.h"
#include "model/user.h"

namespace cardea {

// Where the invitation goes (fact sheet user pools C.4): the media that were asked for and that the user has; where
// none was asked for, its number or else its address. Throws InvalidParameterException where media were asked for and
// the user has none of them.
std::vector<DeliveryMedium> InvitationMedia(const std::optional<std::vector<DeliveryMedium>>& desired,
                                            const User& user);

// Sends it by each of `media`; one whose template leaves the password out is not sent (fact sheet user pools B.13).
// Throws CodeDeliveryFailureException where one cannot be delivered now.
void SendInvitation(Context& ctx, const Pool& pool, const User& user, const Secret& password,
                    const std::vector<DeliveryMedium>& media);

}  // namespace cardea
