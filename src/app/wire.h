#pragma once
// Where objects meet: the running program, from its settings. The only place that names concrete ways out.
//
//   Program program(std::move(settings));
//   program.Start();                                // serves, and has logged where
//   …
//   program.Stop(std::chrono::seconds(10));

#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/dispatch.h"
#include "app/admin_door.h"
#include "app/background.h"
#include "app/dev_door.h"
#include "app/metrics.h"
#include "app/readiness.h"
#include "app/seed_file.h"
#include "base/clock.h"
#include "base/random.h"
#include "crypto/seal.h"
#include "delivery/outbox.h"
#include "delivery/transports.h"
#include "flows/directory.h"
#include "flows/keyring.h"
#include "flows/lockout_gate.h"
#include "net/http_server.h"

namespace cardea {

struct ProgramSettings {
    Account account;       // an empty public_url becomes that of the first address which is bound
    std::string database;  // path of the SQLite file, or PostgreSQL's URL
    MasterKey master_key;
    HttpServerOptions http;
    TransportSettings transports;    // serve: where messages go; development keeps them in the outbox
    std::vector<std::string> hosts;  // development: names beside loopback's that this machine is called by
    int reserve_keys = 16;           // signing keys that are kept ready
};

// Start and Stop are called by one thread.
class Program {
 public:
    // Opens the store. Throws std::runtime_error where it cannot.
    explicit Program(ProgramSettings settings);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // Development, before Start: what the account begins with (app/seed.h). Throws std::runtime_error with `name` and a
    // line where the text is no seed file.
    void Seed(const std::string& text, const std::string& name);
    // Listens, makes what the seed names, and logs one line "listening" with the addresses. Requests that come earlier
    // wait. Throws std::runtime_error where an address cannot be bound or the seed is refused.
    void Start();
    // Drains; false where requests were still running when patience ended.
    bool Stop(std::chrono::milliseconds patience);

 private:
    HttpResponse Answer(const HttpRequest& request);
    HttpResponse AnswerLocally(const HttpRequest& request);
    HttpResponse Refuse(int status);
    std::optional<HttpResponse> AnswerOnLoop(const HttpRequest& request);
    void AddGauges();
    void ApplySeedOrRefuse();
    void Reset();

    ProgramSettings settings_;
    SystemClock clock_;
    SystemRandom random_;
    std::unique_ptr<Store> store_;
    Directory directory_;
    Keyring keyring_;
    LockoutGate lockout_gate_;
    std::optional<Outbox> outbox_;          // development
    std::optional<Transports> transports_;  // serve
    Services services_;
    Metrics metrics_;
    Readiness readiness_;
    ApiDoor api_;
    std::optional<DevDoor> dev_;  // development
    SeedFile seed_;               // development
    std::latch started_{1};       // requests wait until the public URL is known and the seed is in
    bool failed_ = false;         // written before started_ opens, read after it
    std::unique_ptr<HttpServer> server_;
    std::unique_ptr<Background> background_;
};

}  // namespace cardea
