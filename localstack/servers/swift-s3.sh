#!/usr/bin/env bash
# A second opinion for the contract tests: OpenStack Swift with its S3 layer (s3api), from Debian's
# packages, on loopback only. It is stricter than Ceph about part order and part numbers, and knows
# fewer features.
#
#   localstack/servers/swift-s3.sh {install|start|stop|status|env|destroy} [DIR]
#
#   install   installs the packages that are missing (root)
#   start     creates the store the first time, starts what is not running, prints what env prints
#   stop      stops the servers; the data stays
#   status    servers, memory, disk; exits with 0 only if all of it runs
#   env       prints KEY=value lines:  export $(localstack/servers/swift-s3.sh env)
#   destroy   stops, then deletes the store and its data
#
# Configuration, data, logs and PIDs are in DIR (default: zipferry-swift in the temporary
# directory); /etc/swift and /srv/node are not touched. Its file system needs extended attributes
# (ext4 and xfs do). Read when DIR is created and kept there:
#   SWIFT_PORT   S3 port, the servers behind it take the next four; default 8085
set -euo pipefail

DIR=$(realpath -m -- "${2:-${TMPDIR:-/tmp}/zipferry-swift}")
ACCESS_KEY=test:tester # tempauth's account:user
SECRET_KEY=zipferry-test-secret
PORT= # from DIR/settings
SERVERS=(proxy account container object memcached) # ports: SWIFT_PORT + 0, 1, 2, 3, 4
STATE=(.lock settings etc data run log)

log() { printf 'swift-s3: %s\n' "$*" >&2; }
die() { log "$*"; exit 1; }

# --- packages -------------------------------------------------------------------------------------

missing_packages() {
	local server
	command -v curl >/dev/null || echo curl
	command -v memcached >/dev/null || echo memcached
	for server in proxy account container object; do
		command -v "swift-$server-server" >/dev/null || echo "swift-$server"
	done
}

# Debian starts a service as soon as it is installed, and Swift's would listen on every interface.
# A policy-rc.d that answers 101 ("action forbidden") is the documented way to prevent that.
without_autostart() (
	policy=/usr/sbin/policy-rc.d
	if [[ ! -e $policy ]]; then
		trap 'rm -f "$policy"' EXIT
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod +x "$policy"
	fi
	"$@"
)

install_packages() {
	local packages
	mapfile -t packages < <(missing_packages)
	[[ ${#packages[@]} -gt 0 ]] || { log "already installed"; return; }
	[[ $EUID -eq 0 ]] || die "installing ${packages[*]} needs root"
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
	local install=(without_autostart "${apt[@]}" install -y --no-install-recommends "${packages[@]}")
	# A fresh machine has no package lists, an old one has lists whose versions are gone.
	"${install[@]}" >/dev/null 2>&1 || { "${apt[@]}" update >&2 && "${install[@]}" >&2; } ||
		die "apt-get could not install: ${packages[*]}"
	log "installed: ${packages[*]}"
}

# --- processes ------------------------------------------------------------------------------------

# Prints the PID of server $1 if it runs. A PID that now belongs to another program does not count:
# only our server has this configuration file (memcached: this PID file) among its arguments.
pid_of() {
	local pid file=$DIR/run/$1.pid
	pid=$(cat "$file" 2>/dev/null) && [[ -n $pid ]] || return 1
	tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" |
		grep -qxF -e "$DIR/etc/$1.conf" -e "$file" && echo "$pid"
}

# launch NAME PORT: in a session of its own, because on SIGTERM a Swift server signals its whole
# process group; without the lock of this script, which must not live on in a server (9>&-).
launch() {
	local name=$1 port=$2 command
	if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
		log "port $port is taken; to choose others: destroy, then start with SWIFT_PORT"
		return 1
	fi
	command=("swift-$name-server" "$DIR/etc/$name.conf")
	[[ $name != memcached ]] ||
		command=(memcached -l 127.0.0.1 -p "$port" -U 0 -m 32 -u "$(id -un)" -P "$DIR/run/$name.pid")
	PYTHONWARNINGS=ignore setsid "${command[@]}" </dev/null >>"$DIR/log/$name.out" 2>&1 9>&- &
	echo "$!" >"$DIR/run/$name.pid"
}

# await NAME PORT: memcached speaks no HTTP, but without it the proxy does not work either.
await() {
	local name=$1 port=$2 deadline=$((SECONDS + 60)) pid
	pid=$(cat "$DIR/run/$name.pid")
	until [[ $name == memcached ]] || healthy "$port"; do
		kill -0 "$pid" 2>/dev/null || { log "$name ended while starting"; return 1; }
		((SECONDS < deadline)) || { log "$name does not answer after 60 s"; return 1; }
		sleep 0.1
	done
}

healthy() { curl -fs -o /dev/null -m 5 "http://127.0.0.1:$1/healthcheck"; }

stop_server() {
	local pid tries=0
	while pid=$(pid_of "$1"); do
		case $tries in
			0) kill "$pid" ;;
			100) log "$1 ignores SIGTERM, killing it"; kill -KILL "$pid" ;;
			150) die "$1 (PID $pid) cannot be stopped" ;;
		esac || true # it may end between the two calls
		tries=$((tries + 1))
		sleep 0.1
	done
	rm -f "$DIR/run/$1.pid"
}

