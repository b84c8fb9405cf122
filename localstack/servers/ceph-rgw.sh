#!/usr/bin/env bash
# A real S3 server for the contract tests: one Ceph monitor, one OSD and the RADOS Gateway, from
# Debian's packages, on loopback only.
#
#   localstack/servers/ceph-rgw.sh {install|start|stop|status|env|destroy} [DIR]
#
#   install   installs the packages that are missing (root)
#   start     creates the cluster the first time, starts what is not running, prints what env prints
#   stop      stops the daemons; the data stays
#   status    daemons, memory, disk; exits with 0 only if all of it runs
#   env       prints KEY=value lines:  export $(localstack/servers/ceph-rgw.sh env)
#   destroy   stops, then deletes the cluster and its data
#
# Configuration, data, logs and PIDs are in DIR (default: zipferry-ceph in the temporary directory);
# /etc/ceph and /var/lib/ceph are not touched. Read when DIR is created and kept there:
#   RGW_PORT        S3 port, the monitor takes the next one; default 7480
#   RGW_STORE_GIB   capacity; a sparse file that grows as it is written to; default 20
set -euo pipefail

DIR=$(realpath -m -- "${2:-${TMPDIR:-/tmp}/zipferry-ceph}")
CONF=$DIR/ceph.conf
ACCESS_KEY=zipferry
SECRET_KEY=zipferry-test-secret
DAEMONS=(mon osd rgw) # in the order they start
STATE=(.lock settings ceph.conf monmap mon osd rgw run log osd-created user-created mon-created)

log() { printf 'ceph-rgw: %s\n' "$*" >&2; }
die() { log "$*"; exit 1; }

# --- packages -------------------------------------------------------------------------------------

missing_packages() {
	local tool
	for tool in curl:curl ceph-mon:ceph-mon ceph-osd:ceph-osd ceph:ceph-common radosgw:radosgw; do
		command -v "${tool%%:*}" >/dev/null || echo "${tool##*:}"
	done
}

install_packages() {
	local packages
	mapfile -t packages < <(missing_packages)
	[[ ${#packages[@]} -gt 0 ]] || { log "already installed: $(ceph --version)"; return; }
	[[ $EUID -eq 0 ]] || die "installing ${packages[*]} needs root"
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
	local install=("${apt[@]}" install -y --no-install-recommends "${packages[@]}")
	# A fresh machine has no package lists, an old one has lists whose versions are gone.
	"${install[@]}" >/dev/null 2>&1 || { "${apt[@]}" update >&2 && "${install[@]}" >&2; } ||
		die "apt-get could not install: ${packages[*]}"
	log "installed: $(ceph --version)"
}

# --- processes ------------------------------------------------------------------------------------

# Prints the PID of daemon $1 if it runs. A PID that now belongs to another program does not count:
# only our daemons have this cluster's configuration file among their arguments.
pid_of() {
	local pid
	pid=$(cat "$DIR/run/$1.pid" 2>/dev/null) && [[ -n $pid ]] || return 1
	tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -- "$CONF" && echo "$pid"
}

port_free() {
	! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
	log "port $1 is taken; to choose others: destroy, then start with RGW_PORT"
	return 1
}

# launch NAME READY COMMAND...: starts a daemon in its own session and waits until READY succeeds.
launch() {
	local name=$1 ready=$2 pid deadline=$((SECONDS + 90))
	shift 2
	# The lock of this script must not live on in a daemon (9>&-).
	setsid "$@" </dev/null >>"$DIR/log/$name.out" 2>&1 9>&- &
	pid=$!
	echo "$pid" >"$DIR/run/$name.pid"
	until "$ready" >/dev/null 2>&1; do
		kill -0 "$pid" 2>/dev/null || { log "$name ended while starting"; return 1; }
		((SECONDS < deadline)) || { log "$name is not ready after 90 s"; return 1; }
		sleep 0.1
	done
}

stop_daemon() {
	local pid tries=0
	while pid=$(pid_of "$1"); do
		case $tries in
			0) kill "$pid" ;;
			150) log "$1 ignores SIGTERM, killing it"; kill -KILL "$pid" ;;
			200) die "$1 (PID $pid) cannot be stopped" ;;
		esac || true # it may end between the two calls
		tries=$((tries + 1))
		sleep 0.1
	done
	rm -f "$DIR/run/$1.pid"
}

