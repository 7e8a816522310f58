#pragma once
// The one thread that writes: it takes all the bodies that wait, runs each in a savepoint of one transaction, commits
// once for all of them, and wakes their callers. While it waits for the disk, the next batch gathers.
//
//   writer.Run([&](sql::Connection& db) { … });   // returns when the change is durable

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/function_ref.h"
#include "base/guarded.h"
#include "store/sql.h"

namespace cardea::sqlite {

class Connection;

// Thread-safe. The destructor runs what is queued and closes the connection.
class Writer {
 public:
    // A connection as the bodies see it, and SQLite's own below it (the same, unless a test has wrapped it).
    struct Opened {
        std::unique_ptr<sql::Connection> connection;
        Connection* native = nullptr;
    };
    // `wait` bounds how long a request stands in line.
    Writer(std::function<Opened()> open, int checkpoint_pages, Duration wait = std::chrono::seconds(10));
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Waits outside of the thread's permit. Rethrows the body's exception; throws DatabaseError where the batch could
    // not be committed, or where the writer did not come to the request in time (kBusy: a disk that hangs).
    void Run(FunctionRef<void(sql::Connection&)> body);

 private:
    struct Request {
        FunctionRef<void(sql::Connection&)> body;
        std::exception_ptr error;                // the body's own
        std::optional<std::string> batch_error;  // what went wrong for all of the batch
        bool done = false;
        std::mutex mutex;
        std::condition_variable finished;
    };
    struct Queue {
        std::deque<Request*> requests;
        bool stopping = false;
    };

    bool Withdraw(Request& request);
    void Loop();
    std::vector<Request*> TakeBatch();  // empty: the end
    void RunBatch(std::span<Request* const> batch);
    void RunAlone(Request& request);
    void RunOne(Request& request);
    void Finish(Request& request);
    void Checkpoint();

    std::function<Opened()> open_;
    Opened opened_;  // empty after a failure that left its state unknown: the next batch opens a new one
    int checkpoint_pages_;
    Duration wait_;
    int next_checkpoint_;  // pages in the log at which the next one is due
    int last_log_pages_ = 0;
    Guarded<Queue> queue_;
    std::condition_variable queued_;
    std::thread thread_;
};

}  // namespace cardea::sqlite
