#pragma once
// BoundedCache: a table that forgets what was not asked for lately, so that memory has a bound whatever callers ask
// for.
//
//   BoundedCache<PoolId, PoolHandle> pools{10'000};
//   if (PoolHandle* found = pools.Find(id)) return *found;
//   pools.Put(id, handle);

#include <cstddef>
#include <unordered_map>
#include <utility>

namespace cardea {

// Keeps at least the most / 2 entries that were put or found last, and never more than `most` (at least 2). Two
// generations instead of a list: an entry that is found moves to the younger one; when that is full, it becomes the
// older one and what was in that is gone. Not thread-safe: kept in a Guarded.
template <class Key, class Value>
class BoundedCache {
 public:
    explicit BoundedCache(std::size_t most) : half_(most / 2) {}

    // Null where it is not kept. Good until the next call.
    Value* Find(const Key& key) {
        if (const auto found = young_.find(key); found != young_.end()) return &found->second;
        const auto found = old_.find(key);
        if (found == old_.end()) return nullptr;
        Value value = std::move(found->second);
        old_.erase(found);
        return Insert(key, std::move(value));
    }

    // In place of what was kept under the key.
    void Put(const Key& key, Value value) {
        Erase(key);
        Insert(key, std::move(value));
    }

    void Erase(const Key& key) {
        young_.erase(key);
        old_.erase(key);
    }

    // Those whose value is one that `gone` is true of. Looks at every entry.
    template <class Predicate>
    void EraseIf(Predicate gone) {
        const auto of_entry = [&](const auto& entry) { return gone(entry.second); };
        std::erase_if(young_, of_entry);
        std::erase_if(old_, of_entry);
    }

    void Clear() {
        young_.clear();
        old_.clear();
    }

    std::size_t Size() const { return young_.size() + old_.size(); }

 private:
    Value* Insert(const Key& key, Value value) {
        if (young_.size() >= half_) {
            old_.swap(young_);
            young_.clear();
        }
        return &young_.emplace(key, std::move(value)).first->second;
    }

    std::size_t half_;
    std::unordered_map<Key, Value> young_, old_;
};

}  // namespace cardea
