#pragma once
// The connections that read: made on demand up to a bound, the one used last given out first, because its pages are
// warm.
//
//   Readers::Lease lease(readers);      // waits for one, outside of the thread's permit
//   body(lease.Connection());

#include <condition_variable>
#include <functional>
#include <memory>
#include <vector>

#include "base/guarded.h"
#include "store/sql.h"

namespace cardea::sqlite {

// Thread-safe.
class Readers {
 public:
    using Open = std::function<std::unique_ptr<sql::Connection>()>;
    Readers(Open open, std::size_t bound) : open_(std::move(open)), bound_(bound) {}

    // One connection for as long as the lease lives. Throws DatabaseError where a new one cannot be opened.
    class Lease {
     public:
        explicit Lease(Readers& owner) : owner_(owner), connection_(owner.Take()) {}
        ~Lease() { owner_.Return(std::move(connection_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        sql::Connection& Connection() { return *connection_; }

     private:
        Readers& owner_;
        std::unique_ptr<sql::Connection> connection_;
    };

 private:
    struct State {
        std::vector<std::unique_ptr<sql::Connection>> free;
        std::size_t made = 0;
    };
    std::unique_ptr<sql::Connection> Take();
    // The connection that was given back last, or null where the caller is to open one, which is counted already.
    std::unique_ptr<sql::Connection> WaitForOne();
    void Return(std::unique_ptr<sql::Connection> connection);

    Open open_;
    std::size_t bound_;
    Guarded<State> state_;
    std::condition_variable returned_;
};

}  // namespace cardea::sqlite
