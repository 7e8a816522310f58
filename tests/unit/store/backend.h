#pragma once
// The conformance suite's backends: each test of the suite runs on every one of them.
//
//   class Users : public OnEveryBackend {};
//   CARDEA_EVERY_BACKEND(Users);
//   TEST_P(Users, …) { store().Transact(…); }

#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <span>
#include <string>

#include "store/clients.h"
#include "store/groups.h"
#include "store/pools.h"
#include "store/store.h"
#include "store/users.h"

namespace cardea {

using Wrap = std::function<std::unique_ptr<sql::Connection>(std::unique_ptr<sql::Connection>)>;

// One database for one test; opening it again finds what was written.
class Database {
 public:
    virtual ~Database() = default;
    virtual std::unique_ptr<Store> Open(Wrap wrap = {}) = 0;
};

struct Backend {
    std::string name;
    std::unique_ptr<Database> (*make)();
};
std::span<const Backend> Backends();

// A folder that goes with the test.
class TemporaryFolder {
 public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
    std::filesystem::path path_;
};

class OnEveryBackend : public testing::TestWithParam<Backend> {
 protected:
    OnEveryBackend() : database_(GetParam().make()), store_(database_->Open()) {}
    Store& store() { return *store_; }
    // Closes the store and opens it again.
    void Reopen(Wrap wrap = {}) {
        store_.reset();
        store_ = database_->Open(std::move(wrap));
    }

 private:
    std::unique_ptr<Database> database_;
    std::unique_ptr<Store> store_;
};

#define CARDEA_EVERY_BACKEND(Suite)                                                                 \
    INSTANTIATE_TEST_SUITE_P(Every, Suite, testing::ValuesIn(Backends().begin(), Backends().end()), \
                             [](const auto& each) { return each.param.name; })

// ---- what tests write ------------------------------------------------------------------------

inline const PoolId kPool("eu-west-1_Aa1Bb2Cc3");
inline const Instant kNow = FromSeconds(1700000000);

// The n-th user id: they sort as their numbers.
UserId TestUserId(int n);
Pool TestPool(const PoolId& id = kPool);
Client TestClient(const std::string& id, const PoolId& pool = kPool);
// A user of that name with its e-mail address, confirmed.
User TestUser(int n, const std::string& username, const PoolId& pool = kPool);
Credential TestCredential(const UserId& user, const std::string& sealed = "verifier");
Group TestGroup(const std::string& name, const PoolId& pool = kPool);
// Adds the user under its username only; expects that it is free.
User PutUser(Store& store, int n, const std::string& username, const PoolId& pool = kPool);
// How many rows each table that hangs on users has in all.
std::int64_t CountRows(Store& store, std::string_view table);

}  // namespace cardea
