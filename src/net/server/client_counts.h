#pragma once
// How many connections each client has open, so that one of them cannot take the places of all.
//
//   ClientCounts counts(500);
//   ClientPlace place = counts.Take(address);   // empty where the client has 500 already
//
// A client is an IPv4 address, or the /64 of an IPv6 address: whoever has one address there has all 2⁶⁴ (RFC 6177 §2).

#include <array>
#include <cstddef>
#include <map>
#include <utility>

#include "base/guarded.h"
#include "net/cidr.h"

namespace cardea {

class ClientPlace;

// Thread-safe. It outlives the places.
class ClientCounts {
 public:
    explicit ClientCounts(std::size_t most) : most_(most) {}
    // An empty place where the client has as many as it may.
    ClientPlace Take(const IpAddress& client);

 private:
    friend class ClientPlace;
    // In order, not hashed: clients choose their addresses.
    using Key = std::array<unsigned char, 16>;
    void Give(const Key& key);

    const std::size_t most_;
    Guarded<std::map<Key, std::size_t>> open_;
};

// One connection's place among its client's; given back at the end.
class ClientPlace {
 public:
    ClientPlace() = default;
    ~ClientPlace() { Leave(); }
    ClientPlace(ClientPlace&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)), key_(other.key_) {}
    ClientPlace& operator=(ClientPlace&& other) noexcept {
        Leave();
        owner_ = std::exchange(other.owner_, nullptr);
        key_ = other.key_;
        return *this;
    }
    explicit operator bool() const { return owner_ != nullptr; }
    void Leave() {
        if (owner_) std::exchange(owner_, nullptr)->Give(key_);
    }

 private:
    friend class ClientCounts;
    ClientPlace(ClientCounts& owner, const ClientCounts::Key& key) : owner_(&owner), key_(key) {}

    ClientCounts* owner_ = nullptr;
    ClientCounts::Key key_{};
};

}  // namespace cardea
