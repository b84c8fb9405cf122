#!/bin/sh
# One archive by several processes, without a queue: plan, make the shards, finish. If anything fails, nothing is left behind.
#
#   WORKERS=4 ./by-hand.sh s3://my-bucket/photos/ s3://my-bucket/photos.zip
#
# The same with more machines: copy plan.json to them, and give each of them some of the indexes.
set -eu
ZIPFERRY=${ZIPFERRY:-zipferry}
WORKERS=${WORKERS:-4}
folder=$(mktemp -d)
plan=$folder/plan.json
trap 'rm -rf "$folder"' EXIT

give_up() {
	echo "the archive cannot be made; its parts are being removed" >&2
	$ZIPFERRY shards abort "$plan"
	exit 1
}

$ZIPFERRY shards plan "$@" --workers "$WORKERS" --plan "$plan"
trap 'give_up' INT TERM
shards=$(sed -n 's/.*"shardCount": *\([0-9]*\).*/\1/p' "$plan")
# A shard that fails is tried twice more; what it has sent by then is recognised.
seq 0 $((shards - 1)) | xargs -P "$WORKERS" -I {} sh -c "
	for attempt in 1 2 3; do
		$ZIPFERRY shards work '$plan' --index {} --quiet && exit 0
	done
	exit 1
" || give_up
$ZIPFERRY shards finish "$plan" || give_up
