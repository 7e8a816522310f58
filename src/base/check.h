#pragma once
// CHECK(condition): stops the process when a programmer's mistake is found, in every build. Never on input.

namespace cardea {

// Prints the place and the condition to standard error and aborts.
[[noreturn]] void FailCheck(const char* condition, const char* file, int line);

}  // namespace cardea

#define CHECK(condition) ((condition) ? static_cast<void>(0) : ::cardea::FailCheck(#condition, __FILE__, __LINE__))
