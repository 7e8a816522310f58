#include "flows/lockout_gate.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/permits.h"
#include "model/error.h"

namespace cardea {

namespace {

constexpr std::size_t kLongestLine = 100;

std::size_t AheadOf(const std::deque<std::uint64_t>& numbers, std::uint64_t number) {
    return static_cast<std::size_t>(std::lower_bound(numbers.begin(), numbers.end(), number) - numbers.begin());
}

}  // namespace

LockoutGate::Pass LockoutGate::Enter(const std::string& key) {
    auto lines = lines_.Lock();
    std::unique_ptr<Line>& line = (*lines)[key];
    if (!line) {
        line = std::make_unique<Line>();
        line->key = key;
    }
    if (line->numbers.size() >= kLongestLine) throw ApiError(Error::kTooManyRequests, "Rate exceeded");
    line->numbers.push_back(line->next);
    return {*this, *line, line->next++};
}

std::size_t LockoutGate::Lines() { return lines_.Lock()->size(); }

LockoutGate::Pass::Pass(Pass&& other) noexcept
    : gate_(std::exchange(other.gate_, nullptr)), line_(other.line_), number_(other.number_) {}

LockoutGate::Pass::~Pass() {
    if (!gate_) return;
    auto lines = gate_->lines_.Lock();
    auto& numbers = line_->numbers;
    numbers.erase(std::lower_bound(numbers.begin(), numbers.end(), number_));
    if (numbers.empty())
        lines->erase(std::string(line_->key));
    else
        line_->left.notify_all();
}

std::size_t LockoutGate::Pass::Ahead() const {
    if (!gate_) return 0;
    auto lines = gate_->lines_.Lock();
    return AheadOf(line_->numbers, number_);
}

void LockoutGate::Pass::WaitUntilFewerThan(std::size_t most) {
    CHECK(gate_ != nullptr && most > 0);
    const Blocking outside;
    auto lines = gate_->lines_.Lock();
    while (AheadOf(line_->numbers, number_) >= most) lines.Wait(line_->left);
}

}  // namespace cardea
