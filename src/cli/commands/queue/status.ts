import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { QUEUE_OPTIONS } from "../../options/queue/queue-options.ts";
import { defineCommand } from "../command.ts";

export const status = defineCommand({
	name: "status",
	group: "workers",
	summary: "Show how far an archive in a queue is",
	description:
		"Shows what the queue knows of an archive that zipferry submit has put into it, for a week after its end. zipferry shards status asks the storage instead.",
	operands: { id: { shown: "<id>" } },
	options: { ...QUEUE_OPTIONS, ...OUTPUT_OPTIONS },
	examples: [
		[
			"zipferry status --redis redis://127.0.0.1:6379 0f3c6f6d9b1e4a0c8d2b7a5e4c3f2a1b",
			"an id, as zipferry submit has printed it",
		],
	],
	success: "shown, whatever the state is",
	exitCodes: [
		["storage", "the queue refused, or has no archive of that id"],
		["network", "the queue cannot be reached"],
	],
	run: async (given, io) => (await import("./run-status.ts")).runStatus(given, io),
});
