#!/usr/bin/env bash
# A Redis (or Valkey) for archives that many workers make, from Debian's packages, on loopback only.
#
#   localstack/servers/redis.sh {install|start|stop|status|env|destroy} [DIR]
#
#   install   installs the package if it is missing (root)
#   start     starts it if it does not run, prints what env prints
#   stop      stops it; the jobs stay
#   status    process, memory, disk; exits with 0 only if it runs
#   env       prints KEY=value lines:  export $(localstack/servers/redis.sh env)
#   destroy   stops it, then deletes its data
#
# Data, log and PID are in DIR (default: zipferry-redis in the temporary directory). It keeps every job on the disk
# (AOF) and throws none away (noeviction). Read when DIR is created and kept there:
#   REDIS_PORT   default: the first one that is free from 6390 on
set -euo pipefail
# shellcheck source=localstack/servers/lifecycle.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lifecycle.sh"

NAME=redis
DIR=$(state_dir "${2:-}" zipferry-redis)
SERVES=Redis
PORT_VARIABLE=REDIS_PORT
DAEMONS=(redis)
OWN_STATE=(data)

# Valkey is what Debian has from version 13 on.
server() { command -v redis-server || command -v valkey-server; }

missing_packages() {
	server >/dev/null && return
	if apt-cache show redis-server >/dev/null 2>&1; then echo redis-server; else echo valkey-server; fi
}

initial_settings() { echo "PORT=${REDIS_PORT:-$(first_free_port)}"; }

first_free_port() {
	local port=6390
	while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
	echo "$port"
}

marks() { echo "$DIR/data"; }

address() { echo "redis://127.0.0.1:$PORT"; }

ready() (
	exec 3<>"/dev/tcp/127.0.0.1/$PORT" && printf 'PING\r\n' >&3 && IFS= read -r -t 5 answer <&3
	[[ ${answer:-} == +PONG* ]]
) 2>/dev/null

print_env() { echo "ZIPFERRY_REDIS=$(address)"; }

start_daemons() {
	pid_of redis >/dev/null && ready && return
	stop_daemon redis
	mkdir -p "$DIR/data"
	port_free "$PORT" && spawn redis "$(server)" --port "$PORT" --bind 127.0.0.1 --dir "$DIR/data" \
		--appendonly yes --save '' --maxmemory-policy noeviction --set-proc-title no &&
		await redis ready || fail redis "$DIR/log/redis.out"
}

run_command "$@"
