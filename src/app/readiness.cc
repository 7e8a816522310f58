#include "app/readiness.h"

#include "base/clock.h"

namespace cardea {

namespace {

constexpr std::chrono::seconds kPause{1};   // between two questions
constexpr std::chrono::minutes kWanted{1};  // after somebody read
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
    state->wanted_until = now + kWanted;
    if (!state->asked) changed_.notify_one();
    return state->ready && (!state->asked || now - *state->asked < kLongestAnswer);
}

void Readiness::Loop() {
    for (auto next = Monotonic();; next = Monotonic() + kPause) {
        {
            auto state = state_.Lock();
            while (!state->stopping && state->WaitsFor(next)) {
                if (Monotonic() < next)
                    state.WaitUntil(changed_, next);
                else
                    state.Wait(changed_);
            }
            if (state->stopping) return;
            state->asked = Monotonic();
        }
        const bool ready = store_.IsReady();  // may wait
        auto state = state_.Lock();
        state->ready = ready;
        state->asked.reset();
    }
}

}  // namespace cardea
