import { table } from "../option.ts";
import { BASE_OPTIONS } from "./base-options.ts";

const needs = { option: "rolling" } as const;

/** Whether a backup is made of the one before, and how that is decided and checked. */
export const ROLLING_OPTIONS = table({
	rolling: {
		group: "Base",
		kind: "flag",
		describe:
			"Have the storage copy what has not changed since the newest archive that was verified, and send only the rest",
	},
	"full-every": {
		group: "Base",
		kind: "text",
		value: "SPAN",
		needs,
		describe:
			"Make all anew from the sources when the last archive that was made so is this old, such as 30d (m is months)",
	},
	"base-check": { ...BASE_OPTIONS["base-check"], needs },
	"ignore-ctime": { ...BASE_OPTIONS["ignore-ctime"], needs },
	"join-runs": { ...BASE_OPTIONS["join-runs"], needs },
	"verify-sample": { ...BASE_OPTIONS["verify-sample"], needs },
});
