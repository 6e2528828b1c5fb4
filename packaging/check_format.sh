#!/usr/bin/env bash
# Fails if clang-format would change any C or C++ file of ours.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
git ls-files -z -- '*.h' '*.hpp' '*.cc' | xargs -0 -r clang-format --dry-run --Werror
