#pragma once
// The AWS model, as far as the drift test needs it: a reader of the Smithy files in tests/model.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cardea::test {

struct SmithyMember {
    std::string name;
    std::string target;
    bool required = false;
};

struct SmithyShape {
    std::string kind;    // structure, list, map, enum, string, integer, long, boolean, timestamp, blob, operation …
    std::string traits;  // as written
    std::vector<SmithyMember> members;  // structures, lists ("member"), maps ("key", "value")
    std::vector<std::string> values;    // enums
    std::string input, output;          // operations
    std::vector<std::string> errors;    // operations

    std::optional<std::int64_t> Bound(const std::string& trait, const std::string& which) const;  // @length(min: 1)
    std::string Pattern() const;
    bool Has(const std::string& trait) const;
};

// By name. Throws std::runtime_error where the file is not as expected.
std::map<std::string, SmithyShape> ReadSmithy(const std::filesystem::path& file);

}  // namespace cardea::test
