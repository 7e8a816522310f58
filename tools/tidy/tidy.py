#!/usr/bin/env python3
"""The house style as a test: prints path:line: message for each breach, and exits 1 when there is one.

    tools/tidy/tidy.py              every tracked file, and what is new and not ignored
    tools/tidy/tidy.py src/net/…    only these

What a person must judge is in STYLE.md; here is what a machine can see: layers, third-party owners, lengths, banned
calls, opening comments, READMEs, mirrors of unit tests. Exceptions are listed in the tables below, each with its reason.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 70
MAX_TEST_LINES = 140  # a test may hold a table of cases
MAX_README_LINES = 30

# Which folders of src may include a third-party header. Each library belongs to one folder, so that it can be replaced
# there; OpenSSL is the exception: crypto has its EVP part, net its TLS part.
THIRD_PARTY = {
    "boost/": {"net"},
    "curl/": {"net"},
    "openssl/": {"crypto", "net"},
    "argon2.h": {"crypto"},
    "sqlite3.h": {"store"},
    "libpq-fe.h": {"store"},
    "simdjson.h": {"codec"},
    "re2/": {"codec"},
    "unicode/": {"model"},
    "spdlog/": {"base"},
    "toml++/": {"app"},
    "CLI/": {"app"},
    "prometheus/": {"app"},
    "kainjow/": {"app"},
}

# Files that may be longer: generated or copied, never written by hand.
LONG_FILES = {"tests/model/cognito-idp.smithy"}

# Unit tests that mirror a folder or a rule instead of one file.
MIRROR_EXCEPTIONS = {
    "tests/unit/api/transcripts_test.cc": "plays tests/api",
    "tests/unit/api/drift_test.cc": "holds the field tables against tests/model",
    "tests/unit/api/bad_input_test.cc": "generates bad requests from the field tables",
    "tests/unit/api/compatibility_test.cc": "holds docs/compatibility.md against the operations that exist",
    "tests/unit/net/address_test.cc": "cidr.h and what clients may connect to",
    "tests/unit/net/proxies_test.cc": "client addresses by headers and by the PROXY protocol",
    "tests/unit/api/reference_test.cc": "holds the reference pages against the field tables",
    "tests/unit/store/postgres_test.cc": "the driver of src/store/postgres, and the server behind it",
}


class Ban:
    """A pattern that code must not contain (comments and strings do not count), and where it is allowed."""

    def __init__(self, pattern, message, allowed=()):
        self.pattern = re.compile(pattern)
        self.message = message
        self.allowed = tuple(allowed)


# Applied to src. `allowed` are prefixes of paths.
BANS_IN_SRC = [
    Ban(r"(?<![\w.>])(?:std::)?s?rand\(|\bdrand48\(|\bstd::(?:mt19937|random_device|minstd_rand)",
        "randomness comes from base/random"),
    Ban(r"(?<![\w.>])(?:getrandom|getentropy|RAND_bytes|RAND_priv_bytes)\(", "only base/random draws entropy",
        ["src/base/random.cc"]),
    Ban(r"\bsystem_clock::now\(|(?<![\w.>])(?:std::)?time\((?:nullptr|NULL|0|&)|\bgettimeofday\(|\bclock_gettime\(",
        "only base/clock reads the calendar", ["src/base/clock.cc", "src/base/log.cc"]),
    Ban(r"\b(?:steady_clock|high_resolution_clock)::now\(", "measure with Monotonic() of base/clock",
        ["src/base/clock.cc", "src/net/"]),
    Ban(r"(?<![\w.>])(?:std::)?(?:strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets|strtok|alloca)\(",
        "no bound is checked here: use std::string or snprintf"),
    Ban(r"(?<![\w.>])(?:std::)?(?:atoi|atol|atoll|atof|stoi|stol|stoul|stoll|stoull)\(",
        "parse with std::from_chars, which tells what it did not like"),
    Ban(r"(?<![\w.>])(?:std::)?(?:system|popen|setuid|tmpnam|mktemp)\(", "not in a server"),
    Ban(r"\bstd::c(?:out|err|log)\b|(?<![\w.>])(?:std::)?(?:printf|fprintf|puts|fputs|putchar)\(",
        "log through base/log; only app speaks to a terminal", ["src/app/", "src/base/log.cc", "src/base/check.cc"]),
    Ban(r"(?<![\w.>])(?:std::)?(?:memcmp|strcmp|strncmp|bcmp)\(", "secrets need ConstantTimeEqual, texts operator==",
        ["src/codec/", "src/crypto/", "src/net/cidr.cc"]),
    Ban(r"\bcatch\s*\(\s*\.\.\.\s*\)", "swallows what it does not know: catch by type, or list the place in tidy.py",
        ["src/app/", "src/api/dispatch", "src/net/", "src/store/"]),
    Ban(r"\bstd::regex\b", "not linear in its input: use codec/pattern"),
    Ban(r"\bstd::endl\b", "flushes: write '\\n'"),
    Ban(r"\bthread_local\b(?!.*;\s*//)", "needs a comment on its line that says why", ["src/base/", "src/crypto/",
        "src/net/", "src/codec/", "src/store/"]),
    Ban(r"\.detach\(\)", "a thread that nobody joins"),
    Ban(r"\bsleep_for\(|\bsleep_until\(|(?<![\w.>])u?sleep\(|\bnanosleep\(", "wait for what you wait for, with a deadline",
        # draining, once in a process's life; and not meeting the same transaction again
        ["src/net/http_server.cc", "src/store/postgres/store.cc"]),
    Ban(r"\b(?:class|struct)\s+\w*(?:Manager|Helper|Utils?|Impl)\b(?!\s*<)", "name it after what it is"),
    Ban(r"\bstd::(?:mutex|recursive_mutex|shared_mutex)\b", "put shared state into Guarded<T>",
        ["src/base/", "src/codec/pattern.cc", "src/net/", "src/store/"]),
    # toml.h: what toml++ takes for its assertions
    Ban(r"#\s*define\s+(?!CHECK|LOG|CARDEA_)\w+\(", "macros only for CHECK and LOG",
        ["src/app/config_keys.cc", "src/app/toml.h"]),
]
BANS_IN_HEADERS = [Ban(r"^\s*using namespace\b", "names would leak into every includer")]
BANS_IN_TESTS = [
    Ban(r"\bGTEST_SKIP\b|\bDISABLED_\w+", "a test that does not run is a failure"),
    Ban(r"\bsleep_for\(|\bsleep_until\(|(?<![\w.>])u?sleep\(", "tests do not sleep: move a ManualClock, wait for an event",
        # sockets keep real time: a slow client must be slow; and a server that starts is asked until it answers
        ["tests/unit/net/", "tests/support/postgres_cluster.cc"]),
    Ban(r"(?<![\w.>])(?:std::)?s?rand\(|\bstd::random_device\b", "tests are seeded"),
]
# Applied to every text that is tracked, comments included. (Written in pieces, so that they do not match themselves.)
BANS_IN_TEXTS = [
    Ban(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b", "finish it or write an issue"),
    Ban(r"(?<![\w.~\-:}\])])/(?:ho" r"me|wo" r"rk|ro" r"ot)/", "a path of somebody's machine"),
    Ban(r"^(?:<<<<" r"<<<|>>>>" r">>>) ", "an unfinished merge"),
]
BANS_IN_CLIENT_TESTS = [
    Ban(r"\b(?:test|it|describe|suite)\.(?:skip|todo|only)\b|[{,]\s*(?:skip|todo|only)\s*:\s*(?!false)|\bt\.(?:skip|todo)\(",
        "a client that is skipped is a failure"),
    Ban(r"\bpytest\.(?:mark\.)?(?:skip|xfail|importorskip)|\bunittest\.skip", "a client that is skipped is a failure"),
]

CODE = {".cc", ".h"}
TEXT_EXCEPTIONS = ("tests/model/", "LICENSE", "tests/sdk/node/package-lock.json")


def blank(match):
    """Keeps the lines of a comment or literal, drops its text."""
    return re.sub(r"[^\n]", " ", match.group(0))


# Raw strings first; a ' between digits separates them (1'000'000) and opens nothing.
LITERALS = re.compile(
    r'R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"'
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|(?<![0-9A-Fa-f])'(?:[^'\\\n]|\\.)+'"
    r"|//[^\n]*"
    r"|/\*.*?\*/",
    re.DOTALL)


def code_only(text):
    return LITERALS.sub(blank, text)


def comments_only_removed(text):
    """Strings stay: #include "…" is one."""
    return LITERALS.sub(lambda m: blank(m) if m.group(0).startswith(("//", "/*")) else m.group(0), text)


