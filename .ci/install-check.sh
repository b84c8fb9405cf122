#!/usr/bin/env bash
# Packs the package and installs it into an empty project, as a user would: the command starts, the library
# loads by import and by require, and nothing that is installed with it runs a script.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
tarball=$(npm pack --silent --pack-destination "$dir")
cd "$dir"
printf '{ "private": true }\n' >package.json
npm install --omit=dev --ignore-scripts "./$tarball" >/dev/null

scripts=$(npm query ':attr(scripts, [preinstall]), :attr(scripts, [install]), :attr(scripts, [postinstall])')
if [[ $scripts != '[]' ]]; then
	echo "a dependency has an install script: $scripts"
	exit 1
fi
npx zipferry --version
node --input-type=module -e 'import { uploadZip, ZipStream } from "zipferry"; if (!uploadZip || !ZipStream) process.exit(1)'
node -e 'const { uploadZip } = require("zipferry"); if (!uploadZip) process.exit(1)'

npx zipferry completion bash | bash -n
npm install --global --prefix "$dir/global" --ignore-scripts "./$tarball" >/dev/null
[[ -s $dir/global/share/man/man1/zipferry-upload.1 ]]

mkdir photos
echo hello >photos/a.txt
npx zipferry create photos photos.zip
[[ -s photos.zip ]]
echo "packages installed: $(npm ls --all --parseable | tail -n +2 | wc -l)"
