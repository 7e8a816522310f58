#pragma once
// How a request's body grows: what it outgrows is wiped, because bodies hold passwords.

#include <algorithm>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace cardea {

// Appends; `most` is the size that the body can reach, of which no more is allocated than twice what has come.
inline void AppendToBody(std::string& body, std::string_view more, std::size_t most) {
    static constexpr std::size_t kFirst = 1024;
    const std::size_t size = body.size() + more.size();
    if (size > body.capacity()) {
        std::string larger;
        larger.reserve(std::max(size, std::min(most, std::max(kFirst, 2 * body.capacity()))));
        larger.assign(body);
        WipeMemory(body.data(), body.size());
        body.swap(larger);
    }
    body.append(more);
}

}  // namespace cardea
