#!/usr/bin/env python3
"""Runs clang-tidy over src and remembers what was clean, so that a second run takes only what changed.

    tools/tidy/lint.py build/dev [path …]

The build folder holds compile_commands.json. A file is checked again when it, a header of ours that it includes
(directly or not), its compiler options, .clang-tidy or clang-tidy's version changed.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STAMPS = ROOT / "build/cache/lint"
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
# The compile commands are g++'s: clang need not know every warning, and its own are not what is asked for here.
EXTRA = ["--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-error", "--extra-arg=-w"]


@lru_cache(maxsize=None)
def clang_tidy():
    """The command: version 16 or newer, for older ones do not know all of the standard library of g++ 12."""
    for name in ["clang-tidy-16", "clang-tidy", *(f"clang-tidy-{v}" for v in range(17, 30))]:
        if path := shutil.which(name):
            version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
            if int(re.search(r"version (\d+)", version).group(1)) >= 16:
                return path
    sys.exit("lint: there is no clang-tidy of version 16 or newer")


@lru_cache(maxsize=None)
def headers_of(path):
    """The headers of src and tests that a file includes itself."""
    found = []
    for name in INCLUDE.findall(path.read_bytes()):
        for folder in (ROOT / "src", ROOT / "tests", ROOT / "bench", path.parent):
            candidate = folder / name.decode()
            if candidate.is_file():
                found.append(candidate)
                break
    return tuple(found)


@lru_cache(maxsize=None)
def digest_of(path):
    return hashlib.sha256(path.read_bytes()).digest()


def closure(path):
    seen, left = set(), [path]
    while left:
        current = left.pop()
        if current not in seen:
            seen.add(current)
            left.extend(headers_of(current))
    return sorted(seen)


def stamp_of(entry, tool_version):
    total = hashlib.sha256(tool_version + digest_of(ROOT / ".clang-tidy") + " ".join(EXTRA).encode())
    options = [o for o in shlex.split(entry["command"]) if o.startswith(("-D", "-std", "-f", "-m"))]
    total.update(" ".join(options).encode())
    for path in closure(Path(entry["file"])):
        total.update(str(path.relative_to(ROOT)).encode() + digest_of(path))
    return STAMPS / total.hexdigest()


def lint(entry, build, stamp):
    begin = time.monotonic()
    run = subprocess.run([clang_tidy(), "--quiet", "-p", str(build), *EXTRA, entry["file"]], capture_output=True, text=True,
                         check=False)
    seconds = time.monotonic() - begin
    if run.returncode == 0:
        stamp.touch()
        return seconds, ""
    return seconds, (run.stdout or run.stderr).replace(str(ROOT) + "/", "")


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    build = Path(arguments[0]).resolve()
    only = [str(Path(a).resolve()) for a in arguments[1:]]
    STAMPS.mkdir(parents=True, exist_ok=True)
    tool_version = subprocess.run([clang_tidy(), "--version"], capture_output=True, check=True).stdout
    entries = [e for e in json.loads((build / "compile_commands.json").read_text())
               if e["file"].startswith(str(ROOT / "src") + "/") and Path(e["file"]).is_file()]
    if only:
        entries = [e for e in entries if any(e["file"].startswith(o) for o in only)]
    stamps = [(e, stamp_of(e, tool_version)) for e in entries]
    left = [(e, s) for e, s in stamps if not s.exists()]
    failed, total, slowest = 0, 0.0, []
    with ThreadPoolExecutor(max_workers=min(len(os.sched_getaffinity(0)), 16)) as pool:
        for (entry, _), (seconds, complaints) in zip(left, pool.map(lambda pair: lint(pair[0], build, pair[1]), left)):
            total += seconds
            slowest.append((seconds, entry["file"].replace(str(ROOT) + "/", "")))
            if complaints:
                failed += 1
                print(complaints, flush=True)
    for seconds, name in sorted(slowest, reverse=True)[:5]:
        print(f"lint: {seconds:5.1f} s {name}", file=sys.stderr)
    print(f"lint: {len(entries)} files, {len(left)} checked in {total:.0f} CPU seconds, {failed} with complaints",
          file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
