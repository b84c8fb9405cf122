/**
 * A worker in a process of its own, whose shards are in no storage. Of each shard that it begins it says so on stdout; the first argument is
 * the URL of the queue, the second one milliseconds that a shard takes.
 */
import { setTimeout as delay } from "node:timers/promises";
import { resolveOptions } from "../../src/options/resolve-options.ts";
import { ZIP_WORKER_SCHEMA } from "../../src/queue/worker/options.ts";
import { startZipWorker } from "../../src/queue/worker/zip-worker.ts";
import { fakeShards } from "./fake-steps.ts";

const [, , url = "", ms = "0"] = process.argv;
const steps = fakeShards(1);
const settings = resolveOptions(ZIP_WORKER_SCHEMA, {
	onEvent(event) {
		if ("index" in event) console.log(`${event.type} ${event.index}`);
	},
});
const worker = await startZipWorker(url, settings, {
	...steps,
	async make(plan, index, options) {
		await delay(Number(ms), undefined, { signal: options.signal });
		return steps.make(plan, index, options);
	},
});
process.once("SIGTERM", () => void worker.close());
console.log("ready");
await worker.closed;
