#!/bin/bash
# Formats the C++ of the repository by .clang-format; with --check only tells what is not formatted.
#
# Versions of clang-format disagree, so it is always version 14: the system's, or else the one from PyPI, kept under
# build/cache.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

find_clang_format() {
    local candidate
    for candidate in clang-format-14 clang-format build/cache/clang-format/bin/clang-format; do
        if "$candidate" --version 2>/dev/null | grep -q 'version 14\.'; then
            echo "$candidate"
            return
        fi
    done
    python3 -m venv build/cache/clang-format >&2
    build/cache/clang-format/bin/pip install --quiet clang-format==14.0.6 >&2
    echo build/cache/clang-format/bin/clang-format
}

tool=$(find_clang_format)
case "${1:-}" in
    --check) git ls-files -z -- '*.cc' '*.h' | xargs -0 -r -P 2 -n 16 "$tool" --dry-run -Werror ;;
    '') git ls-files -z -- '*.cc' '*.h' | xargs -0 -r -P 2 -n 16 "$tool" -i ;;
    *) echo "usage: tools/tidy/format.sh [--check]" >&2; exit 2 ;;
esac
