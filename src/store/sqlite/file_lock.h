#pragma once
// What keeps a second process away from a database file, and makes the file survive a loss of power once it is there.

#include <string>

namespace cardea::sqlite {

// Held while a process has the database open: an flock on `<path>.lock`, which the kernel drops with the process.
class FileLock {
 public:
    // Throws DatabaseError where another process (or another store in this one) has it.
    explicit FileLock(const std::string& database_path);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

 private:
    int file_;
};

// Makes the file, readable by its owner only, where there is none; says whether it did. SQLite gives the log the same
// mode. Throws DatabaseError. Not to be called while a connection is open: closing a file drops SQLite's locks on it.
bool CreateDatabaseFile(const std::string& path);

// Makes the folder's entry of a new file durable. Throws DatabaseError.
void SyncFolderOf(const std::string& path);

}  // namespace cardea::sqlite
