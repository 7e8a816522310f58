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

    // Whether changes get through, as far as is known: none waits for longer than two seconds, and the last one that
    // was tried did not fail. Does not wait. Where nobody has changed anything for a while, or the last one failed, it
    // queues a change of nothing, written and synced like any other, so that the next call knows more.
    bool IsReady();

 private:
    struct Request {
        FunctionRef<void(sql::Connection&)> body;
        std::exception_ptr error;                // the body's own
        std::optional<std::string> batch_error;  // what went wrong for all of the batch
        bool done = false;
        std::chrono::steady_clock::time_point since = Monotonic();
        std::mutex mutex;
        std::condition_variable finished;
    };
    struct Queue {
        std::deque<Request*> requests;
        bool stopping = false;
        // For IsReady.
        bool probing = false;                                       // probe_ is queued or being run
        bool succeeded = true;                                      // the last transaction that came to its commit
        std::chrono::steady_clock::time_point tried = Monotonic();  // when that was
        std::optional<std::chrono::steady_clock::time_point> oldest_at_work;  // of the batch
    };

    bool Withdraw(Request& request);
    void Loop();
    std::vector<Request*> TakeBatch();  // empty: the end
    void RunBatch(std::span<Request* const> batch);
    void RunAlone(Request& request);
    void RunOne(Request& request);
    void Note(bool succeeded);
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
    Request probe_;  // used anew whenever it is not queued
    std::thread thread_;
};

}  // namespace cardea::sqlite
