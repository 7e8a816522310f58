#pragma once
// The development outbox: messages are kept in memory instead of being sent, for a person or a test to look at.
//
//   Outbox outbox(clock);
//   outbox.Send(message);
//   outbox.List("ada@example.com", 1).front().code
//
// `cardea dev` only: it shows codes and passwords to whoever asks.

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "delivery/delivery.h"

namespace cardea {

struct OutboxLimits {
    std::size_t messages = 10'000;
    std::size_t bytes = 64 << 20;  // of all that is kept
};

// Thread-safe.
class Outbox final : public Delivery {
 public:
    struct Entry {
        Message message;
        Instant at;
    };

    // `clock` outlives the outbox.
    explicit Outbox(const Clock& clock, OutboxLimits limits = {}) : clock_(clock), limits_(limits) {}

    // Always kYes. The oldest messages make room; one that is larger than all the room there is, is not kept.
    Delivered Send(const Message& message) override;
    // Newest first, at most `limit`; those to one address or number where `to` is not empty.
    std::vector<Entry> List(std::string_view to, std::size_t limit);
    void Clear();

 private:
    struct Kept {
        std::deque<Entry> entries;  // newest last
        std::size_t bytes = 0;
    };
    static std::size_t SizeOf(const Message& message);

    const Clock& clock_;
    const OutboxLimits limits_;
    Guarded<Kept> kept_;
};

}  // namespace cardea
