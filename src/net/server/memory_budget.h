#pragma once
// What all requests together may hold in memory while they are read and answered.
//
//   MemoryBudget budget(128 << 20);
//   MemoryShare share(budget);
//   if (!share.Hold(bytes)) …      // refuse the request: nothing ever waits for memory
//
// The first bytes of each connection are its own, so that small requests are answered however many large ones come:
// all in all it is at most kOwnBytes for each connection, and the budget.

#include <atomic>
#include <cstddef>

namespace cardea {

// Thread-safe.
class MemoryBudget {
 public:
    explicit MemoryBudget(std::size_t most) : most_(most) {}
    std::size_t Used() const { return used_.load(std::memory_order_relaxed); }

 private:
    friend class MemoryShare;
    bool Take(std::size_t bytes) {
        if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= most_) return true;
        Give(bytes);
        return false;
    }
    void Give(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

    const std::size_t most_;
    std::atomic<std::size_t> used_{0};
};

// One connection's part. For one thread at a time; the budget outlives it.
class MemoryShare {
 public:
    static constexpr std::size_t kOwnBytes = 32 * 1024;

    explicit MemoryShare(MemoryBudget& budget) : budget_(budget) {}
    ~MemoryShare() { budget_.Give(taken_); }
    MemoryShare(const MemoryShare&) = delete;
    MemoryShare& operator=(const MemoryShare&) = delete;

    // From now on this connection holds so many bytes. False, and nothing changes, where the budget does not have them.
    bool Hold(std::size_t bytes) {
        const std::size_t wanted = bytes > kOwnBytes ? bytes - kOwnBytes : 0;
        if (wanted > taken_ && !budget_.Take(wanted - taken_)) return false;
        if (wanted < taken_) budget_.Give(taken_ - wanted);
        taken_ = wanted;
        return true;
    }
    // Whether Hold would have said yes just now.
    bool CouldHold(std::size_t bytes) const {
        return bytes <= kOwnBytes + taken_ || budget_.Used() + (bytes - kOwnBytes - taken_) <= budget_.most_;
    }

 private:
    MemoryBudget& budget_;
    std::size_t taken_ = 0;
};

}  // namespace cardea
