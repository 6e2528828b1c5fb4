#!/usr/bin/env bash
# Everything that must hold before a change lands: format, structure, and all tests in three builds
# (plain, address + undefined behaviour sanitizers, thread sanitizer). Ends with CTest's summary.
#   packaging/test.sh           all of it
#   packaging/test.sh dev       one build only (dev, asan, tsan, release)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packaging/install_dependencies.sh
packaging/check_format.sh

presets=("$@")
[ ${#presets[@]} -gt 0 ] || presets=(dev asan tsan)
for preset in "${presets[@]}"; do
    echo "== $preset: build"
    cmake --preset "$preset" >/dev/null
    cmake --build --preset "$preset" -- --quiet
done
for preset in "${presets[@]}"; do
    echo "== $preset: test"
    # One job each keeps the tests that count time-outs honest on two cores; three builds still share the machine.
    ctest --preset "$preset" -j 2 --output-on-failure
done