stop_all() {
	stop_daemon rgw
	stop_daemon osd
	stop_daemon mon
}

# --- the cluster ----------------------------------------------------------------------------------

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
	cat >"$DIR/settings" <<-SETTINGS
		PORT=${RGW_PORT:-7480}
		STORE_GIB=${RGW_STORE_GIB:-20}
		FSID=$(</proc/sys/kernel/random/uuid)
		OSD_UUID=$(</proc/sys/kernel/random/uuid)
	SETTINGS
	load_settings
}

write_conf() {
	cat >"$CONF" <<-CONF
		[global]
		fsid = $FSID
		mon initial members = a
		mon host = [v2:127.0.0.1:$((PORT + 1))]
		ms bind msgr1 = false
		public network = 127.0.0.0/8
		cluster network = 127.0.0.0/8
		public addr = 127.0.0.1
		cluster addr = 127.0.0.1
		# The S3 keys are in the repository, so keys between the daemons would protect nothing.
		auth cluster required = none
		auth service required = none
		auth client required = none
		run dir = $DIR/run
		admin socket =
		crash dir = $DIR/log
		log file = $DIR/log/\$name.log
		mon cluster log file = $DIR/log/cluster.log
		log to stderr = false

		# One OSD holds the only copy.
		osd crush chooseleaf type = 0
		osd pool default size = 1
		osd pool default min size = 1
		mon allow pool size one = true
		# The gateway makes about ten pools: few placement groups each, and no ceph-mgr to tune them.
		osd pool default pg num = 8
		osd pool default pgp num = 8
		osd pool default pg autoscale mode = off
		rgw rados pool pg num min = 8
		rgw rados pool autoscale bias = 1
		mon max pg per osd = 1000
		# A nearly full disk is the host's business; the monitor would shut down at 5 % free.
		mon data avail warn = 1
		mon data avail crit = 0
		# With one monitor there is no quorum to wait for: a start takes seconds, not a minute.
		paxos propose interval = 0.05
		paxos min wait = 0.01

		[mon.a]
		mon data = $DIR/mon

		[osd.0]
		osd data = $DIR/osd
		osd objectstore = bluestore
		bluestore block create = true
		bluestore block size = $((STORE_GIB << 30))
		bluestore cache autotune = false
		bluestore cache size = $((128 << 20))

		[client.rgw]
		rgw data = $DIR/rgw
		rgw frontends = beast endpoint=127.0.0.1:$PORT
		rgw dns name = localhost
		# radosgw asks the monitor for encryption, which takes keys.
		ms mon client mode = crc
		rgw thread pool size = 64
		rgw num rados handles = 1
		rgw override bucket index max shards = 1
		rgw dynamic resharding = false
		# Deleted data goes after seconds; by default it stays for two hours and fills the store.
		rgw gc obj min wait = 5
		rgw gc processor period = 5
		rgw gc processor max time = 5
	CONF
}

ceph_cli() { timeout 30 ceph -c "$CONF" "$@" 9>&-; }
admin() { timeout 60 radosgw-admin -c "$CONF" -n client.rgw "$@" >>"$DIR/log/admin.out" 2>&1 9>&-; }
once() { [[ -e $DIR/$1-created ]] || { "create_$1" && touch "$DIR/$1-created"; }; }

