/**
 * A worker within a program of your own, which takes shards until it is told to stop:
 *
 *   npx tsx examples/workers/worker.ts
 *
 * On SIGTERM and Ctrl-C it gives the shard back that it is making, for another worker, and ends.
 *
 * REDIS_URL says where the queue is (redis://127.0.0.1:6379); endpoint, region and keys come from AWS_* variables. They never go through
 * the queue.
 */
import { createZipWorker } from "zipferry/bullmq";

const worker = await createZipWorker(process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379", {
	onEvent: (event) => console.log(JSON.stringify(event)),
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void worker.close());
console.log("ready");
await worker.closed;
