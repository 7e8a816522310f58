#!/usr/bin/env python3
"""Adds up what ./test found: tools/tally.py build/results

Below the folder, checks.tsv has a line a check (name, kind, exit status, seconds), and a folder of the check's name holds
what its test runner wrote: JUnit XML (GoogleTest, pytest) or TAP (Node). A check of kind "cases" is worth as many as its
test cases, of kind "check" one. A case that was skipped failed, and so did a runner that reported no case. The last line
is "N passed, N failed"; the exit status is 1 when something failed.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

RESULT = re.compile(r"^(\s*)(ok|not ok)\b\s*\d*\s*-?\s*(.*?)(\s# (?:SKIP|TO[D]O)\b.*)?$", re.IGNORECASE)


def junit_cases(path):
    """Yields (name, passed) of each test case."""
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = ".".join(filter(None, [case.get("classname"), case.get("name")]))
        ran = case.get("status", "run") == "run" and case.get("result", "completed") == "completed"
        yield name, ran and not any(case.find(tag) is not None for tag in ("failure", "error", "skipped"))


def tap_cases(path):
    """Yields (name, passed) of each leaf; of a test with subtests only when it failed though they passed."""
    children = {}  # indentation -> whether each subtest that was seen there since its parent passed
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        match = RESULT.match(line)
        if not match:
            continue
        indent, passed = len(match.group(1)), match.group(2).lower() == "ok" and not match.group(4)
        below = [result for deeper, results in children.items() if deeper > indent for result in results]
        children = {deeper: results for deeper, results in children.items() if deeper <= indent}
        children.setdefault(indent, []).append(passed)
        if not below or (not passed and all(below)):
            yield match.group(3).replace("\\#", "#"), passed


def cases_of(folder):
    cases = []
    for path in sorted(folder.glob("**/*")):
        try:
            if path.suffix == ".xml":
                cases += junit_cases(path)
            elif path.suffix == ".tap":
                cases += tap_cases(path)
        except ElementTree.ParseError:
            cases.append((f"{path.name} cannot be read", False))
    return cases


def main(root):
    passed = failed = 0
    for line in (root / "checks.tsv").read_text().splitlines():
        name, kind, status, seconds = line.split("\t")
        cases = cases_of(root / name) if kind == "cases" else [(name, status == "0")]
        if kind == "cases" and not cases:
            cases.append(("no test case ran", False))
        if status != "0" and all(ok for _, ok in cases):
            cases.append((f"{name} ended with status {status}", False))
        bad = [case for case, ok in cases if not ok]
        print(f"{name:<16} {len(cases) - len(bad):6} passed {len(bad):6} failed {seconds:>6} s")
        for case in bad[:50]:
            print(f"    failed: {case}")
        passed, failed = passed + len(cases) - len(bad), failed + len(bad)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