mon_ready() { ceph_cli --connect-timeout 5 quorum_status; }
osd_ready() { ceph_cli --connect-timeout 5 osd stat | grep -q '1 up'; }
rgw_ready() { curl -fs -o /dev/null -m 5 "http://127.0.0.1:$PORT/"; }

create_mon() {
	rm -rf "$DIR/mon" && mkdir "$DIR/mon" # left over from a start that was interrupted
	monmaptool --create --clobber --fsid "$FSID" \
		--addv a "[v2:127.0.0.1:$((PORT + 1))]" "$DIR/monmap" >>"$DIR/log/mon.out" 2>&1 &&
		ceph-mon -c "$CONF" -i a --mkfs --monmap "$DIR/monmap" >>"$DIR/log/mon.out" 2>&1 9>&-
}

create_osd() {
	rm -rf "$DIR/osd" && mkdir "$DIR/osd"
	ceph_cli osd new "$OSD_UUID" 0 >>"$DIR/log/osd.out" 2>&1 &&
		ceph-osd -c "$CONF" -i 0 --mkfs --osd-uuid "$OSD_UUID" >>"$DIR/log/osd.out" 2>&1 9>&-
}

create_user() {
	local placement=(--placement-id default-placement --storage-class STANDARD_IA)
	admin user info --uid=zipferry ||
		admin user create --uid=zipferry --display-name=zipferry --max-buckets=0 \
			--access-key="$ACCESS_KEY" --secret-key="$SECRET_KEY" || return
	# A second storage class, in the same pool, so that asking for one can be tested.
	admin zonegroup placement add --rgw-zonegroup default "${placement[@]}" &&
		admin zone placement add --rgw-zone default "${placement[@]}" \
			--data-pool default.rgw.buckets.data
}

start_mon() {
	pid_of mon >/dev/null && return
	# Checked here and not left to the daemon: we would go on with the monitor of another cluster.
	port_free $((PORT + 1)) && once mon &&
		launch mon mon_ready ceph-mon -c "$CONF" -i a -f
}

start_osd() {
	pid_of osd >/dev/null && return
	# After a crash the monitor still takes the old one for up, and "ready" would come too early.
	once osd && ceph_cli osd down 0 >>"$DIR/log/osd.out" 2>&1 &&
		launch osd osd_ready ceph-osd -c "$CONF" -i 0 -f
}

start_rgw() {
	pid_of rgw >/dev/null && rgw_ready && return
	stop_daemon rgw
	port_free "$PORT" && once user && launch rgw rgw_ready radosgw -c "$CONF" -n client.rgw -f
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
	local missing name file
	missing=$(missing_packages)
	[[ -z $missing ]] || die "missing: ${missing//$'\n'/ }; run: $0 install"
	prepare_dir
	mkdir -p "$DIR"/{mon,osd,rgw,run,log}
	write_conf
	for name in "${DAEMONS[@]}"; do
		"start_$name" && continue
		stop_all
		for file in "$DIR"/log/{*"$name"*,admin.out}; do
			[[ ! -s $file ]] || { log "last lines of $file:"; tail -n 8 "$file" >&2; }
		done
		die "could not start $name; all logs are in $DIR/log"
	done
	log "ready after $SECONDS s"
	print_env
}

status() {
	local name pid result=0
	for name in "${DAEMONS[@]}"; do
		if pid=$(pid_of "$name"); then
			echo "$name: PID $pid, $(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status") MiB"
		else
			echo "$name: down"
			result=1
		fi
	done
	if rgw_ready; then
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
		load_settings || { log "no cluster in $DIR"; exit 0; }
		prepare_dir # for its checks and its lock
		stop_all
		if [[ $1 == destroy ]]; then delete_state; fi
		;;
	status | env)
		load_settings || die "no cluster in $DIR"
		if [[ $1 == env ]]; then print_env; else status; fi
		;;
	*)
		echo "usage: $0 {install|start|stop|status|env|destroy} [DIR]" >&2
		exit 2
		;;
esac
