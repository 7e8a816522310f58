#pragma once
// Statements made of parts at compile time, so that each has one address and columns are listed once.
//
//   constexpr auto kFind = Join("SELECT ", kUserColumns, " FROM users WHERE user_id = $1");
//   Query(db, kFind, …);

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace cardea {

template <std::size_t N>
struct Statement {
    char text[N] = {};  // N - 1 characters and a NUL
    constexpr operator std::string_view() const { return {text, N - 1}; }
};

template <std::size_t... N>
consteval auto Join(const char (&... parts)[N]) {
    Statement<(N + ...) - sizeof...(N) + 1> out;
    char* at = out.text;
    ((at = std::copy_n(parts, N - 1, at)), ...);
    return out;
}

}  // namespace cardea
