#!/usr/bin/env bash
# Installs the programs that read archives in the conformance tests, those that read completion scripts,
# manual pages, units of systemd and the page of backups, restic, whose retention is compared with ours, and
# the programs that download archives.
# What cannot be had is said, and the tests go on without it.
set -uo pipefail

packages=(zip unzip p7zip-full libarchive-tools busybox python3 golang-go php-cli php-zip ruby ruby-zip perl pigz)
packages+=(zsh fish groff mandoc restic chromium curl aria2)
command -v javac >/dev/null || packages+=(default-jdk-headless)
command -v systemd-analyze >/dev/null || packages+=(systemd)

export DEBIAN_FRONTEND=noninteractive
install() { apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" >/dev/null 2>&1; }

if ! install "${packages[@]}"; then
	apt-get -o DPkg::Lock::Timeout=300 update >/dev/null 2>&1
	install "${packages[@]}" || for package in "${packages[@]}"; do
		install "$package" || echo "not to be had: $package"
	done
fi
exit 0
