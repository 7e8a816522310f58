#pragma once
// A connection whose every call a test sees first, and may refuse: for failing the N-th call of the driver, and for
// looking at the statements that a function runs.
//
//   Faults faults;
//   auto store = OpenSqlite({.path = path, .wrap = Watch([&](Call call, std::string_view) { faults.Count(call); })});
//   faults.FailFrom(3, Faults::kOnce);      // the third call from now throws DatabaseError

#include <functional>
#include <memory>
#include <mutex>

#include "store/sql.h"

namespace cardea::test {

enum class Call : std::uint8_t { kQuery, kExecute, kBegin, kCommit, kRollback, kLoad };

// Called before each call, with its statement ("" for Begin, Commit and Rollback); what it throws, the call throws.
// Thread-safe where the store has several connections.
using OnCall = std::function<void(Call, std::string_view statement)>;

class WatchedConnection final : public sql::Connection {
 public:
    WatchedConnection(std::unique_ptr<sql::Connection> below, OnCall on_call)
        : below_(std::move(below)), on_call_(std::move(on_call)) {}

    void Query(std::string_view statement, std::span<const sql::Value> values,
               FunctionRef<void(const sql::Row&)> visit) override {
        on_call_(Call::kQuery, statement);
        below_->Query(statement, values, visit);
    }
    std::int64_t Execute(std::string_view statement, std::span<const sql::Value> values) override {
        on_call_(Call::kExecute, statement);
        return below_->Execute(statement, values);
    }
    void Begin() override {
        on_call_(Call::kBegin, "");
        below_->Begin();
    }
    void Commit() override {
        on_call_(Call::kCommit, "");
        below_->Commit();
    }
    void Rollback() override {
        on_call_(Call::kRollback, "");
        below_->Rollback();
    }
    void Script(std::string_view statements) override { below_->Script(statements); }
    void Load(std::string_view table, std::span<const std::string_view> columns,
              FunctionRef<bool(std::span<sql::Value>)> next) override {
        on_call_(Call::kLoad, table);
        below_->Load(table, columns, next);
    }

 private:
    std::unique_ptr<sql::Connection> below_;
    OnCall on_call_;
};

// What SqliteOptions::wrap takes.
inline std::function<std::unique_ptr<sql::Connection>(std::unique_ptr<sql::Connection>)> Watch(OnCall on_call) {
    return [on_call = std::move(on_call)](std::unique_ptr<sql::Connection> connection) {
        return std::make_unique<WatchedConnection>(std::move(connection), on_call);
    };
}

// Which call fails. Thread-safe.
class Faults {
 public:
    enum Mode : std::uint8_t { kOnce, kForEver };
    // The n-th call from now (1 is the next one) throws DatabaseError; and with kForEver each one after it.
    void FailFrom(int n, Mode mode) {
        const std::lock_guard lock(mutex_);
        left_ = n;
        mode_ = mode;
        failed_ = false;
    }
    // Nothing fails any more. Whether something has since FailFrom.
    bool Stop() {
        const std::lock_guard lock(mutex_);
        left_ = 0;
        return failed_;
    }
    void Count(Call) {
        const std::lock_guard lock(mutex_);
        if (left_ == 0) return;
        if (left_ > 1) {
            --left_;
            return;
        }
        if (mode_ == kOnce) left_ = 0;
        failed_ = true;
        throw sql::DatabaseError("injected");
    }

 private:
    std::mutex mutex_;
    int left_ = 0;
    Mode mode_ = kOnce;
    bool failed_ = false;
};

}  // namespace cardea::test
