import { table } from "../option.ts";

const needs = { option: "lock" } as const;

/** Retention by the storage: nobody can delete an archive before the keep options drop it. */
export const LOCK_OPTIONS = table({
	lock: {
		group: "Retention",
		kind: "choice",
		choices: ["governance", "compliance"],
		describe:
			"Lock each archive (S3 Object Lock) until the day on which no keep option keeps it any more: in governance mode those with a special permission can lift it, in compliance mode nobody can",
	},
	"lock-interval": {
		group: "Retention",
		kind: "duration",
		needs,
		describe: "Time between two runs, such as 24h, from which --lock tells when an archive is dropped",
	},
	"lock-max": {
		group: "Retention",
		kind: "text",
		value: "SPAN",
		needs,
		describe:
			"Lock at most this far ahead, such as 1y; an archive that is kept for longer is locked again by later runs",
	},
});
