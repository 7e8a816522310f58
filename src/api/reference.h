#pragma once
// The reference pages, made from the operations' own tables: docs/reference/user-pools.md is this text.

#include <string>

namespace cardea {

// Markdown: every operation with who may call it, its members with their constraints, and its errors.
std::string DescribeUserPoolOperations();

}  // namespace cardea
