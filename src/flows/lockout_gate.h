#pragma once
// The lock-out's gate: who tries passwords of one name at the same moment goes in order, so that guesses which are
// still being looked at count before their failures do.
//
//   LockoutGate::Pass pass = gate.Enter(key);        // before the counter is read
//   while (pass.Ahead() >= room) …                   // that many passwords of this name are being looked at
//       pass.WaitUntilFewerThan(room);
//   …                                                // the end of the pass lets the next ones go on

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/guarded.h"

namespace cardea {

// Of one process: each has its own, and between processes the counter's transaction decides (flows/lockout.h).
// Thread-safe. Outlives its passes.
class LockoutGate {
    struct Line;

 public:
    // A place in the line of one key, left at the pass's end.
    class Pass {
     public:
        Pass() = default;  // of no line
        Pass(Pass&& other) noexcept;
        Pass& operator=(Pass&&) = delete;
        ~Pass();

        // How many came before this one and have not left.
        std::size_t Ahead() const;
        // Blocks (the thread's permit is given back) until fewer than `most` are ahead; most > 0. It ends because the
        // one at the head never waits.
        void WaitUntilFewerThan(std::size_t most);

     private:
        friend class LockoutGate;
        Pass(LockoutGate& gate, Line& line, std::uint64_t number) : gate_(&gate), line_(&line), number_(number) {}

        LockoutGate* gate_ = nullptr;
        Line* line_ = nullptr;
        std::uint64_t number_ = 0;
    };

    // Throws TooManyRequestsException where a hundred stand in the key's line already: each holds a worker.
    Pass Enter(const std::string& key);
    // How many keys have a line: as many as have a pass, so that memory follows the requests in flight.
    std::size_t Lines();

 private:
    struct Line {
        std::string key;
        std::deque<std::uint64_t> numbers;  // of those who stand in it, in the order in which they came
        std::uint64_t next = 0;
        std::condition_variable left;
    };
    // By unique_ptr: passes point at their lines while the table moves.
    Guarded<std::unordered_map<std::string, std::unique_ptr<Line>>> lines_;
};

}  // namespace cardea
