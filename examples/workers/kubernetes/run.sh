#!/bin/sh
# One archive by an Indexed Job: plan, work, finish; if a shard fails for good, abort, which leaves nothing behind.
#
#   kubectl create secret generic zipferry --from-env-file=../env
#   ./run.sh
set -eu
cd "$(dirname "$0")"
plan=$(mktemp -d)
trap 'rm -rf "$plan"' EXIT

ended() { # NAME: waits for a job, and tells how it has ended
	while :; do
		case " $(kubectl get job "$1" -o 'jsonpath={.status.conditions[?(@.status=="True")].type}') " in
		*" Complete "*) return 0 ;;
		*" Failed "*) return 1 ;;
		esac
		sleep "${INTERVAL:-5}"
	done
}

remove() {
	kubectl delete --ignore-not-found job/zipferry-plan job/zipferry-work job/zipferry-finish job/zipferry-abort \
		configmap/zipferry-plan
}

remove
kubectl apply -f plan-job.yaml
if ! ended zipferry-plan; then
	kubectl logs job/zipferry-plan >&2
	exit 1
fi
kubectl logs job/zipferry-plan >"$plan/plan.json"
kubectl create configmap zipferry-plan --from-file="$plan/plan.json"
shards=$(sed -n 's/.*"shardCount":\([0-9]*\).*/\1/p' "$plan/plan.json")

sed "s/completions: 1/completions: $shards/" work-job.yaml | kubectl apply -f -
if ended zipferry-work; then
	kubectl apply -f finish-job.yaml
	if ended zipferry-finish; then
		kubectl logs job/zipferry-finish
		remove
		exit 0
	fi
fi
echo "the archive cannot be made; its parts are being removed" >&2
sed 's/finish/abort/' finish-job.yaml | kubectl apply -f -
ended zipferry-abort
exit 1
