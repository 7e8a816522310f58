#include "store/sqlite/backup.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include "base/permits.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/file_lock.h"

namespace cardea::sqlite {

namespace {

constexpr std::string_view kCopy = "VACUUM INTO $1";
constexpr std::int64_t kCacheBytes = std::int64_t{16} << 20;

[[noreturn]] void Fail(const std::string& what) {
    throw sql::DatabaseError(what + ": " + std::generic_category().message(errno));
}

void SyncFile(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) Fail("cannot open " + path);
    const int result = fsync(file);
    const int reason = errno;
    close(file);
    errno = reason;
    if (result != 0) Fail("cannot sync " + path);
}

}  // namespace

void BackUp(const std::string& database, const std::string& file) {
    const Blocking outside;
    if (access(database.c_str(), R_OK) != 0) Fail("cannot read " + database);
    if (access(file.c_str(), F_OK) == 0) throw sql::DatabaseError("there is a file already: " + file);
    const std::string partial = file + ".partial";
    if (!CreateDatabaseFile(partial))
        throw sql::DatabaseError("another backup is being written, or was cut off: remove " + partial);
    try {
        // Not read-only: to SQLite the copy is a write.
        Connection db({.path = database, .cache_bytes = kCacheBytes});
        Execute(db, kCopy, {std::string_view(partial)});
        SyncFile(partial);
        if (rename(partial.c_str(), file.c_str()) != 0) Fail("cannot rename " + partial);
    } catch (...) {
        unlink(partial.c_str());
        throw;
    }
    SyncFolderOf(file);
}

}  // namespace cardea::sqlite