def layers():
    graph = {}
    for line in (ROOT / "tools/tidy/layers.txt").read_text().splitlines():
        name, colon, below = line.partition(":")
        if colon and not line.startswith("#"):
            graph[name] = {name, *below.split()}
    return graph


def layer_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "src" and len(parts) > 2 else None


def check_includes(path, text, graph):
    layer = layer_of(path)
    if layer is None:
        return
    if layer not in graph:
        yield 1, f"the folder src/{layer} is not in tools/tidy/layers.txt"
        return
    for number, line in enumerate(comments_only_removed(text).split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if not match:
            continue
        bracket, target = match.groups()
        if bracket == '"':
            folder = target.split("/")[0]
            if folder not in graph[layer]:
                yield number, f"{layer} may not include {folder} (tools/tidy/layers.txt)"
            elif not (ROOT / "src" / target).is_file():
                yield number, f'"{target}" is not a file below src'
            continue
        for prefix, owners in THIRD_PARTY.items():
            if target.startswith(prefix) and layer not in owners:
                yield number, f"<{target}> belongs to {' and '.join(sorted(owners))}"


def check_header(path, text):
    if not path.endswith(".h"):
        return
    lines = [line for line in text.split("\n") if line.strip()]
    if "#pragma once" not in (line.strip() for line in lines[:40]):
        yield 1, "a header needs #pragma once"
    opening = [line for line in lines[:3] if not line.startswith("#pragma once")]
    if not opening or not opening[0].startswith("//"):
        yield 1, "a header opens with a comment that says what it is for"


ACCESS = re.compile(r"\b(?:public|private|protected)$")


def functions(text):
    """Yields (first line, last line) of each function that is defined at namespace or class level."""
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", blank, code_only(text), flags=re.MULTILINE)
    stack = []
    head_start = 0
    line = 1
    line_at = [1]
    for character in code:
        line += character == "\n"
        line_at.append(line)
    for at, character in enumerate(code):
        inside = any(kind in ("function", "other") for kind, _ in stack)
        if character == "{":
            head = code[head_start:at]
            kind = "inner" if inside else kind_of_block(head)
            begin = head_start + len(head) - len(head.lstrip())
            stack.append((kind, begin))
            head_start = at + 1
        elif character == "}":
            if not stack:
                return
            kind, begin = stack.pop()
            if kind == "function":
                yield line_at[begin], line_at[at]
            head_start = at + 1
        elif not inside and (character == ";" or
                             (character == ":" and ACCESS.search(code[max(head_start, at - 12):at]))):
            head_start = at + 1


def kind_of_block(head):
    head = head.strip()
    if re.search(r"\bnamespace\b[^()=]*$|^extern\s*$", head):
        return "namespace"
    if re.search(r"\benum\b", head) or re.search(r"=\s*$", head):
        return "other"
    if re.search(r"\)[^()]*$", head) and not re.search(r"=\s*\w*$", head):
        return "function"
    if re.search(r"\b(?:class|struct|union)\b", head):
        return "class"
    return "other"


def check_lengths(path, text):
    count = text.count("\n")
    if count > MAX_FILE_LINES and path not in LONG_FILES:
        yield 1, f"{count} lines; past {MAX_FILE_LINES} it is probably two nouns"
    if Path(path).suffix in CODE:
        for first, last in functions(text):
            most = MAX_TEST_LINES if path.startswith("tests/unit/") else MAX_FUNCTION_LINES
            if last - first + 1 > most:
                yield first, f"a function of {last - first + 1} lines; at most {most}"


def check_bans(path, text, bans):
    for number, line in enumerate(text.split("\n"), 1):
        for ban in bans:
            if ban.pattern.search(line) and not path.startswith(ban.allowed or ("\0",)):
                yield number, ban.message


def check_readme(path, text):
    if path.startswith("src/") and path.endswith("/README.md") and text.count("\n") > MAX_README_LINES:
        yield 1, f"a folder's README has at most {MAX_README_LINES} lines"


def layer_stems(layer):
    return {path.stem for path in (ROOT / "src" / layer).rglob("*") if path.suffix in CODE}


def check_mirror(path, _text):
    """A test stands in its layer's folder and is named after a file there, or a part or a side of one."""
    if not path.startswith("tests/unit/") or not path.endswith(".cc") or path in MIRROR_EXCEPTIONS:
        return
    if not path.endswith("_test.cc"):
        if not (ROOT / path).with_suffix(".h").is_file():
            yield 1, "a unit test is named after what it tests: <file>_test.cc (what tests share has a header)"
        return
    stem = Path(path).stem[:-len("_test")].rstrip("s")
    if not any(stem in other or other.rstrip("s") in stem for other in layer_stems(path.split("/")[2])):
        yield 1, f"mirrors no file of src/{path.split('/')[2]}"


def check_file(path, text, graph):
    code = code_only(text) if Path(path).suffix in CODE else None
    yield from check_lengths(path, text) if code is not None or path.endswith(".py") else ()
    if code is not None:
        yield from check_includes(path, text, graph)
        yield from check_header(path, text)
        yield from check_mirror(path, text)
        if path.startswith("src/"):
            yield from check_bans(path, code, BANS_IN_SRC)
        if path.endswith(".h"):
            yield from check_bans(path, code, BANS_IN_HEADERS)
        if path.startswith("tests/"):
            yield from check_bans(path, code, BANS_IN_TESTS)
    if path.startswith("tests/sdk/"):
        yield from check_bans(path, text, BANS_IN_CLIENT_TESTS)
    if not path.startswith(TEXT_EXCEPTIONS):
        yield from check_bans(path, text, BANS_IN_TEXTS)
    yield from check_readme(path, text)


def check_tree(paths, graph):
    """What no single file can tell: a README in each layer, names of files."""
    present = {layer_of(path) for path in paths if Path(path).suffix in CODE} - {None}
    for layer in sorted(present):
        if not (ROOT / "src" / layer / "README.md").is_file():
            yield f"src/{layer}", 1, "a folder needs a README.md: what it owns, what it never does, how to add one"
    for layer, below in graph.items():
        for lower in sorted(below - graph.keys()):
            yield "tools/tidy/layers.txt", 1, f"{layer} stands on {lower}, which is not there"
    for path in paths:
        if Path(path).suffix in CODE and not re.fullmatch(r"[a-z0-9_/.\-]+", path):
            yield path, 1, "file names are lower case with underscores"


def repository_files():
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, check=True, text=True).stdout
    return sorted({path for path in listed.split("\0") if path and (ROOT / path).is_file()})


def read_text(path):
    """The file's text, or None when it is not a text."""
    raw = (ROOT / path).read_bytes()
    if b"\0" in raw:
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def main(arguments):
    graph = layers()
    everything = repository_files()
    wanted = [str(Path(a).resolve().relative_to(ROOT)) for a in arguments]
    paths = [p for p in everything if not wanted or any(p == w or p.startswith(w + "/") for w in wanted)]
    complaints = []
    for path in paths:
        text = read_text(path)
        if text is None:
            continue
        complaints += [(path, line, message) for line, message in check_file(path, text, graph)]
    if not wanted:
        complaints += check_tree(paths, graph)
    for path, line, message in sorted(complaints):
        print(f"{path}:{line}: {message}")
    print(f"tidy: {len(paths)} files, {len(complaints)} complaints", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
