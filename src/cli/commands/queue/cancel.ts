import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { QUEUE_OPTIONS } from "../../options/queue/queue-options.ts";
import { defineCommand } from "../command.ts";

export const cancel = defineCommand({
	name: "cancel",
	group: "workers",
	summary: "End an archive in a queue, and remove what is there of it",
	description:
		"Workers leave the archive within seconds; then its upload is aborted, and the objects beside it and its jobs are removed. An archive that is complete stays.",
	operands: { id: { shown: "<id>" } },
	options: { ...QUEUE_OPTIONS, ...CONNECT_OPTIONS, ...OUTPUT_OPTIONS },
	common: ["redis", "endpoint-url", "profile", "json"],
	examples: [
		[
			"zipferry cancel --redis redis://127.0.0.1:6379 0f3c6f6d9b1e4a0c8d2b7a5e4c3f2a1b",
			"an id, as zipferry submit has printed it",
		],
	],
	success: "nothing of it is left, or it was complete",
	exitCodes: [
		["storage", "the storage or the queue refused, or the queue has no archive of that id"],
		["network", "the storage or the queue cannot be reached"],
	],
	run: async (given, io) => (await import("./run-cancel.ts")).runCancel(given, io),
});
