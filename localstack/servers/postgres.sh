#!/usr/bin/env bash
# A PostgreSQL for archives that many workers make, from Debian's packages, on loopback only.
#
#   localstack/servers/postgres.sh {install|start|stop|status|env|destroy} [DIR]
#
#   install   installs the package if it is missing (root)
#   start     starts it if it does not run, prints what env prints
#   stop      stops it; the jobs stay
#   status    process, memory, disk; exits with 0 only if it runs
#   env       prints KEY=value lines:  export $(localstack/servers/postgres.sh env)
#   destroy   stops it, then deletes its data
#
# Data, log and PID are in DIR (default: zipferry-postgres in the temporary directory). Every user of this machine may
# use it. PostgreSQL does not run as root: started by root it runs as the user postgres, whom the package brings.
# Read when DIR is created and kept there:
#   POSTGRES_PORT   default: the first one that is free from 5490 on
set -euo pipefail
# shellcheck source=localstack/servers/lifecycle.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lifecycle.sh"

NAME=postgres
DIR=$(state_dir "${2:-}" zipferry-postgres)
SERVES=PostgreSQL
PORT_VARIABLE=POSTGRES_PORT
DAEMONS=(postgres)
OWN_STATE=(data)
STOP_SIGNAL=INT # TERM waits until every worker has gone

# Debian puts only its wrappers into PATH; the newest one counts.
program() {
	local found
	found=$(find /usr/lib/postgresql/*/bin/"$1" 2>/dev/null | sort -V | tail -n 1)
	[[ -n $found ]] && echo "$found"
}

missing_packages() { program postgres >/dev/null || echo postgresql; }

OWNER=()
[[ $EUID -ne 0 ]] || OWNER=(setpriv --reuid postgres --regid postgres --init-groups --)

initial_settings() { echo "PORT=${POSTGRES_PORT:-$(first_free_port)}"; }

first_free_port() {
	local port=5490
	while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
	echo "$port"
}

marks() { echo "$DIR/data"; }

address() { echo "postgres://zipferry@127.0.0.1:$PORT/postgres"; }

ready() { "$(program pg_isready)" -q -h 127.0.0.1 -p "$PORT"; }

print_env() { echo "ZIPFERRY_POSTGRES=$(address)"; }

create_data() {
	mkdir -p "$DIR/data"
	[[ $EUID -ne 0 ]] || chown postgres: "$DIR/data"
	[[ -e $DIR/data/PG_VERSION ]] ||
		(cd / && "${OWNER[@]}" "$(program initdb)" -D "$DIR/data" -U zipferry -A trust -E UTF8 --locale C) \
			>>"$DIR/log/initdb.out" 2>&1
}

start_daemons() {
	pid_of postgres >/dev/null && ready && return
	stop_daemon postgres
	create_data || fail postgres "$DIR/log/initdb.out"
	port_free "$PORT" && cd / && spawn postgres "${OWNER[@]}" "$(program postgres)" -D "$DIR/data" -p "$PORT" \
		-c listen_addresses=127.0.0.1 -c unix_socket_directories='' &&
		await postgres ready || fail postgres "$DIR/log/postgres.out"
}

run_command "$@"
