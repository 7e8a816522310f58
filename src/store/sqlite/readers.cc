#include "store/sqlite/readers.h"

#include "base/permits.h"

namespace cardea::sqlite {

std::unique_ptr<sql::Connection> Readers::Take() {
    {
        auto state = state_.Lock();
        if (!state->free.empty()) {
            auto connection = std::move(state->free.back());
            state->free.pop_back();
            return connection;
        }
    }
    if (auto connection = WaitForOne()) return connection;
    try {
        return open_();
    } catch (...) {
        --state_.Lock()->made;
        returned_.notify_one();
        throw;
    }
}

std::unique_ptr<sql::Connection> Readers::WaitForOne() {
    const Blocking outside;
    auto state = state_.Lock();
    while (state->free.empty() && state->made >= bound_) state.Wait(returned_);
    if (state->free.empty()) {
        ++state->made;
        return nullptr;
    }
    auto connection = std::move(state->free.back());
    state->free.pop_back();
    return connection;
}

void Readers::Return(std::unique_ptr<sql::Connection> connection) {
    state_.Lock()->free.push_back(std::move(connection));
    returned_.notify_one();
}

}  // namespace cardea::sqlite
