#!/usr/bin/env bash
# Runs the contract tests (or the command given) against a new Ceph RGW, and removes it afterwards
# whatever happens.
#
#   .ci/ceph.sh [COMMAND...]
set -euo pipefail
cd "$(dirname "$0")/.."

[[ $# -gt 0 ]] || set -- npm run test:all -- test/s3 test/storage test/reader/ranged test/sources/objects/object-source.test.ts

dir=$(mktemp -d)
trap 'localstack/servers/ceph-rgw.sh destroy "$dir"' EXIT
localstack/servers/ceph-rgw.sh install
variables=$(localstack/servers/ceph-rgw.sh start "$dir")
# shellcheck disable=SC2086 # one word per line
env ZIPFERRY_TEST_S3=ceph $variables "$@"
