import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { type Check, pass } from "./finding.ts";

const PROBES = 7;

/** On a connection that is open, so without the time to make one. */
export const latencyCheck: Check = {
	name: "latency",
	async run({ trial, bucket }) {
		const times: number[] = [];
		for (let probe = 0; probe < PROBES; probe++) {
			const startedAt = performance.now();
			await trial.refusal(trial.try(new HeadBucketCommand({ Bucket: bucket })));
			times.push(performance.now() - startedAt);
		}
		times.sort((left, right) => left - right);
		const median = Math.round((times[Math.floor(PROBES / 2)] ?? 0) * 10) / 10;
		return pass(`${median} ms, median of ${PROBES}`, { medianMs: median });
	},
};
