#pragma once
// World: a whole Cardea for one test, without sockets: a store in a temporary folder, a clock that stands still, seeded
// randomness, and messages that go into a list.

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "api/dispatch.h"
#include "base/clock.h"
#include "base/random.h"
#include "delivery/delivery.h"
#include "flows/context.h"
#include "flows/directory.h"
#include "flows/keyring.h"
#include "flows/lockout_gate.h"
#include "store/store.h"
#include "support/watched_connection.h"

namespace cardea::test {

// A folder that is gone when the test is over.
class TemporaryFolder {
 public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& Path() const { return path_; }

 private:
    std::filesystem::path path_;
};

// Keeps what was sent, newest last; refuses where the test says so.
class SentMessages final : public Delivery {
 public:
    Delivered Send(const Message& message) override;
    Delivered Simulate(const Message& message) override {
        simulated.push_back(message);
        return refuse ? Delivered::kNo : Delivered::kYes;
    }
    std::vector<Message> sent;
    std::vector<Message> simulated;
    bool refuse = false;
};

// What this process's calls have come to: each operation with each of its outcomes, "" being success.
using OutcomeSet = std::set<std::pair<std::string, std::string>>;
OutcomeSet Outcomes();

struct World {
    // `on_call` sees each call of the store's connections first (watched_connection.h).
    explicit World(Account account = DevelopmentAccount(), const OnCall& on_call = {});
    static Account DevelopmentAccount();

    // Calls an operation of the user pools API as the account's root (or unsigned).
    HttpResponse Call(std::string_view operation, std::string_view body, bool is_signed = true);
    Context MakeContext();

    std::string signed_region = "us-east-1";  // what Call signs for
    bool is_broken = false;                   // the store fails whatever is asked of it
    // Runs before every transaction: what another process wrote since the caller read.
    std::function<void(sql::Connection&)> rival;

    TemporaryFolder folder;
    Account account;
    ManualClock clock;
    SeededRandom random{20260101};
    std::unique_ptr<Store> store;
    Directory directory;
    Keyring keyring;
    LockoutGate lockout_gate;
    SentMessages messages;
    Services services;
    ApiDoor door;
};

}  // namespace cardea::test