stop_all() {
	local name
	for name in "${SERVERS[@]}"; do stop_server "$name"; done
}

# --- configuration --------------------------------------------------------------------------------

# shellcheck source=/dev/null
load_settings() { [[ -O $DIR/settings ]] && . "$DIR/settings"; }

# Settings in DIR are executed and its content is deleted one day, so it has to belong to us and to
# be empty before the first start.
prepare_dir() {
	[[ $DIR =~ ^[A-Za-z0-9/._-]+$ ]] || die "only letters, digits and / . _ - in the directory: $DIR"
	mkdir -p "$DIR"
	[[ -O $DIR ]] || die "$DIR belongs to another user"
	exec 9>>"$DIR/.lock"
	flock -w 300 9 || die "another start or stop holds $DIR/.lock"
	load_settings && return
	[[ $(ls -A "$DIR") == .lock ]] || { rm -f "$DIR/.lock"; die "$DIR is not empty and not ours"; }
	echo "PORT=${SWIFT_PORT:-8085}" >"$DIR/settings"
	load_settings
}

# common_conf PORT PIPELINE: workers = 0 serves from the one process whose PID we know.
common_conf() {
	cat <<-CONF
		[DEFAULT]
		bind_ip = 127.0.0.1
		bind_port = $1
		user = $(id -un)
		swift_dir = $DIR/etc
		workers = 0
		log_level = WARNING
		[pipeline:main]
		pipeline = $2
		[filter:healthcheck]
		use = egg:swift#healthcheck
	CONF
}

# The three servers that store things; each finds the others through a ring, here of one disk.
write_storage_conf() {
	local name=$1 port=$2 ring=$DIR/etc/$1.builder
	{
		common_conf "$port" "healthcheck $name-server"
		cat <<-CONF
			[app:$name-server]
			use = egg:swift#$name
			set devices = $DIR/data
			set mount_check = false
			set disable_fallocate = true
			set fallocate_reserve = 0
		CONF
	} >"$DIR/etc/$name.conf"
	[[ -f $DIR/etc/$name.ring.gz ]] || {
		rm -f "$ring"
		swift-ring-builder "$ring" create 4 1 1 &&
			swift-ring-builder "$ring" add --region 1 --zone 1 --ip 127.0.0.1 --port "$port" \
				--device disk --weight 1 &&
			swift-ring-builder "$ring" rebalance
	} >>"$DIR/log/ring.out" 2>&1 9>&-
}

