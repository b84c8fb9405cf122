import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { pricesOf } from "../../src/upload/cost/price-list.ts";

interface Shape {
	readonly entryCount: number;
	readonly sourceSize: number;
	readonly archiveSize: number;
	readonly directorySize: number;
	readonly shardCount: number;
	readonly partCount: number;
	readonly pageCount: number;
	readonly pagesPerShard: number;
	readonly partSize: number;
}

interface Rates {
	readonly startSeconds: number;
	readonly listSeconds: number;
	readonly shardSeconds: number;
	readonly entrySeconds: number;
	readonly byteSeconds: number;
	readonly finishSeconds: number;
	readonly directorySeconds: number;
	readonly readsPerSecond?: number;
}

interface Line {
	readonly listSeconds: number;
	readonly roundTripSeconds: number;
	readonly readAhead: number;
	readonly bytesPerSecond: number;
	readonly readsPerSecond: number;
}

interface Model {
	timeOf(shape: Shape, rates: Rates, workers: number): Readonly<Record<"plan" | "work" | "total", number>>;
	ratesOver(line: Line, rates: Rates): Rates;
	memoryOf(shape: Pick<Shape, "partSize">): number;
	requestsOf(
		shape: Shape,
		from: { fromBucket: boolean },
	): Readonly<Record<"list" | "write" | "read", number>>;
	costOf(
		shape: Shape,
		requests: Readonly<Record<"list" | "write" | "read", number>>,
		seconds: number,
		by: { storage: object; compute: object; workers: number; vcpus: number; gib: number },
	): Readonly<Record<"requests" | "compute" | "month", number>>;
	fitShards(
		shards: readonly { entryCount: number; sourceSize: number; seconds: number }[],
	): Pick<Rates, "shardSeconds" | "entrySeconds" | "byteSeconds">;
}

const BENCH = new URL("../../bench/workers/", import.meta.url);
const { timeOf, ratesOver, memoryOf, requestsOf, costOf, fitShards }: Model = await import(
	new URL("model.mjs", BENCH).href
);

const SHAPE: Shape = {
	entryCount: 1_000_000,
	sourceSize: 100e9,
	archiveSize: 100e9,
	directorySize: 100e6,
	shardCount: 16,
	partCount: 9_000,
	pageCount: 20,
	pagesPerShard: 2,
	partSize: 10 * 1024 ** 2,
};
const RATES: Rates = {
	startSeconds: 1,
	listSeconds: 1e-4,
	shardSeconds: 0.2,
	entrySeconds: 1e-4,
	byteSeconds: 1e-8,
	finishSeconds: 0.01,
	directorySeconds: 1e-8,
};

describe("the model of an archive by many workers", () => {
	it("divides the making of shards among workers, and nothing else", () => {
		const [one, four] = [timeOf(SHAPE, RATES, 1), timeOf(SHAPE, RATES, 4)];
		expect(one.work).toBeCloseTo(4 * four.work);
		expect(one.plan).toBe(four.plan);
	});

	it("gains nothing by more workers than shards, and little by workers that the shards do not share evenly", () => {
		expect(timeOf(SHAPE, RATES, 1_000).total).toBe(timeOf(SHAPE, RATES, 16).total);
		expect(timeOf(SHAPE, RATES, 15).total).toBe(timeOf(SHAPE, RATES, 8).total);
	});

	it("is as slow as the slower of processor and line, and no faster than the storage answers", () => {
		const line = { listSeconds: 0.5, roundTripSeconds: 0.048, readAhead: 48, bytesPerSecond: 50e6 };
		const far = ratesOver({ ...line, readsPerSecond: 5_500 }, RATES);
		expect(far).toMatchObject({
			listSeconds: 5e-4,
			entrySeconds: 1e-3,
			byteSeconds: 2e-8,
			shardSeconds: 0.2,
		});
		const near = { listSeconds: 0.01, roundTripSeconds: 1e-6, readAhead: 48, bytesPerSecond: 1e12 };
		expect(ratesOver({ ...near, readsPerSecond: 1e6 }, RATES)).toMatchObject(RATES);
		expect(timeOf({ ...SHAPE, sourceSize: 1e9 }, far, 16).work).toBeCloseTo(SHAPE.entryCount / 5_500);
	});

	it("needs memory for the parts that are sent at once, fewer of which are large", () => {
		const [small, large] = [8, 1024].map((mib) => memoryOf({ partSize: mib * 1024 ** 2 }));
		expect(small).toBeCloseTo(180 / 1024);
		expect(large).toBeCloseTo(6.1, 1);
	});

	it("reads no source over the network that is on a disk", () => {
		const [bucket, disk] = [true, false].map((fromBucket) => requestsOf(SHAPE, { fromBucket }));
		expect((bucket?.read ?? 0) - (disk?.read ?? 0)).toBe(SHAPE.entryCount);
		expect((bucket?.list ?? 0) - (disk?.list ?? 0)).toBe(1_000);
		expect(bucket?.write).toBe(disk?.write);
	});

	it("finds the rates again that shards were made by", () => {
		const shards = [
			{ entryCount: 1, sourceSize: 50e6 },
			{ entryCount: 5_000, sourceSize: 10e6 },
			{ entryCount: 300, sourceSize: 90e6 },
			{ entryCount: 20_000, sourceSize: 20e6 },
		].map((shard) => ({
			...shard,
			seconds: timeOf({ ...SHAPE, ...shard, shardCount: 1 }, RATES, 1).work,
		}));
		const fitted = fitShards(shards);
		expect(fitted.shardSeconds).toBeCloseTo(RATES.shardSeconds, 6);
		expect(fitted.entrySeconds).toBeCloseTo(RATES.entrySeconds, 9);
		expect(fitted.byteSeconds).toBeCloseTo(RATES.byteSeconds, 12);
	});

	it("takes prices from the lists, which say where they are from", async () => {
		const prices: unknown = JSON.parse(await readFile(new URL("prices.json", BENCH), "utf8"));
		expect(prices).toMatchObject({ date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), currency: "USD" });
		const { compute } = prices as Record<"compute", Record<string, { source: string }>>;
		for (const { source } of Object.values(compute)) expect(source).toMatch(/^https:/);
		const provider = pricesOf("aws");
		const storage = { ...provider?.classes["STANDARD"], gbSize: provider?.gbSize };
		const seconds = 3_600;
		const cost = costOf(SHAPE, { list: 0, write: 1_000, read: 1_000_000 }, seconds, {
			...{ storage, compute: compute["fargate"] ?? {} },
			...{ workers: 10, vcpus: 1, gib: 2 },
		});
		expect(cost.requests).toBeCloseTo(0.005 + 0.4);
		expect(cost.compute).toBeCloseTo(10 * (0.04048 + 2 * 0.004445));
		expect(cost.month).toBeCloseTo((2.3 * 1e9) / 1024 ** 3);
	});
});
