#include "api/operation.h"

namespace cardea {

void RequireValid(const std::optional<WireTypeError>& error, const Violations& bad) {
    if (error) throw ApiError(Error::kSerialization, error->message);
    if (bad.Any()) throw ApiError(Error::kInvalidParameter, bad.Message());
}

}  // namespace cardea
