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
# shellcheck source=localstack/servers/lifecycle.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lifecycle.sh"

NAME=swift-s3
DIR=$(state_dir "${2:-}" zipferry-swift)
ACCESS_KEY=test:tester # tempauth's account:user
SECRET_KEY=zipferry-test-secret
PORT_VARIABLE=SWIFT_PORT
DAEMONS=(proxy account container object memcached) # ports: SWIFT_PORT + 0, 1, 2, 3, 4
OWN_STATE=(etc data)

missing_packages() {
	local server
	command -v curl >/dev/null || echo curl
	command -v memcached >/dev/null || echo memcached
	for server in proxy account container object; do
		command -v "swift-$server-server" >/dev/null || echo "swift-$server"
	done
}

initial_settings() { echo "PORT=${SWIFT_PORT:-8085}"; }

# Only our server has this configuration file (memcached: this PID file) among its arguments.
marks() { printf '%s\n' "$DIR/etc/$1.conf" "$DIR/run/$1.pid"; }

healthy() { curl -fs -o /dev/null -m 5 "http://127.0.0.1:$1/healthcheck"; }
ready() { healthy "$PORT"; }

# --- configuration --------------------------------------------------------------------------------

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
			location = $REGION
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

# --- start ----------------------------------------------------------------------------------------

# launch DAEMON PORT
launch() {
	local name=$1 port=$2 command
	pid_of "$name" >/dev/null && return
	command=(env PYTHONWARNINGS=ignore "swift-$name-server" "$DIR/etc/$name.conf")
	[[ $name != memcached ]] ||
		command=(memcached -l 127.0.0.1 -p "$port" -U 0 -m 32 -u "$(id -un)" -P "$DIR/run/$name.pid")
	port_free "$port" && spawn "$name" "${command[@]}"
}

# answers DAEMON PORT: memcached speaks no HTTP, but without it the proxy does not work either.
answers() { [[ $1 == memcached ]] || healthy "$2"; }

start_daemons() {
	local name i
	mkdir -p "$DIR"/{etc,data/disk}
	write_proxy_conf
	for i in 1 2 3; do
		name=${DAEMONS[i]}
		write_storage_conf "$name" $((PORT + i)) || fail "$name" "$DIR/log/ring.out"
	done
	# All at once: loading Python takes most of the time.
	for i in "${!DAEMONS[@]}"; do
		name=${DAEMONS[i]}
		launch "$name" $((PORT + i)) || fail "$name" "$DIR/log/$name.out"
	done
	for i in "${!DAEMONS[@]}"; do
		name=${DAEMONS[i]}
		await "$name" answers "$name" $((PORT + i)) || fail "$name" "$DIR/log/$name.out"
	done
}

run_command "$@"
