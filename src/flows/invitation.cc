#include "flows/invitation.h"

#include <algorithm>

#include "delivery/delivery.h"
#include "delivery/templates.h"

namespace cardea {

namespace {

std::string_view AttributeOf(DeliveryMedium medium) {
    return medium == DeliveryMedium::kSms ? "phone_number" : "email";
}

// The name by which the person signs in.
std::string_view InvitedName(const User& user) {
    if (user.username != user.id.Text()) return user.username;
    for (const std::string_view attribute : {"email", "phone_number"})
        if (const auto value = Find(user.attributes, attribute)) return *value;
    return user.username;
}

}  // namespace

std::vector<DeliveryMedium> InvitationMedia(const std::optional<std::vector<DeliveryMedium>>& desired,
                                            const User& user) {
    const bool asked = desired && !desired->empty();
    std::vector<DeliveryMedium> media;
    for (const DeliveryMedium medium : {DeliveryMedium::kSms, DeliveryMedium::kEmail}) {
        const bool wanted =
            asked ? std::find(desired->begin(), desired->end(), medium) != desired->end() : media.empty();
        if (wanted && Find(user.attributes, AttributeOf(medium))) media.push_back(medium);
    }
    if (asked && media.empty())
        throw ApiError(Error::kInvalidParameter,
                       "User has no attribute " + std::string(AttributeOf(desired->front())) + " to deliver");
    return media;
}

void SendInvitation(Context& ctx, const Pool& pool, const User& user, const Secret& password,
                    const std::vector<DeliveryMedium>& media) {
    bool delivered = true;
    for (const DeliveryMedium medium : media) {
        const auto to = Find(user.attributes, AttributeOf(medium)).value();
        const auto message = Compose(pool, Template::kInvitation, medium, to, InvitedName(user), password);
        if (message && ctx.services.delivery.Send(*message) == Delivered::kNo) delivered = false;
    }
    if (!delivered) throw ApiError(Error::kCodeDeliveryFailure, "The invitation could not be delivered.");
}

}  // namespace cardea
