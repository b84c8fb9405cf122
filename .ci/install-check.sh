#!/usr/bin/env bash
# Installs the package as the README says, into an empty project and as a command: the command starts, the library
# loads by import and by require, nothing that is installed with it runs a script, and the README that comes with it
# leads somewhere.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
version=$(node -p 'require("./package.json").version')
tarball=zipferry-$version.tgz

fail() {
	echo "install check: $1" >&2
	exit 1
}
readme_says() {
	grep -qF -- "$1" README.md || fail "README.md does not say: $1"
}

readme_says 'npm pack '
readme_says "npm install --global ./$tarball"
readme_says "npm install /path/to/$tarball"
npm pack --silent --pack-destination "$dir" >/dev/null
[[ ! -e .tmp/README.md ]] || fail "README.md is left as it is packed"

mkdir "$dir/project"
cd "$dir/project"
printf '{ "private": true }\n' >package.json
npm install --omit=dev --ignore-scripts "$dir/$tarball" >/dev/null

scripts=$(npm query ':attr(scripts, [preinstall]), :attr(scripts, [install]), :attr(scripts, [postinstall])')
[[ $scripts == '[]' ]] || fail "a dependency has an install script: $scripts"
npx zipferry --version
node --input-type=module -e 'import { uploadZip, ZipStream } from "zipferry"; if (!uploadZip || !ZipStream) process.exit(1)'
node -e 'const { uploadZip } = require("zipferry"); if (!uploadZip) process.exit(1)'

npx zipferry completion bash | bash -n
mkdir photos
echo hello >photos/a.txt
npx zipferry create photos photos.zip
[[ -s photos.zip ]]

# The command, as an administrator installs it.
npm install --global --prefix "$dir/global" --ignore-scripts "$dir/$tarball" >/dev/null
"$dir/global/bin/zipferry" --version
[[ -s $dir/global/share/man/man1/zipferry-upload.1 ]] || fail "there is no manual page of upload"

# Every link of the README in the package leads to the web, to a heading, or to a file that is in the package.
package=node_modules/zipferry
grep -oE '\]\([^)]+\)' "$package/README.md" | sed 's/^](//; s/)$//' | sort -u | while read -r link; do
	case $link in
	"https://unpkg.com/zipferry@$version/"*)
		path=${link#"https://unpkg.com/zipferry@$version/"}
		[[ -e $package/${path%%#*} ]] || fail "the package has no ${path%%#*}, which its README links to"
		;;
	https://* | '#'*) ;;
	*) fail "the README of the package has a link that a registry cannot follow: $link" ;;
	esac
done

# The numbers of the README. Dependencies come and go with the versions of the SDK.
count=$(npm ls --omit=dev --all --parseable | tail -n +2 | sort -u | wc -l)
said=$(cd "$OLDPWD" && sed -nE 's/.*installs about ([0-9]+) packages.*/\1/p' README.md)
[[ -n $said ]] || fail "README.md does not say how many packages are installed"
difference=$((count - said))
[[ ${difference#-} -le 5 ]] || fail "README.md says about $said packages; there are $count"
echo "packages installed: $count, $(du -sm node_modules | cut -f1) MB"
