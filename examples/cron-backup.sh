#!/bin/sh
# A nightly backup: one archive a night under a dated key, never two runs at once, silent unless something
# is wrong, so that cron mails exactly then.
#
#     15 3 * * *  BUCKET=my-bucket AWS_PROFILE=backup /opt/backup/cron-backup.sh /srv/data
#
# BUCKET    the bucket (needed)
# PREFIX    first part of the key; default: the name of this machine
# LOCK      file that is locked during a run; default: this script
# ZIPFERRY  the command; default: zipferry
# and AWS_* for the storage and the keys. Give the keys no right to delete, and let a lifecycle rule of the
# bucket remove old archives: an attacker on this machine then cannot delete the backups.
set -u

if [ $# -eq 0 ]; then
	echo "usage: BUCKET=my-bucket $0 <file or directory>..." >&2
	exit 2
fi
: "${BUCKET:?names the bucket to put the backup into}"
prefix=${PREFIX:-$(uname -n)}
lock=${LOCK:-$0}
target=s3://$BUCKET/$prefix/$(date -u +%Y-%m-%dT%H%M%SZ).zip

# Held until this shell ends, however that comes about; zipferry inherits it. 8 is the exit code of zipferry's
# own lock as well.
[ -e "$lock" ] || true >"$lock" || exit 8
exec 9<"$lock" || exit 8
if ! flock -n 9; then
	echo "the backup before is still running ($lock)" >&2
	exit 8
fi

# Unquoted on purpose: ZIPFERRY may be a command with arguments, such as "npx zipferry".
${ZIPFERRY:-zipferry} upload --quiet --skip-errors --exclude '*.tmp' "$@" "$target"
status=$?

case $status in
0) ;;
3) echo "$target is complete but for the files named above" >&2 ;;
4) echo "nothing was backed up: a source is missing, empty or unreadable" >&2 ;;
5 | 6) echo "nothing was backed up: the storage; tomorrow's run may do better" >&2 ;;
129 | 130 | 143) echo "the backup was stopped; nothing is left behind" >&2 ;;
*) echo "the backup to $target failed (exit code $status)" >&2 ;;
esac
exit $status
