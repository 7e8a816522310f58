#include "support/world.h"

#include <cstdlib>
#include <stdlib.h>

#include "base/check.h"
#include "base/guarded.h"
#include "base/log.h"
#include "support/postgres_cluster.h"

namespace cardea::test {

namespace {

// Seconds since 1970 at 2026-01-01T00:00:00Z.
constexpr std::int64_t kStart = 1767225600;

using Wrap = decltype(SqliteOptions::wrap);

// On a database of the cluster that the tests share, which it gives back.
class BorrowedStore final : public Store {
 public:
    explicit BorrowedStore(const Wrap& wrap)
        : url_(SharedCluster().TakeDatabase()), below_(OpenPostgres({.url = url_, .wrap = wrap})) {}
    ~BorrowedStore() override {
        below_.reset();
        SharedCluster().GiveBack(url_);
    }
    bool IsReady() override { return below_->IsReady(); }

 protected:
    void RunRead(FunctionRef<void(sql::Connection&)> body) override { below_->Read(body); }
    void RunTransact(FunctionRef<void(sql::Connection&)> body) override { below_->Transact(body); }

 private:
    std::string url_;
    std::unique_ptr<Store> below_;
};

// An SQLite file in the folder; or, where the environment's CARDEA_TEST_STORE is "postgres", PostgreSQL, so that each
// test on a World runs on both.
std::unique_ptr<Store> OpenStoreIn(const std::filesystem::path& folder, const OnCall& on_call) {
    const Wrap wrap = on_call ? Watch(on_call) : Wrap();
    const char* chosen = std::getenv("CARDEA_TEST_STORE");
    if (chosen && std::string_view(chosen) == "postgres") return std::make_unique<BorrowedStore>(wrap);
    return OpenSqlite({.path = (folder / "cardea.db").string(), .wrap = wrap});
}

Guarded<OutcomeSet>& Seen() {
    static Guarded<OutcomeSet> seen;
    return seen;
}

MasterKey TestMasterKey() { return MasterKey("test", Secret(std::string(32, '\x2a'))); }

// A store that other processes write to, or that fails, as the test says.
class DisturbedStore final : public Store {
 public:
    DisturbedStore(const World& world, std::unique_ptr<Store> below) : world_(world), below_(std::move(below)) {}
    bool IsReady() override { return !world_.is_broken && below_->IsReady(); }

 protected:
    void RunRead(FunctionRef<void(sql::Connection&)> body) override {
        RequireWhole();
        below_->Read([&](sql::Connection& db) { body(db); });
    }
    void RunTransact(FunctionRef<void(sql::Connection&)> body) override {
        RequireWhole();
        if (world_.rival) below_->Transact([&](sql::Connection& db) { world_.rival(db); });
        below_->Transact([&](sql::Connection& db) { body(db); });
    }

 private:
    void RequireWhole() const {
        if (world_.is_broken) throw std::runtime_error("the store is broken");
    }
    const World& world_;
    std::unique_ptr<Store> below_;
};

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "cardea-test-XXXXXX").string();
    CHECK(mkdtemp(name.data()) != nullptr);
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Delivered SentMessages::Send(const Message& message) {
    if (refuse) return Delivered::kNo;
    sent.push_back(message);
    return Delivered::kYes;
}

OutcomeSet Outcomes() { return *Seen().Lock(); }

Account World::DevelopmentAccount() {
    Account out;
    out.public_url = "http://127.0.0.1:9229";
    out.development = true;
    return out;
}

World::World(Account made, const OnCall& on_call)
    : account(std::move(made)),
      clock(FromSeconds(kStart)),
      store(std::make_unique<DisturbedStore>(*this, OpenStoreIn(folder.Path(), on_call))),
      directory(*store),
      keyring(*store, random, TestMasterKey()),
      services{account, clock, random, *store, directory, keyring, lockout_gate, messages},
      door{services, /*verify_signatures=*/!account.development, /*strict=*/true,
           [](std::string_view operation, std::string_view error, std::chrono::microseconds) {
               Seen().Lock()->emplace(operation, error);
           }} {
    SetLogLevel(LogLevel::kError);
}

Context World::MakeContext() {
    return {services, clock.Now(), RandomUuid(random), "Test", account.region, "127.0.0.1", {}};
}

HttpResponse World::Call(std::string_view operation, std::string_view body, bool is_signed) {
    HttpRequest request;
    request.method = "POST";
    request.target = request.path = "/";
    request.client_address = "127.0.0.1";
    request.headers = {{"host", "127.0.0.1:9229"},
                       {"content-type", "application/x-amz-json-1.1"},
                       {"x-amz-target", "AWSCognitoIdentityProviderService." + std::string(operation)}};
    if (is_signed) {
        request.headers.emplace_back("x-amz-date", ToIso8601Basic(clock.Now()));
        request.headers.emplace_back(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/" + signed_region +
                "/cognito-idp/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + std::string(64, '0'));
    }
    request.body = body;
    return AnswerApiCall(door, request);
}

}  // namespace cardea::test
