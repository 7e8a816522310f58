#pragma once
// Id<Tag>: a name of one kind of thing, which cannot be taken for the name of another.
//
//   using PoolId = Id<struct PoolTag>;

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace cardea {

template <class Tag>
class Id {
 public:
    Id() = default;
    explicit Id(std::string text) : text_(std::move(text)) {}
    const std::string& Text() const { return text_; }
    bool Empty() const { return text_.empty(); }
    auto operator<=>(const Id&) const = default;

 private:
    std::string text_;
};

}  // namespace cardea

template <class Tag>
struct std::hash<cardea::Id<Tag>> {
    std::size_t operator()(const cardea::Id<Tag>& id) const noexcept { return std::hash<std::string>()(id.Text()); }
};
