#pragma once
// Values as PostgreSQL's binary formats have them: what is bound, what comes back, and the rows of COPY.
//
//   Parameters parameters(values);
//   PQsendQueryPrepared(connection, name, parameters.Count(), parameters.Values(), …);

#include <cstdint>
#include <deque>
#include <libpq-fe.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/sql.h"

namespace cardea::postgres {

// A statement's parameters in binary, valid while this lives and while what the values view lives.
class Parameters {
 public:
    explicit Parameters(std::span<const sql::Value> values);
    Parameters(const Parameters&) = delete;
    Parameters& operator=(const Parameters&) = delete;

    int Count() const { return static_cast<int>(lengths_.size()); }
    const Oid* Types() const { return types_.data(); }  // 0 where a null leaves it to the server
    const char* const* Values() const { return pointers_.data(); }
    const int* Lengths() const { return lengths_.data(); }
    const int* Formats() const { return formats_.data(); }

 private:
    std::vector<Oid> types_;
    std::vector<const char*> pointers_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
    std::deque<std::string> owned_;  // whole numbers in network order, and texts that had to be escaped
};

// A row of a binary result. Throws DatabaseError where a column is not of the type that is asked for.
class ResultRow final : public sql::Row {
 public:
    ResultRow(const PGresult* result, int row) : result_(result), row_(row) {}
    bool IsNull(int column) const override { return PQgetisnull(result_, row_, column) != 0; }
    std::int64_t Whole(int column) const override;
    std::string_view Text(int column) const override;
    std::string_view Blob(int column) const override { return Raw(column); }

 private:
    std::string_view Raw(int column) const;
    const PGresult* result_;
    int row_;
    mutable std::deque<std::string> unescaped_;
};

// COPY … (FORMAT binary): the beginning, a row, and the end of the data.
void BeginCopy(std::string& out);
void AppendCopyRow(std::string& out, std::span<const sql::Value> values);
void EndCopy(std::string& out);

}  // namespace cardea::postgres
