#pragma once
// A PostgreSQL of the tests' own: made by initdb in a temporary folder, reached by a Unix socket there (and by TCP on a
// free port), run as a user
// who is not root, and removed at the end.
//
//   const std::string url = test::SharedCluster().TakeDatabase();     // with the newest schema
//   auto store = OpenPostgres({.url = url});

#include <filesystem>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <vector>

namespace cardea::test {

// Throws std::runtime_error where PostgreSQL is not installed or does not start: a test must not pass without it.
// Thread-safe but for Kill and Start.
class PostgresCluster {
 public:
    PostgresCluster();
    ~PostgresCluster();
    PostgresCluster(const PostgresCluster&) = delete;
    PostgresCluster& operator=(const PostgresCluster&) = delete;

    // A database with the newest schema and no rows, for one test; its URL. Given back, when nobody has it open, it is
    // another test's: making one takes a fifth of a second.
    std::string TakeDatabase();
    void GiveBack(const std::string& url);
    // One with nothing in it, never used again.
    std::string CreateEmptyDatabase();
    // The database by TCP, which takes TLS and wants the user's password (SCRAM).
    std::string TcpUrl(const std::string& url, const std::string& user, const std::string& password) const;
    // SIGKILL to every process of it, as when the machine dies.
    void Kill();
    // After the constructor or Kill, until it answers.
    void Start();
    // SIGSTOP and SIGCONT to its postmaster and to all that serve connections.
    void Freeze();
    void Thaw();

 private:
    std::string UrlOf(const std::string& database) const;
    std::string Create();
    void Spawn(const std::vector<std::string>& arguments);
    void Run(const std::vector<std::string>& arguments);
    void SignalAll(int signal) const;

    std::filesystem::path folder_;
    std::string binaries_;
    pid_t process_ = 0;
    std::string port_;
    std::mutex mutex_;
    std::vector<std::string> free_;  // URLs
    int created_ = 0;
};

// The one that all tests of this program share, started at the first use.
PostgresCluster& SharedCluster();

}  // namespace cardea::test
