import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finishShardsWith } from "../../src/shards/finish/finish-shards.ts";
import { planShards } from "../../src/shards/plan/plan-shards.ts";
import { makeShard } from "../../src/shards/work/make-shard.ts";
import { noise } from "../support/bytes.ts";
import { DemoServer } from "../support/demo-server.ts";

interface Requests {
	readonly list: number;
	readonly write: number;
	readonly read: number;
}

interface Model {
	requestsOf(shape: object, from: { fromBucket: boolean }): Requests;
}

const { requestsOf }: Model = await import(new URL("../../bench/workers/model.mjs", import.meta.url).href);

const OBJECTS = 400;
const SIZE = 48 * 1024;
/** Of each kind, besides what an archive is about: looks at the bucket, at the object, at what others have left. */
const FIXED = 4;

describe("the requests of the model", { tags: "slow", timeout: 240_000 }, () => {
	let server: DemoServer;
	beforeAll(async () => {
		server = await DemoServer.start();
		for (let index = 0; index < OBJECTS; index++)
			await server.put(`photos/${String(index).padStart(5, "0")}.bin`, noise(SIZE, index));
	});
	afterAll(() => server?.close());

	it("are those that an archive makes, but for a few of each process", async () => {
		const { endpoint, region, accessKeyId, secretAccessKey } = server.s3;
		const credentials = { accessKeyId, secretAccessKey };
		const storage = { endpoint, region, credentials, provider: "aws" } as const;
		const before = server.s3.requests.length;
		const plan = await planShards("s3://demo/photos/", {
			...storage,
			...{ bucket: "demo", key: "photos.zip", maxBytes: 6 * 1024 ** 2, method: "store" },
		});
		expect(plan.shardCount).toBeGreaterThan(2);
		let partCount = 1; // of the central directory
		for (let index = 0; index < plan.shardCount; index++)
			partCount += (await makeShard(plan, index, storage)).partCount;
		await finishShardsWith(plan, storage, (index) => makeShard(plan, index, storage));
		const counts: Record<keyof Requests, number> = { list: 0, write: 0, read: 0 };
		for (const { operation } of server.s3.requests.slice(before)) {
			if (operation.startsWith("List")) counts.list += 1;
			else if (operation.startsWith("Get") || operation.startsWith("Head")) counts.read += 1;
			else if (!operation.startsWith("Delete")) counts.write += 1;
		}
		const shape = {
			...{ entryCount: plan.entryCount, shardCount: plan.shardCount, partCount },
			...{ pageCount: 1, pagesPerShard: 1 },
		};
		const predicted = requestsOf(shape, { fromBucket: true });
		for (const kind of ["list", "write", "read"] as const)
			expect(Math.abs(counts[kind] - predicted[kind]), kind).toBeLessThanOrEqual(FIXED);
	});
});
