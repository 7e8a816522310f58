#pragma once
// A connection's unread bytes: small while it rests, grown as far as a header or a body needs, wiped as it is used up.

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/secret.h"

namespace cardea {

class InputBuffer {
 public:
    ~InputBuffer() { WipeAll(); }
    bool Empty() const { return begin_ == end_; }
    std::string_view View() const { return {bytes_.get() + begin_, end_ - begin_}; }

    // Makes room for at least one more byte, in at most `most` bytes altogether, and at least `least`.
    void MakeRoom(std::size_t least, std::size_t most) {
        const std::size_t size = end_ - begin_;
        std::size_t wanted = std::max(least, size);
        if (wanted == size) wanted = std::max(size + 1, std::min(2 * size, most));
        if (wanted == capacity_ || (wanted < capacity_ && size > 0)) return Compact();
        std::unique_ptr<char[]> bytes(new char[wanted]);
        if (size > 0) std::memcpy(bytes.get(), bytes_.get() + begin_, size);
        WipeAll();
        bytes_ = std::move(bytes);
        capacity_ = wanted;
        begin_ = 0;
        end_ = size;
    }
    char* Room() { return bytes_.get() + end_; }
    std::size_t RoomSize() const { return capacity_ - end_; }
    std::size_t Capacity() const { return capacity_; }
    void Append(std::size_t size) { end_ += size; }
    void Consume(std::size_t size) {
        if (size == 0) return;
        WipeMemory(bytes_.get() + begin_, size);
        begin_ += size;
        if (begin_ == end_) begin_ = end_ = 0;
    }

 private:
    void WipeAll() {
        if (bytes_) WipeMemory(bytes_.get(), capacity_);
    }
    void Compact() {
        if (begin_ == 0) return;
        std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace cardea
