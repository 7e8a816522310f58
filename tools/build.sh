#!/bin/bash
# Configures and builds a preset: tools/build.sh dev|tsan|release [target …]. Quiet unless something fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
preset=$1
shift

log=build/$preset.log
mkdir -p build
if ! cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
# On a terminal ninja shows its progress in one line; elsewhere only what went wrong is worth reading.
if [ -t 2 ]; then
    ninja -C "build/$preset" "$@" >&2
elif ! ninja -C "build/$preset" "$@" >"$log" 2>&1; then
    grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Generating)' "$log" | tail -n 200 >&2
    exit 1
fi
