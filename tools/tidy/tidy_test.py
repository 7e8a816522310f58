#!/usr/bin/env python3
"""Each rule of tidy.py finds what it is there to find, and leaves alone what it should."""

import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import tidy  # noqa: E402

GRAPH = {"base": {"base"}, "codec": {"codec", "base"}, "net": {"net", "base", "codec"}}
HEADER = "#pragma once\n// What it is for.\n"


def messages(path, text):
    return [message for _, message in tidy.check_file(path, text, GRAPH)]


def lines(path, text):
    return [line for line, _ in tidy.check_file(path, text, GRAPH)]


class Tidy(unittest.TestCase):
    def finds(self, path, text, part):
        self.assertTrue(any(part in message for message in messages(path, text)), messages(path, text))

    def is_content(self, path, text):
        self.assertEqual(messages(path, text), [])

    def test_an_include_may_only_point_down(self):
        self.finds("src/codec/x.cc", '#include "net/url.h"\n', "codec may not include net")
        self.is_content("src/codec/x.cc", '#include "base/clock.h"\n// #include "net/url.h"\n')

    def test_an_include_names_a_file(self):
        self.finds("src/codec/x.cc", '#include "base/nowhere.h"\n', "is not a file")

    def test_a_folder_that_no_layer_names_is_refused(self):
        self.finds("src/elsewhere/x.cc", "int x;\n", "not in tools/tidy/layers.txt")

    def test_a_library_belongs_to_one_folder(self):
        self.finds("src/codec/x.cc", "#include <boost/asio.hpp>\n", "belongs to net")
        self.is_content("src/net/x.cc", "#include <boost/asio.hpp>\n")

    def test_a_header_has_a_guard_and_an_opening(self):
        self.finds("src/base/x.h", "// Words.\nint x;\n", "#pragma once")
        self.finds("src/base/x.h", "#pragma once\n#include <string>\n", "opens with a comment")
        self.is_content("src/base/x.h", HEADER)

    def test_a_long_function_is_found_where_it_begins(self):
        body = "    Step();\n" * 80
        self.assertEqual(lines("src/base/x.cc", "namespace cardea {\n\nvoid F(int a,\n       int b) {\n" + body + "}\n}\n"), [3])
        self.assertEqual(lines("src/base/x.cc", "class A {\n public:\n    int f() const {\n" + body + "    }\n};\n"), [3])
        self.is_content("src/base/x.cc", "void F() {\n" + "    Step();\n" * 60 + "}\n")

    def test_a_long_table_or_class_is_no_function(self):
        self.is_content("src/base/x.cc", "constexpr int kTable[] = {\n" + "    1,\n" * 90 + "};\n")
        self.is_content("src/base/x.cc", "struct A {\n" + "    int f() { return 1; }\n" * 90 + "};\n")
        self.is_content("src/base/x.cc", "namespace cardea {\n" + "int F() {\n    return 1;\n}\n" * 30 + "}\n")

    def test_braces_in_texts_do_not_count(self):
        self.is_content("src/base/x.cc", 'const char* kText = R"({ { {)";\nchar c = \'{\';\n// {\nint F() { return 1\'000; }\n')

    def test_a_long_file_is_refused(self):
        self.finds("src/base/x.cc", "int x;\n" * 601, "two nouns")

    def test_banned_calls_are_found_in_code_only(self):
        self.finds("src/net/x.cc", "auto t = std::chrono::system_clock::now();\n", "base/clock")
        self.finds("src/net/x.cc", "int r = rand();\n", "base/random")
        self.finds("src/codec/x.cc", "void F() { try { G(); } catch (...) { } }\n", "catch by type")
        self.finds("src/net/x.cc", "if (memcmp(a, b, 3) == 0) {\n}\n", "ConstantTimeEqual")
        self.finds("src/net/x.cc", 'printf("x");\n', "base/log")
        self.is_content("src/net/x.cc", '// system_clock::now() is not read here\nauto s = "rand()";\nauto t = clock.time(0);\n')

    def test_tests_neither_sleep_nor_skip(self):
        self.finds("tests/support/x.cc", "void F() { GTEST_SKIP(); }\n", "does not run")
        self.finds("tests/support/x.cc", "std::this_thread::sleep_for(1s);\n", "do not sleep")
        self.finds("tests/sdk/node/x.mjs", "test.skip('x', () => {});\n", "skipped")
        self.finds("tests/sdk/python/test_x.py", "@pytest.mark.skip\n", "skipped")

    def test_a_unit_test_mirrors_a_file(self):
        self.finds("tests/unit/base/nowhere_test.cc", "int x;\n", "mirrors no file")
        self.finds("tests/unit/base/clock.cc", "int x;\n", "_test.cc")
        self.is_content("tests/unit/base/clock_test.cc", "int x;\n")

    def test_no_text_names_a_machine_or_leaves_work_behind(self):
        self.finds("docs/x.md", "see /ho" + "me/somebody/x\n", "machine")
        self.finds("docs/x.md", "TO" + "DO: more\n", "finish it")
        self.is_content("docs/x.md", "https://example.com/home/page and src/home/x\n")

    def test_a_readme_of_a_folder_is_short(self):
        self.finds("src/base/README.md", "line\n" * 31, "30 lines")


if __name__ == "__main__":
    unittest.main()
