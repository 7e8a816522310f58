#!/bin/bash
# Installs by apt what is missing: tools/packages.sh build|test|bench …
#
# `build` is what the compiler needs, `test` adds what ./test runs, `bench` the load generator's yardsticks. It is
# instant when nothing is missing: dpkg is asked first, and apt-get only for what remains.
set -euo pipefail

build=(
    g++ cmake ninja-build ccache pkg-config
    libssl-dev libsimdjson-dev libsqlite3-dev libpq-dev libcurl4-openssl-dev libicu-dev libre2-dev libspdlog-dev
    libtomlplusplus-dev libcli11-dev prometheus-cpp-dev libkainjow-mustache-dev libargon2-dev
)
test=(git libgtest-dev sqlite3 postgresql curl openssl)
bench=(wrk openssl)


# Boost 1.81 or newer. Debian 12 has it beside its default 1.74; later releases have it as the default.
boost_is_there() {
    local header=/usr/include/boost/version.hpp
    [ -r "$header" ] && [ "$(awk '/^#define BOOST_VERSION / { print $3 }' "$header")" -ge 108100 ]
}
boost_package() {
    local default
    default=$(apt-cache policy libboost-dev | awk '$1 == "Candidate:" { print $2 }')
    if dpkg --compare-versions "${default:-0}" ge 1.81; then echo libboost-dev; else echo libboost1.81-dev; fi
}

# clang-tidy must know the standard library's C++20, which takes version 16; Debian 12's default is older.
clang_tidy_is_there() {
    local name
    for name in clang-tidy clang-tidy-{16..29}; do
        command -v "$name" >/dev/null && "$name" --version | grep -qE 'version (1[6-9]|2[0-9])\.' && return 0
    done
    return 1
}
clang_tidy_package() {
    local default
    default=$(apt-cache policy clang-tidy | awk '$1 == "Candidate:" { print $2 }')
    if dpkg --compare-versions "${default:-0}" ge 1:16; then echo clang-tidy; else echo clang-tidy-16; fi
}

# Node and Python often come from elsewhere than apt; any recent one will do.
node_is_there() {
    command -v npm >/dev/null && command -v node >/dev/null &&
        node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)'
}
python_is_there() {
    command -v python3 >/dev/null &&
        python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 9))' 2>/dev/null
}

run_as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

[ $# -gt 0 ] || { echo "usage: tools/packages.sh build|test|bench …" >&2; exit 2; }
if ! command -v apt-get >/dev/null; then
    echo "tools/packages.sh: there is no apt here; see tools/packages.sh for what Cardea needs" >&2
    exit 0
fi

wanted=()
for group in "$@"; do
    case "$group" in
        build)
            wanted+=("${build[@]}")
            boost_is_there || wanted+=(BOOST)
            ;;
        test)
            wanted+=("${test[@]}")
            node_is_there || wanted+=(nodejs npm)
            clang_tidy_is_there || wanted+=(CLANG_TIDY)
            python_is_there || wanted+=(python3 python3-venv)
            ;;
        bench) wanted+=("${bench[@]}") ;;
        *) echo "tools/packages.sh: there is no group '$group'" >&2; exit 2 ;;
    esac
done

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
    grep -qx "installed $package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

# The tests start clusters of their own: Debian's package is not to make and start one for the whole machine.
refuse_system_cluster() {
    local file=/etc/postgresql-common/createcluster.conf
    [ -e "$file" ] && return
    run_as_root mkdir -p "${file%/*}"
    run_as_root tee "$file" >/dev/null <<<'create_main_cluster = false'
}

install() {
    local packages=() package
    for package in "${missing[@]}"; do
        case "$package" in
            BOOST) package=$(boost_package) ;;
            CLANG_TIDY) package=$(clang_tidy_package) ;;
        esac
        packages+=("$package")
    done
    echo "installing: ${packages[*]}" >&2
    case " ${packages[*]} " in *' postgresql '*) refuse_system_cluster ;; esac
    run_as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Options::=--force-confold "${packages[@]}" >&2
}

# The package lists may be absent or stale: then refresh them, once.
if [ -z "$(apt-cache policy libssl-dev 2>/dev/null)" ] || ! install; then
    run_as_root apt-get update -qq >&2
    install
fi
