#include "net/server/client_counts.h"

#include <algorithm>

#include "base/check.h"

namespace cardea {

ClientPlace ClientCounts::Take(const IpAddress& client) {
    Key key = client.bytes;
    if (!IsIpv4(client)) std::fill(key.begin() + 8, key.end(), static_cast<unsigned char>(0));
    auto open = open_.Lock();
    std::size_t& count = (*open)[key];
    if (count >= most_) return {};
    ++count;
    return {*this, key};
}

void ClientCounts::Give(const Key& key) {
    auto open = open_.Lock();
    const auto found = open->find(key);
    CHECK(found != open->end());
    if (--found->second == 0) open->erase(found);
}

}  // namespace cardea
