#!/usr/bin/env bash
# Everything that must hold before a change lands: format, structure, and the tests in three builds: plain, with the
# address and undefined behaviour sanitizers, and with the thread sanitizer. Ends with CTest's summary.
#   packaging/test.sh           all of it
#   packaging/test.sh dev       one build only (dev, asan, tsan, release)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packaging/install_dependencies.sh
packaging/check_format.sh

# What runs in several threads, and the server as a whole. The rest cannot race and is left to the other builds.
threaded_tests=(api_http_test host_engine_test host_plugin_test host_service_test host_storage_sql_test net_test e2e_tests)

build() {
    local targets=()
    [ "$1" != tsan ] || targets=(--target blockyard plugins "${threaded_tests[@]}")
    echo "== $1: build"
    cmake --preset "$1" >/dev/null
    cmake --build --preset "$1" "${targets[@]}" -- --quiet
}

run() {
    local filter=()
    [ "$1" != tsan ] || filter=(--label-regex "^($(IFS='|'; echo "${threaded_tests[*]}")|e2e)\$")
    echo "== $1: test"
    ctest --preset "$1" -j 2 --output-on-failure "${filter[@]}"
}

presets=("$@")
[ ${#presets[@]} -gt 0 ] || presets=(tsan asan dev)
for preset in "${presets[@]}"; do build "$preset"; done
for preset in "${presets[@]}"; do run "$preset"; done
