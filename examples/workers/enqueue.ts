/**
 * Puts an archive into a queue, and waits for it:
 *
 *   npx tsx examples/workers/enqueue.ts s3://my-bucket/photos/ photos.zip
 *
 * Without anybody who waits, the archive is made just the same: a web server would answer with `id`, and ask `zipStatus()` later.
 *
 * REDIS_URL says where the queue is (redis://127.0.0.1:6379), BUCKET where the archive goes (demo); endpoint, region and keys come from
 * AWS_* variables, PROVIDER from no variable of AWS: what storage it is, unless the endpoint tells.
 */
import { Queue } from "bullmq";
import type { ProviderName } from "zipferry";
import { enqueueZip } from "zipferry/bullmq";

const [source = "s3://demo/photos/", key = "photos.zip"] = process.argv.slice(2);
const bucket = process.env["BUCKET"] ?? "demo";
const queue = new Queue("zipferry", {
	connection: {
		url: process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379",
		maxRetriesPerRequest: null, // BullMQ wants that of whoever waits for something
	},
});

try {
	const { id, plan, wait } = await enqueueZip(queue, source, {
		bucket,
		key,
		provider: process.env["PROVIDER"] as ProviderName | undefined,
		workers: 3,
	});
	console.error(`${id}: ${plan.entryCount} entries in ${plan.shardCount} shards`);
	const { size } = await wait();
	console.log(`s3://${bucket}/${key}: ${size} bytes`);
} finally {
	await queue.close();
}
