#pragma once
// Transcripts: conversations with the API as text, which are the tests of its operations. The format is described in
// tests/api/README.md.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/world.h"

namespace cardea::test {

// Plays the conversation from an empty account. What went otherwise than written, one text a line "file:line: …"; empty
// where all is as written.
std::vector<std::string> PlayTranscript(const std::filesystem::path& file);

// Compares JSON with an expectation as a transcript writes it; captures "$names" into `names`. Returns the first
// difference, or "".
std::string MatchJson(std::string_view expected, std::string_view actual, std::map<std::string, std::string>& names);

}  // namespace cardea::test
