#pragma once
// A copy of a database file, taken while the database is in use.
//
//   sqlite::BackUp("/var/lib/cardea/cardea.db", "/backup/cardea-monday.db");

#include <string>

namespace cardea::sqlite {

// Writes everything that was committed when it began into a new file, durable and readable by its owner only. Readers
// and the writer go on meanwhile; the log is kept until the copy is made. The file appears under its name when it is
// whole: until then it is `<file>.partial`. For the process that has the database open, or holds its FileLock. Takes as
// long as the disk takes to write it all. Throws DatabaseError, also where `file` exists or there is no database.
void BackUp(const std::string& database, const std::string& file);

}  // namespace cardea::sqlite
