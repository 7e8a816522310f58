#pragma once
// A message to a person, and how the API describes where one went.

#include <optional>
#include <string>

#include "codec/shape.h"
#include "model/limits.h"

namespace cardea {

enum class DeliveryMedium : std::uint8_t { kSms, kEmail };
template <>
struct EnumNames<DeliveryMedium> {
    static constexpr std::array<std::string_view, 2> kNames{"SMS", "EMAIL"};
};

struct CodeDeliveryDetails {
    std::optional<std::string> destination;  // masked
    std::optional<DeliveryMedium> delivery_medium;
    std::optional<std::string> attribute_name;

    static constexpr auto kFields =
        Fields(Field<&CodeDeliveryDetails::destination>("Destination", kString),
               Field<&CodeDeliveryDetails::delivery_medium>("DeliveryMedium"),
               Field<&CodeDeliveryDetails::attribute_name>("AttributeName", kAttributeName));
};

// "j***@e***" for an address, "+*******9934" for a number (fact sheet user pools C.2).
std::string MaskDestination(DeliveryMedium medium, std::string_view destination);

}  // namespace cardea
