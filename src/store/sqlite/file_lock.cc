#include "store/sqlite/file_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

#include "store/sql.h"

namespace cardea::sqlite {

namespace {

[[noreturn]] void Fail(const std::string& what, const std::string& path) {
    throw sql::DatabaseError(what + " " + path + ": " + std::generic_category().message(errno));
}

}  // namespace

FileLock::FileLock(const std::string& database_path) {
    const std::string path = database_path + ".lock";
    file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file_ < 0) Fail("cannot open", path);
    if (flock(file_, LOCK_EX | LOCK_NB) == 0) return;
    const bool taken = errno == EWOULDBLOCK;
    const int reason = errno;
    close(file_);
    errno = reason;
    if (taken) throw sql::DatabaseError("another process has the database open: " + database_path);
    Fail("cannot lock", path);
}

FileLock::~FileLock() { close(file_); }

bool CreateDatabaseFile(const std::string& path) {
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST) return false;
    if (file < 0) Fail("cannot create", path);
    fsync(file);
    close(file);
    return true;
}

void SyncFolderOf(const std::string& path) {
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) Fail("cannot open", folder);
    const int result = fsync(file);
    const int reason = errno;
    close(file);
    errno = reason;
    if (result != 0) Fail("cannot sync", folder);
}

}  // namespace cardea::sqlite
