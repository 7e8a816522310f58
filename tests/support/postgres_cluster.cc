#include "support/postgres_cluster.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <pwd.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "base/log.h"
#include "store/postgres/connection.h"
#include "store/store.h"

namespace cardea::test {

namespace {

constexpr auto kPatience = std::chrono::seconds(60);
// What remains is what the migrations put there.
constexpr char kEmpty[] = R"sql(
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    INSERT INTO configuration (id, version) VALUES (1, 1);
END $$)sql";

// Debian keeps the server's programs outside of PATH, a folder a version.
std::string FindBinaries() {
    std::string found;
    std::error_code none;
    for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none))
        if (std::filesystem::exists(version.path() / "bin/postgres"))
            found = std::max(found, (version.path() / "bin").string());
    if (found.empty()) throw std::runtime_error("PostgreSQL is not installed: tools/packages.sh test");
    return found;
}

// PostgreSQL refuses to run as root.
const passwd* OtherUser() {
    if (getuid() != 0) return nullptr;
    const passwd* user = getpwnam("postgres");
    if (!user) user = getpwnam("nobody");
    if (!user) throw std::runtime_error("there is no user but root");
    return user;
}

int Wait(pid_t process) {
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
    return status;
}

std::string ReadFile(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string FreePort() {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no free port");
    close(listener);
    return std::to_string(ntohs(address.sin_port));
}

// The processes whose parent it is.
std::vector<pid_t> ChildrenOf(pid_t parent) {
    const std::string id = std::to_string(parent);
    std::ifstream file("/proc/" + id + "/task/" + id + "/children");
    return {std::istream_iterator<pid_t>(file), {}};
}

}  // namespace

PostgresCluster::PostgresCluster() : binaries_(FindBinaries()) {
    std::string name = (std::filesystem::temp_directory_path() / "cardea-postgres-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    folder_ = name;
    if (const passwd* user = OtherUser(); user && chown(name.c_str(), user->pw_uid, user->pw_gid) != 0)
        throw std::runtime_error("no owner for " + name);
    Run({binaries_ + "/initdb", "--pgdata=" + name + "/data", "--username=postgres", "--auth-local=trust",
         "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"});
    Run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
         "/CN=localhost", "-keyout", name + "/data/server.key", "-out", name + "/data/server.crt"});
    port_ = FreePort();
    Start();
}

void PostgresCluster::Run(const std::vector<std::string>& arguments) {
    Spawn(arguments);
    if (Wait(process_) != 0) throw std::runtime_error(arguments.front() + " failed: " + ReadFile(folder_ / "log"));
    process_ = 0;
}

PostgresCluster::~PostgresCluster() {
    if (process_ != 0) {
        kill(process_, SIGQUIT);
        Wait(process_);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

// Its output goes to the file "log". It ends with the thread that started it, also where that is killed.
void PostgresCluster::Spawn(const std::vector<std::string>& arguments) {
    std::vector<std::string> words = {"setpriv", "--pdeathsig=QUIT"};
    if (const passwd* user = OtherUser())
        words.insert(words.end(), {"--reuid=" + std::to_string(user->pw_uid), "--regid=" + std::to_string(user->pw_gid),
                                   "--clear-groups"});
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const std::string log = (folder_ / "log").string();
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    const int failed = posix_spawnp(&process_, "setpriv", &files, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) throw std::runtime_error("setpriv cannot be run");
}

void PostgresCluster::Start() {
    const std::string folder = folder_.string();
    // A killed postmaster leaves its lock; its processes are gone (Kill has waited).
    std::error_code ignored;
    std::filesystem::remove(folder_ / "data/postmaster.pid", ignored);
    Spawn({binaries_ + "/postgres", "-D", folder + "/data", "-k", folder, "-p", port_, "-c",
           "listen_addresses=127.0.0.1", "-c", "ssl=on", "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c",
           "autovacuum=off", "-c", "max_wal_size=2GB"});
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (true) {
        try {
            const postgres::Connection connection({.url = UrlOf("postgres")});
            return;
        } catch (const sql::DatabaseError&) {
            int status = 0;
            if (std::chrono::steady_clock::now() > until || waitpid(process_, &status, WNOHANG) == process_)
                throw std::runtime_error("PostgreSQL does not start: " + ReadFile(folder_ / "log"));
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
}

void PostgresCluster::SignalAll(int signal) const {
    const std::vector<pid_t> children = ChildrenOf(process_);
    kill(process_, signal);
    for (const pid_t child : children) kill(child, signal);
}

void PostgresCluster::Kill() {
    const std::vector<pid_t> children = ChildrenOf(process_);
    SignalAll(SIGKILL);
    Wait(process_);
    process_ = 0;
    for (const pid_t child : children)
        while (kill(child, 0) == 0) std::this_thread::yield();
}

void PostgresCluster::Freeze() { SignalAll(SIGSTOP); }
void PostgresCluster::Thaw() { SignalAll(SIGCONT); }

std::string PostgresCluster::UrlOf(const std::string& database) const {
    return "postgresql:///" + database + "?user=postgres&host=" + folder_.string() + "&port=" + port_;
}

std::string PostgresCluster::TcpUrl(const std::string& url, const std::string& user,
                                    const std::string& password) const {
    const auto begin = url.find("///") + 3;
    return "postgresql://" + user + ":" + password + "@127.0.0.1:" + port_ + "/" +
           url.substr(begin, url.find('?') - begin);
}

std::string PostgresCluster::Create() {
    const std::string name = "test_" + std::to_string(++created_);
    postgres::Connection connection({.url = UrlOf("postgres"), .writes_alone = true});
    connection.Script("CREATE DATABASE " + name + " TEMPLATE template0");
    return UrlOf(name);
}

std::string PostgresCluster::TakeDatabase() {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
        std::string url = std::move(free_.back());
        free_.pop_back();
        return url;
    }
    std::string url = Create();
    SetLogLevel(LogLevel::kError);
    OpenPostgres({.url = url});
    return url;
}

void PostgresCluster::GiveBack(const std::string& url) {
    postgres::Connection connection({.url = url, .writes_alone = true});
    connection.Script(kEmpty);
    const std::lock_guard lock(mutex_);
    free_.push_back(url);
}

std::string PostgresCluster::CreateEmptyDatabase() {
    const std::lock_guard lock(mutex_);
    return Create();
}

PostgresCluster& SharedCluster() {
    static PostgresCluster cluster;
    return cluster;
}

}  // namespace cardea::test
