#pragma once
// toml++, made to throw where it would stop the process: some texts that are no TOML meet its assertions before its
// errors (`a = 1979-05-27Tx7:32:00Z`: fuzz/corpus/configuration/time_of_letters).

#include <stdexcept>

namespace cardea {

// The text is no TOML, and the parser cannot say where.
struct TomlFault : std::runtime_error {
    TomlFault() : std::runtime_error("is not TOML: look for a date, a time or a number that is none") {}
};

[[noreturn]] inline void ThrowTomlFault() { throw TomlFault(); }

}  // namespace cardea

#ifdef NDEBUG
#error "without assertions toml++ goes on with what it has not checked"
#endif
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : ::cardea::ThrowTomlFault())
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>
