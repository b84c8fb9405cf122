#!/usr/bin/env bash
# Runs a command with another Node.js, taken from npm. The package of the platform holds the binary itself,
# so no install script has to run.
#
#   .ci/node-version.sh MAJOR COMMAND...
set -euo pipefail
cd "$(dirname "$0")/.."

major=$1
shift
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
arch=$(node -p 'process.arch')
npm install --prefix "$dir" --no-save "node-linux-$arch@$major" >/dev/null
PATH="$dir/node_modules/node-linux-$arch/bin:$PATH"
export PATH
node --version
"$@"
