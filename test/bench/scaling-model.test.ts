import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

interface Shape {
	readonly entryCount: number;
	readonly sourceSize: number;
	readonly archiveSize: number;
	readonly directorySize: number;
	readonly shardCount: number;
	readonly partCount: number;
	readonly pageCount: number;
	readonly pagesPerShard: number;
}

interface Rates {
	readonly startSeconds: number;
	readonly listSeconds: number;
	readonly shardSeconds: number;
	readonly entrySeconds: number;
	readonly byteSeconds: number;
	readonly finishSeconds: number;
	readonly directorySeconds: number;
}

interface Model {
	timeOf(shape: Shape, rates: Rates, workers: number): Readonly<Record<"plan" | "work" | "total", number>>;
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
	fitWork(runs: readonly { shape: Shape; seconds: number }[]): Partial<Rates>;
}

const BENCH = new URL("../../bench/workers/", import.meta.url);
const { timeOf, requestsOf, costOf, fitWork }: Model = await import(new URL("model.mjs", BENCH).href);

const SHAPE: Shape = {
	entryCount: 1_000_000,
	sourceSize: 100e9,
	archiveSize: 100e9,
	directorySize: 100e6,
	shardCount: 16,
	partCount: 9_000,
	pageCount: 20,
	pagesPerShard: 2,
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

	it("reads no source over the network that is on a disk", () => {
		const [bucket, disk] = [true, false].map((fromBucket) => requestsOf(SHAPE, { fromBucket }));
		expect((bucket?.read ?? 0) - (disk?.read ?? 0)).toBe(SHAPE.entryCount);
		expect((bucket?.list ?? 0) - (disk?.list ?? 0)).toBe(1_000);
		expect(bucket?.write).toBe(disk?.write);
	});

	it("finds the rates again that runs were made by", () => {
		const shapes = [
			SHAPE,
			{ ...SHAPE, shardCount: 64 },
			{ ...SHAPE, entryCount: 1_000, sourceSize: 7e9, shardCount: 3 },
		];
		const fitted = fitWork(shapes.map((shape) => ({ shape, seconds: timeOf(shape, RATES, 1).work })));
		expect(fitted.shardSeconds).toBeCloseTo(RATES.shardSeconds, 6);
		expect(fitted.entrySeconds).toBeCloseTo(RATES.entrySeconds, 9);
		expect(fitted.byteSeconds).toBeCloseTo(RATES.byteSeconds, 12);
	});

	it("takes prices from one file, which says where they are from", async () => {
		const prices: unknown = JSON.parse(await readFile(new URL("prices.json", BENCH), "utf8"));
		expect(prices).toMatchObject({ date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), currency: "USD" });
		const { storage, compute } = prices as Record<"storage" | "compute", Record<string, { source: string }>>;
		for (const { source } of [...Object.values(storage), ...Object.values(compute)])
			expect(source).toMatch(/^https:/);
		const seconds = 3_600;
		const cost = costOf(SHAPE, { list: 0, write: 1_000, read: 1_000_000 }, seconds, {
			...{ storage: storage["aws"] ?? {}, compute: compute["fargate"] ?? {} },
			...{ workers: 10, vcpus: 1, gib: 2 },
		});
		expect(cost.requests).toBeCloseTo(0.005 + 0.4);
		expect(cost.compute).toBeCloseTo(10 * (0.04048 + 2 * 0.004445));
		expect(cost.month).toBeCloseTo(2.3);
	});
});
