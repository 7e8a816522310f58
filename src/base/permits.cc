#include "base/permits.h"

#include "base/check.h"

namespace cardea {

namespace {
thread_local Permits* held = nullptr;
}  // namespace

void Permits::Acquire() {
    std::unique_lock lock(mutex_);
    if (free_ > 0 && waiting_.empty()) {
        --free_;
        return;
    }
    Waiter waiter;
    waiting_.push_back(&waiter);
    while (!waiter.granted) waiter.ready.wait(lock);
}

void Permits::Release() {
    std::unique_lock lock(mutex_);
    if (waiting_.empty()) {
        ++free_;
        return;
    }
    Waiter* next = waiting_.front();
    waiting_.pop_front();
    next->granted = true;
    // Under the lock: the waiter lives on its own stack and is gone once it sees `granted`.
    next->ready.notify_one();
}

std::size_t Permits::Waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

HoldPermit::HoldPermit(Permits& permits) {
    CHECK(held == nullptr);
    permits.Acquire();
    held = &permits;
}

HoldPermit::~HoldPermit() {
    held->Release();
    held = nullptr;
}

Blocking::Blocking() : permits_(held) {
    held = nullptr;
    if (!permits_) return;
    permits_->Release();
    if (BlockingWatcher* watcher = permits_->Watcher()) watcher->OnBlock();
}

Blocking::~Blocking() {
    if (!permits_) return;
    if (BlockingWatcher* watcher = permits_->Watcher()) watcher->OnUnblock();
    permits_->Acquire();
    held = permits_;
}

}  // namespace cardea
