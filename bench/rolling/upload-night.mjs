/** Uploads one archive as a process of its own, and prints a line of JSON: what came of it, and what it took. */
import { parseArgs } from "node:util";
import { uploadZip } from "../../dist/index.js";

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		bucket: { type: "string" },
		key: { type: "string" },
		base: { type: "string" },
		"join-runs": { type: "boolean", default: false },
	},
});
const [tree] = positionals;
const { bucket, key, base } = values;
const reasons = {};
let note;
const started = performance.now();
const result = await uploadZip(tree, {
	bucket,
	key,
	hash: "none",
	provider: process.env.ZIPFERRY_PROVIDER,
	...(base === undefined ? {} : { base, joinRuns: values["join-runs"] }),
	onEvent(event) {
		if (event.type === "not-copied") reasons[event.reason] = (reasons[event.reason] ?? 0) + 1;
		if (event.type === "warning" && event.code === "BASE_NOT_USED") note = event.message;
	},
});
const wallMs = performance.now() - started;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const { size, entryCount, copiedEntryCount, copiedSize, partCount } = result;
console.log(
	JSON.stringify({
		...{ size, entryCount, copiedEntryCount, copiedSize, partCount, reasons, note, wallMs },
		cpuMs: (userCPUTime + systemCPUTime) / 1000,
		peakMib: maxRSS / 1024,
	}),
);
