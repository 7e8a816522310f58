#include "store/sqlite/writer.h"

#include <algorithm>

#include "base/check.h"
#include "base/log.h"
#include "base/permits.h"
#include "store/sqlite/connection.h"

namespace cardea::sqlite {

namespace {

constexpr std::size_t kBatchBound = 256;
// A log of this many times the pages at which a checkpoint is due is held up by readers: the writer waits for them.
constexpr int kRestartAt = 4;

}  // namespace

Writer::Writer(std::function<Opened()> open, int checkpoint_pages, Duration wait)
    : open_(std::move(open)),
      opened_(open_()),
      checkpoint_pages_(checkpoint_pages),
      wait_(wait),
      next_checkpoint_(checkpoint_pages),
      thread_([this] { Loop(); }) {}

Writer::~Writer() {
    queue_.Lock()->stopping = true;
    queued_.notify_one();
    thread_.join();
    try {
        if (opened_.native) opened_.native->Checkpoint(Connection::CheckpointMode::kTruncate);
    } catch (const std::exception& e) {
        Log(LogLevel::kWarning, "last checkpoint failed", {{"reason", e.what()}});
    }
}

void Writer::Run(FunctionRef<void(sql::Connection&)> body) {
    Request request{.body = body, .error = {}, .batch_error = {}, .mutex = {}, .finished = {}};
    {
        const Blocking outside;
        queue_.Lock()->requests.push_back(&request);
        queued_.notify_one();
        std::unique_lock lock(request.mutex);
        const auto is_done = [&] { return request.done; };
        if (!request.finished.wait_for(lock, wait_, is_done)) {
            lock.unlock();
            if (Withdraw(request))
                throw sql::DatabaseError("SQLite: the writer did not come to it in time", sql::Refusal::kBusy);
            // Its body is running: nobody can leave now.
            lock.lock();
            request.finished.wait(lock, is_done);
        }
    }
    if (request.error) std::rethrow_exception(std::move(request.error));
    if (request.batch_error) throw sql::DatabaseError(*request.batch_error);
}

// Whether the writer has not taken it yet, and never will.
bool Writer::Withdraw(Request& request) { return std::erase(queue_.Lock()->requests, &request) > 0; }

void Writer::Loop() {
    while (true) {
        const std::vector<Request*> batch = TakeBatch();
        if (batch.empty()) return;
        RunBatch(batch);
        for (Request* request : batch) Finish(*request);
        Checkpoint();
    }
}

void Writer::Finish(Request& request) {
    // Under the lock: the request lives on its caller's stack and is gone once that sees `done`.
    const std::lock_guard lock(request.mutex);
    request.done = true;
    request.finished.notify_one();
}

std::vector<Writer::Request*> Writer::TakeBatch() {
    auto queue = queue_.Lock();
    while (queue->requests.empty() && !queue->stopping) queue.Wait(queued_);
    const auto count = static_cast<std::ptrdiff_t>(std::min(queue->requests.size(), kBatchBound));
    std::vector<Request*> batch(queue->requests.begin(), queue->requests.begin() + count);
    queue->requests.erase(queue->requests.begin(), queue->requests.begin() + count);
    return batch;
}

void Writer::RunBatch(std::span<Request* const> batch) {
    std::string reason;
    try {
        if (!opened_.connection) opened_ = open_();
        if (batch.size() == 1) return RunAlone(*batch.front());
        opened_.connection->Begin();
        for (Request* request : batch) RunOne(*request);
        opened_.connection->Commit();
        return;
    } catch (const std::exception& e) {
        reason = e.what();
    }
    Log(LogLevel::kError, "transactions not committed",
        {{"count", static_cast<int>(batch.size())}, {"reason", reason}});
    for (Request* request : batch)
        if (!request->error) request->batch_error = reason;
    // Closing rolls back whatever was left.
    opened_ = {};
}

// Without a savepoint, whose undo costs a copy of each page that changes: what fails is all there is to roll back.
void Writer::RunAlone(Request& request) {
    sql::Connection& db = *opened_.connection;
    db.Begin();
    try {
        request.body(db);
        db.Commit();
        return;
    } catch (...) {
        request.error = std::current_exception();
    }
    db.Rollback();
}

// Throws where the whole batch is lost.
void Writer::RunOne(Request& request) {
    sql::Connection& db = *opened_.connection;
    try {
        db.Begin();
    } catch (...) {
        request.error = std::current_exception();
        return;
    }
    try {
        request.body(db);
        db.Commit();
        return;
    } catch (...) {
        request.error = std::current_exception();
    }
    db.Rollback();
}

// A passive checkpoint moves what no reader needs and waits for nobody. The log starts anew at the first commit that
// finds all of it moved and no reader in it. A reader that never ends would let it grow without bound; readers' queries
// end after a while by themselves, and past a bound the writer stands still for a moment so that the log can restart.
void Writer::Checkpoint() {
    if (!opened_.native) return;
    const int pages = opened_.native->LogPages();
    if (pages < last_log_pages_) next_checkpoint_ = checkpoint_pages_;
    last_log_pages_ = pages;
    if (pages < next_checkpoint_) return;
    try {
        const bool held_up = pages >= kRestartAt * checkpoint_pages_;
        opened_.native->Checkpoint(held_up ? Connection::CheckpointMode::kRestart
                                           : Connection::CheckpointMode::kPassive);
    } catch (const std::exception& e) {
        Log(LogLevel::kWarning, "checkpoint failed", {{"reason", e.what()}});
    }
    next_checkpoint_ = pages + checkpoint_pages_;
}

}  // namespace cardea::sqlite
