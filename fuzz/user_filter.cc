// ListUsers' filter.
#include "api/user_pools/user_filter.h"

#include "model/error.h"
#include "targets.h"

namespace cardea {

void FuzzUserFilter(std::string_view bytes) {
    try {
        ParseUserFilter(bytes);
    } catch (const ApiError&) {
        // It has said what is wrong.
    }
}

}  // namespace cardea
