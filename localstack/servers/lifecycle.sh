# shellcheck shell=bash
# What the starters of this directory share: packages, processes, the state directory and the commands
# {install|start|stop|status|env|destroy}. It is sourced, never run. A starter sets
#
#   NAME            in front of every message
#   DIR             holds all of its state; state_dir finds it
#   DAEMONS         their names, in the order they stop
#   OWN_STATE       what it has in DIR besides the state of this file
#   PORT_VARIABLE   the variable that chooses ports
#   STOP_SIGNAL     what asks a daemon to end, TERM if it is not set
#   ACCESS_KEY, SECRET_KEY   of a server of S3
#
# and defines
#
#   missing_packages   prints the Debian packages that install has to add, one a line
#   initial_settings   prints KEY=value lines, kept in DIR/settings from the first start on; PORT is one
#   start_daemons      starts what is not running; calls fail if it cannot
#   marks DAEMON       prints arguments that only our DAEMON is started with, one a line
#   ready              succeeds if the port answers
#
# and, if it serves something else than S3, SERVES, address and print_env anew,
#
# and ends with: run_command "$@"

REGION=us-east-1
SERVES=S3

log() { printf '%s: %s\n' "$NAME" "$*" >&2; }
die() { log "$*"; exit 1; }

# state_dir GIVEN DEFAULT
state_dir() { realpath -m -- "${1:-${TMPDIR:-/tmp}/$2}"; }

# --- packages -------------------------------------------------------------------------------------

# Debian starts a service as soon as it is installed, and that may listen on every interface. A
# policy-rc.d that answers 101 ("action forbidden") is the documented way to prevent that.
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

# Prints the PID of daemon $1 if it runs. A PID that now belongs to another program does not count.
pid_of() {
	local pid
	pid=$(cat "$DIR/run/$1.pid" 2>/dev/null) && [[ -n $pid ]] || return 1
	tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -- "$(marks "$1")" && echo "$pid"
}

port_free() {
	! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
	log "port $1 is taken; to choose others: destroy, then start with $PORT_VARIABLE"
	return 1
}

# spawn DAEMON COMMAND...: in a session of its own, because a daemon may signal its whole process
# group when it ends; without the lock of this script, which must not live on in a daemon (9>&-).
spawn() {
	local name=$1
	shift
	setsid "$@" </dev/null >>"$DIR/log/$name.out" 2>&1 9>&- &
	echo "$!" >"$DIR/run/$name.pid"
}

# await DAEMON READY...: waits until the command READY succeeds.
await() {
	local name=$1 pid deadline=$((SECONDS + 90))
	shift
	pid=$(cat "$DIR/run/$name.pid")
	until "$@" >/dev/null 2>&1; do
		kill -0 "$pid" 2>/dev/null || { log "$name ended while starting"; return 1; }
		((SECONDS < deadline)) || { log "$name is not ready after 90 s"; return 1; }
		sleep 0.1
	done
}

stop_daemon() {
	local pid tries=0
	while pid=$(pid_of "$1"); do
		case $tries in
			0) kill -s "${STOP_SIGNAL:-TERM}" "$pid" ;;
			150) log "$1 ignores SIG${STOP_SIGNAL:-TERM}, killing it"; kill -KILL "$pid" ;;
			200) die "$1 (PID $pid) cannot be stopped" ;;
		esac || true # it may end between the two calls
		tries=$((tries + 1))
		sleep 0.1
	done
	rm -f "$DIR/run/$1.pid"
}

stop_all() {
	local name
	for name in "${DAEMONS[@]}"; do stop_daemon "$name"; done
}

# fail WHAT LOG...: ends the start.
fail() {
	local what=$1 file
	shift
	stop_all
	for file in "$@"; do
		[[ ! -s $file ]] || { log "last lines of $file:"; tail -n 12 "$file" >&2; }
	done
	die "could not start $what; all logs are in $DIR/log"
}

# --- the state directory --------------------------------------------------------------------------

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
	initial_settings >"$DIR/settings"
	load_settings
}

delete_state() {
	(cd "$DIR" && rm -rf -- .lock settings run log "${OWN_STATE[@]}")
	rmdir -- "$DIR" 2>/dev/null || log "kept $DIR: it holds files that are not ours"
}

# --- commands -------------------------------------------------------------------------------------

address() { echo "http://127.0.0.1:$PORT"; }

print_env() {
	cat <<-ENV
		S3_ENDPOINT=$(address)
		S3_REGION=$REGION
		AWS_ACCESS_KEY_ID=$ACCESS_KEY
		AWS_SECRET_ACCESS_KEY=$SECRET_KEY
	ENV
}

start() {
	local missing
	missing=$(missing_packages)
	[[ -z $missing ]] || die "missing: ${missing//$'\n'/ }; run: $0 install"
	prepare_dir
	mkdir -p "$DIR"/{run,log}
	start_daemons
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
	if ready; then
		echo "$SERVES: $(address)"
	else
		echo "$SERVES: no answer"
		result=1
	fi
	echo "disk: $(du -sh "$DIR" | cut -f 1)"
	return $result
}

run_command() {
	case ${1:-} in
		install) install_packages ;;
		start) start ;;
		stop | destroy)
			load_settings || { log "nothing of ours in $DIR"; exit 0; }
			prepare_dir # for its checks and its lock
			stop_all
			if [[ $1 == destroy ]]; then delete_state; fi
			;;
		status | env)
			load_settings || die "nothing of ours in $DIR; run: $0 start"
			if [[ $1 == env ]]; then print_env; else status; fi
			;;
		*)
			echo "usage: $0 {install|start|stop|status|env|destroy} [DIR]" >&2
			exit 2
			;;
	esac
}
