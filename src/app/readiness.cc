#include "app/readiness.h"

#include "base/clock.h"

namespace cardea {

namespace {

constexpr std::chrono::seconds kFresh{1};
constexpr std::chrono::seconds kLongestAnswer{2};

}  // namespace

Readiness::Readiness(Store& store) : store_(store), thread_([this] { Loop(); }) {}

Readiness::~Readiness() {
    state_.Lock()->stopping = true;
    changed_.notify_one();
    thread_.join();
}

bool Readiness::Read() {
    const TimePoint now = Monotonic();
    auto state = state_.Lock();
    if (!state->asked && now - state->answered >= kFresh) {
        state->asked = now;
        state->wanted = true;
        changed_.notify_one();
    }
    return state->ready && (!state->asked || now - *state->asked < kLongestAnswer);
}

void Readiness::Loop() {
    for (;;) {
        {
            auto state = state_.Lock();
            while (!state->wanted && !state->stopping) state.Wait(changed_);
            if (state->stopping) return;
            state->wanted = false;
        }
        const bool ready = store_.IsReady();  // may wait
        auto state = state_.Lock();
        state->ready = ready;
        state->answered = Monotonic();
        state->asked.reset();
    }
}

}  // namespace cardea