# The S3 layer turns a multipart upload into a static large object (slo), so slo's limits must let
# through what S3 allows: 10,000 parts, the last one as short as one byte.
write_proxy_conf() {
	local name
	{
		common_conf "$PORT" "catch_errors gatekeeper healthcheck cache listing_formats bulk s3api \
tempauth copy slo versioned_writes symlink proxy-server"
		cat <<-CONF
			[app:proxy-server]
			use = egg:swift#proxy
			account_autocreate = true
			allow_account_management = true
			[filter:cache]
			# tempauth refuses to work without one.
			use = egg:swift#memcache
			memcache_servers = 127.0.0.1:$((PORT + 4))
			[filter:s3api]
			use = egg:swift#s3api
			location = us-east-1
			max_upload_part_num = 10000
			[filter:slo]
			use = egg:swift#slo
			max_manifest_segments = 10000
			min_segment_size = 1
			[filter:tempauth]
			use = egg:swift#tempauth
			user_${ACCESS_KEY/:/_} = $SECRET_KEY .admin
			[filter:versioned_writes]
			use = egg:swift#versioned_writes
			allow_versioned_writes = true
			allow_object_versioning = true
		CONF
		for name in catch_errors gatekeeper listing_formats bulk copy symlink; do
			printf '[filter:%s]\nuse = egg:swift#%s\n' "$name" "$name"
		done
	} >"$DIR/etc/proxy.conf"
}

# --- commands -------------------------------------------------------------------------------------

print_env() {
	cat <<-ENV
		S3_ENDPOINT=http://127.0.0.1:$PORT
		S3_REGION=us-east-1
		AWS_ACCESS_KEY_ID=$ACCESS_KEY
		AWS_SECRET_ACCESS_KEY=$SECRET_KEY
	ENV
}

start() {
	local missing name step i
	missing=$(missing_packages)
	[[ -z $missing ]] || die "missing: ${missing//$'\n'/ }; run: $0 install"
	prepare_dir
	mkdir -p "$DIR"/{etc,data/disk,run,log}
	write_proxy_conf
	for i in 1 2 3; do
		write_storage_conf "${SERVERS[i]}" $((PORT + i)) || fail ring
	done
	# All at once: loading Python takes most of the time.
	for step in launch await; do
		for i in "${!SERVERS[@]}"; do
			name=${SERVERS[i]}
			[[ $step == launch ]] && pid_of "$name" >/dev/null && continue
			"$step" "$name" $((PORT + i)) || fail "$name"
		done
	done
	log "ready after $SECONDS s"
	print_env
}

fail() {
	local file=$DIR/log/$1.out
	stop_all
	[[ ! -s $file ]] || { log "last lines of $file:"; tail -n 15 "$file" >&2; }
	die "could not start: $1; all logs are in $DIR/log"
}

status() {
	local name pid result=0
	for name in "${SERVERS[@]}"; do
		if pid=$(pid_of "$name"); then
			echo "$name: PID $pid, $(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status") MiB"
		else
			echo "$name: down"
			result=1
		fi
	done
	if healthy "$PORT"; then
		echo "S3: http://127.0.0.1:$PORT"
	else
		echo "S3: no answer"
		result=1
	fi
	echo "disk: $(du -sh "$DIR" | cut -f 1)"
	return $result
}

delete_state() {
	(cd "$DIR" && rm -rf -- "${STATE[@]}")
	rmdir -- "$DIR" 2>/dev/null || log "kept $DIR: it holds files that are not ours"
}

case ${1:-} in
	install) install_packages ;;
	start) start ;;
	stop | destroy)
		load_settings || { log "no store in $DIR"; exit 0; }
		prepare_dir # for its checks and its lock
		stop_all
		if [[ $1 == destroy ]]; then delete_state; fi
		;;
	status | env)
		load_settings || die "no store in $DIR"
		if [[ $1 == env ]]; then print_env; else status; fi
		;;
	*)
		echo "usage: $0 {install|start|stop|status|env|destroy} [DIR]" >&2
		exit 2
		;;
esac
