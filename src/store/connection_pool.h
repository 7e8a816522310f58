#pragma once
// Connections that are made on demand up to a bound and used again, the one used last first, because it is warm.
//
//   ConnectionPool<sql::Connection>::Lease lease(pool);      // waits for one, outside of the thread's permit
//   body(*lease);

#include <condition_variable>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "base/permits.h"
#include "store/sql.h"

namespace cardea {

// Thread-safe. T is a connection, or a structure with one.
template <class T>
class ConnectionPool {
 public:
    struct Options {
        std::function<std::unique_ptr<T>()> open;  // throws DatabaseError where it cannot
        // Whether a connection can be given out (again); one that cannot is closed.
        bool (*is_usable)(T&) = [](T&) { return true; };
        std::size_t bound = 1;
        Duration wait = std::chrono::seconds(10);  // for one while all are in use
    };
    explicit ConnectionPool(Options options) : options_(std::move(options)) {}

    // One connection for as long as the lease lives. Throws DatabaseError where a new one cannot be opened, or none
    // became free in time (kBusy).
    class Lease {
     public:
        explicit Lease(ConnectionPool& owner) : owner_(owner), connection_(owner.Take()) {}
        ~Lease() { owner_.Return(std::move(connection_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        T& operator*() { return *connection_; }
        T* operator->() { return connection_.get(); }

     private:
        ConnectionPool& owner_;
        std::unique_ptr<T> connection_;
    };

 private:
    struct State {
        std::vector<std::unique_ptr<T>> free;
        std::size_t made = 0;
    };

    std::unique_ptr<T> Take() {
        while (auto connection = TakeFree()) {
            if (options_.is_usable(*connection)) return connection;
            connection.reset();
            Forget();
        }
        try {
            return options_.open();
        } catch (...) {
            Forget();
            throw;
        }
    }

    // The connection that was given back last, or null where the caller is to open one, which is counted already.
    std::unique_ptr<T> TakeFree() {
        {
            auto state = state_.Lock();
            if (!state->free.empty()) return Pop(*state);
        }
        const Blocking outside;
        const auto until = Monotonic() + options_.wait;
        auto state = state_.Lock();
        while (state->free.empty() && state->made >= options_.bound)
            if (state.WaitUntil(returned_, until) == std::cv_status::timeout && state->free.empty() &&
                state->made >= options_.bound)
                throw sql::DatabaseError("no connection to the database became free in time", sql::Refusal::kBusy);
        if (!state->free.empty()) return Pop(*state);
        ++state->made;
        return nullptr;
    }

    static std::unique_ptr<T> Pop(State& state) {
        auto connection = std::move(state.free.back());
        state.free.pop_back();
        return connection;
    }

    void Return(std::unique_ptr<T> connection) {
        if (options_.is_usable(*connection)) {
            state_.Lock()->free.push_back(std::move(connection));
            returned_.notify_one();
        } else {
            connection.reset();
            Forget();
        }
    }

    void Forget() {
        --state_.Lock()->made;
        returned_.notify_one();
    }

    Options options_;
    Guarded<State> state_;
    std::condition_variable returned_;
};

}  // namespace cardea
