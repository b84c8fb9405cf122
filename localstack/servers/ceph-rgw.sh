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
# shellcheck source=localstack/servers/lifecycle.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lifecycle.sh"

NAME=ceph-rgw
DIR=$(state_dir "${2:-}" zipferry-ceph)
CONF=$DIR/ceph.conf
ACCESS_KEY=zipferry
SECRET_KEY=zipferry-test-secret
PORT_VARIABLE=RGW_PORT
DAEMONS=(rgw osd mon) # in the order they stop; they start the other way round
OWN_STATE=(ceph.conf monmap mon osd rgw osd-created user-created mon-created)

missing_packages() {
	local tool
	for tool in curl:curl ceph-mon:ceph-mon ceph-osd:ceph-osd ceph:ceph-common radosgw:radosgw; do
		command -v "${tool%%:*}" >/dev/null || echo "${tool##*:}"
	done
}

initial_settings() {
	cat <<-SETTINGS
		PORT=${RGW_PORT:-7480}
		STORE_GIB=${RGW_STORE_GIB:-20}
		FSID=$(</proc/sys/kernel/random/uuid)
		OSD_UUID=$(</proc/sys/kernel/random/uuid)
	SETTINGS
}

# All of our daemons have this cluster's configuration file among their arguments, nobody else has.
marks() { echo "$CONF"; }

ready() { curl -fs -o /dev/null -m 5 "http://127.0.0.1:$PORT/"; }

# --- configuration --------------------------------------------------------------------------------

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

# --- creation, once ------------------------------------------------------------------------------

ceph_cli() { timeout 30 ceph -c "$CONF" "$@" 9>&-; }
admin() { timeout 60 radosgw-admin -c "$CONF" -n client.rgw "$@" >>"$DIR/log/admin.out" 2>&1 9>&-; }
once() { [[ -e $DIR/$1-created ]] || { "create_$1" && touch "$DIR/$1-created"; }; }

mon_ready() { ceph_cli --connect-timeout 5 quorum_status; }
osd_ready() { ceph_cli --connect-timeout 5 osd stat | grep -q '1 up'; }

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

# --- start ----------------------------------------------------------------------------------------

# launch DAEMON READY COMMAND...
launch() {
	local name=$1 ready=$2
	shift 2
	spawn "$name" "$@" && await "$name" "$ready"
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
	pid_of rgw >/dev/null && ready && return
	stop_daemon rgw
	port_free "$PORT" && once user && launch rgw ready radosgw -c "$CONF" -n client.rgw -f
}

start_daemons() {
	local name
	mkdir -p "$DIR"/{mon,osd,rgw}
	write_conf
	for name in mon osd rgw; do
		"start_$name" || fail "$name" "$DIR"/log/{*"$name"*,admin.out}
	done
}

run_command "$@"
