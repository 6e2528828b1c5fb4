#!/usr/bin/env bash
# Installs what is needed, builds a release, and starts the server with a first account and the plugins.
# Arguments go to `blockyard serve`, for example: packaging/run.sh --set server.port=9000
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packaging/install_dependencies.sh
cmake --preset release -DYARD_BUILD_TESTS=OFF >/dev/null
cmake --build --preset release -- --quiet

exec build/release/bin/blockyard serve \
    --set auth.first_account.email=admin@blockyard.local "$@"
