// An acknowledged write survives kill -9: this binary runs itself as a writer that says which users are in, and is
// killed while it writes; every user that was said to be in is there when the database is opened again.
#include <array>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "store/sqlite/connection.h"
#include "unit/store/backend.h"

namespace cardea {

namespace {

constexpr char kDatabase[] = "CARDEA_KILLED_DATABASE";
constexpr char kFirst[] = "CARDEA_KILLED_FIRST";
constexpr int kThreads = 4;

// Adds users for ever on several threads, each number written to standard output once its user is acknowledged.
void WriteForEver(const char* path, int first) {
    const auto store = OpenSqlite({.path = path, .cache_bytes = 8 << 20, .checkpoint_pages = 100});
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] {
            for (int n = first + t;; n += kThreads) {
                PutUser(*store, n, "u" + std::to_string(n));
                // A line of at most PIPE_BUF bytes goes into the pipe as one piece.
                const std::string line = "acknowledged " + std::to_string(n) + "\n";
                if (write(STDOUT_FILENO, line.data(), line.size()) < 0) _exit(1);
            }
        });
    for (std::thread& thread : threads) thread.join();
}

// Runs the writer until it has acknowledged `enough` users, kills it, and returns all that it acknowledged.
std::vector<int> RunAndKill(const std::string& path, int first, std::size_t enough) {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    const std::string database_variable = std::string(kDatabase) + "=" + path;
    const std::string first_variable = std::string(kFirst) + "=" + std::to_string(first);
    std::array<const char*, 3> arguments = {"test_store", "--gtest_filter=Durability.WhatWasAcknowledgedSurvivesKill9",
                                            nullptr};
    std::array<const char*, 3> environment = {database_variable.c_str(), first_variable.c_str(), nullptr};
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execve("/proc/self/exe", const_cast<char**>(arguments.data()), const_cast<char**>(environment.data()));
        _exit(127);
    }
    close(ends[1]);
    std::vector<int> acknowledged;
    std::string text;
    std::array<char, 4096> buffer{};
    bool killed = false;
    for (ssize_t got = 0; (got = read(ends[0], buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(got));
        for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
            if (text.starts_with("acknowledged ")) acknowledged.push_back(std::atoi(text.c_str() + 13));
        if (!killed && acknowledged.size() >= enough) {
            kill(child, SIGKILL);
            killed = true;
        }
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(killed && WIFSIGNALED(status)) << "the writer ended by itself";
    return acknowledged;
}

TEST(Durability, WhatWasAcknowledgedSurvivesKill9) {
    const char* first = std::getenv(kFirst);
    if (const char* written = std::getenv(kDatabase); written && first) return WriteForEver(written, std::atoi(first));
    const TemporaryFolder folder;
    const std::string path = folder / "cardea.db";
    std::vector<int> all;
    for (int round = 0; round < 15; ++round) {
        // The first round is killed with the schema just made, later ones between and in checkpoints.
        const std::vector<int> acknowledged =
            RunAndKill(path, round * 100000, static_cast<std::size_t>(1 + round * 13 % 90));
        all.insert(all.end(), acknowledged.begin(), acknowledged.end());
        const auto store = OpenSqlite({.path = path, .cache_bytes = 8 << 20});
        for (const int n : all) {
            const std::string name = "u" + std::to_string(n);
            const auto alias = store->Read([&](sql::Connection& db) { return FindAlias(db, kPool, name); });
            ASSERT_TRUE(alias) << name << " in round " << round;
            const auto record =
                store->Read([&](sql::Connection& db) { return FindForSignIn(db, kPool, alias->user_id); });
            ASSERT_TRUE(record && record->credential) << name;
        }
        EXPECT_EQ(store->Read([](sql::Connection& db) { return CountUsers(db, kPool); }), CountRows(*store, "users"))
            << "nothing is half there";
        EXPECT_EQ(CountRows(*store, "credentials"), CountRows(*store, "users"));
    }
    EXPECT_GT(all.size(), 500u);
    sqlite::Connection db({.path = path});
    std::string verdict;
    Query(db, "PRAGMA integrity_check", {}, [&](const sql::Row& row) { verdict += row.Text(0); });
    EXPECT_EQ(verdict, "ok");
}

}  // namespace

}  // namespace cardea
