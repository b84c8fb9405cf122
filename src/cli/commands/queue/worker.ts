import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { OUTPUT_OPTIONS } from "../../options/output-options.ts";
import { WORKER_OPTIONS } from "../../options/queue/queue-options.ts";
import { SHARD_SOURCE_OPTIONS } from "../../options/shards/shards-options.ts";
import { defineCommand } from "../command.ts";

export const worker = defineCommand({
	name: "worker",
	group: "workers",
	summary: "Make shards of the archives in a queue",
	description:
		"Takes shards from a queue on Redis or Valkey (BullMQ: npm install bullmq ioredis), makes them, and finishes archives whose shards are made. Any number of workers may run, on any machines that reach the queue, the sources and the storage. SIGTERM and SIGINT give the shards under way back at once; those of a worker that is killed are taken over within 30 seconds. Its log is lines of text on a terminal, and of JSON elsewhere. Whoever can write to the queue decides what a worker reads and writes.",
	operands: {},
	options: {
		...WORKER_OPTIONS,
		...SHARD_SOURCE_OPTIONS,
		...CONNECT_OPTIONS,
		json: { ...OUTPUT_OPTIONS.json, describe: "Write the log as lines of JSON to stdout" },
		quiet: { ...OUTPUT_OPTIONS.quiet, describe: "Tell only what goes wrong" },
		debug: OUTPUT_OPTIONS.debug,
	},
	common: ["redis", "concurrency", "metrics", "endpoint-url", "profile", "json"],
	examples: [
		["zipferry worker --redis redis://127.0.0.1:6379", "one shard at a time"],
		["zipferry worker --redis rediss://queue.example.com:6380 --concurrency 4", "four, over TLS"],
		["zipferry worker --redis redis://127.0.0.1 --metrics 9464 --json", "as a service"],
	],
	success: "stopped by SIGTERM or SIGINT; its shards are back in the queue",
	endsOnSignal: true,
	exitCodes: [
		["storage", "the queue refused, or its server would lose jobs"],
		["network", "the queue cannot be reached, or was lost for ten minutes"],
	],
	run: async (given, io) => (await import("./run-worker.ts")).runWorker(given, io),
});
