#!/bin/bash
# Runs one suite against the program that CARDEA_BINARY names: tests/sdk/run.sh node|python|smtp|journeys [FILE …]
#
# The clients come from npm and PyPI at the versions that are pinned here, and are kept under build/cache by the hash of
# the pins: a second run needs no network. RESULTS, when set, names a folder for the runners' reports.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
cache=$(cd ../.. && pwd)/build/cache
results=${RESULTS:-}
: "${CARDEA_BINARY:?names the program under test}"

# kept NAME FILE … prints the folder for what these files pin.
kept() {
    local name=$1
    shift
    echo "$cache/$name-$(cat "$@" | sha256sum | cut -c 1-16)"
}

# A folder is complete when it holds the file `complete`; a half-made one is made again.
node_modules() {
    local folder
    folder=$(kept node node/package.json node/package-lock.json)
    if [ ! -e "$folder/complete" ]; then
        rm -rf "$folder"
        mkdir -p "$folder"
        cp node/package.json node/package-lock.json "$folder"
        (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
        touch "$folder/complete"
    fi
    ln -sfn "$folder/node_modules" node_modules
}

python_environment() {
    venv=$(kept "python$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')" python/requirements.txt)
    if [ ! -e "$venv/complete" ]; then
        rm -rf "$venv"
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r python/requirements.txt
        "$venv/bin/pip" check
        touch "$venv/complete"
    fi
}

suite=${1:?node, python, smtp or journeys}
shift
case "$suite" in
    node | smtp)
        node_modules
        if [ $# = 0 ]; then set -- "$suite"/*.test.mjs; fi
        reporters=(--test-reporter=spec --test-reporter-destination=stdout)
        if [ -n "$results" ]; then reporters+=(--test-reporter=tap "--test-reporter-destination=$results/$suite.tap"); fi
        exec node --no-warnings --test "${reporters[@]}" "$@"
        ;;
    python | journeys)
        python_environment
        folder=python
        if [ "$suite" = journeys ]; then folder=../journeys; fi
        if [ $# = 0 ]; then set -- "$folder"; fi
        reporters=(-q -s)
        if [ -n "$results" ]; then reporters+=("--junitxml=$results/$suite.xml"); fi
        export PATH="$venv/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
        exec "$venv/bin/python" -m pytest -p no:cacheprovider "${reporters[@]}" "$@"
        ;;
    *)
        echo "tests/sdk/run.sh: there is no suite '$suite'" >&2
        exit 2
        ;;
esac
