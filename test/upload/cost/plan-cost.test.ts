import { describe, expect, it } from "vitest";
import { earlyDeletionFee, planCost } from "../../../src/upload/cost/plan-cost.ts";
import {
	type ClassPrices,
	PRICE_LIST,
	type PriceList,
	pricesOf,
} from "../../../src/upload/cost/price-list.ts";
import { planTraffic, type UploadFacts } from "../../../src/upload/cost/upload-requests.ts";

const GIB = 1024 ** 3;

const FACTS: UploadFacts = {
	size: 5 * GIB,
	entryCount: 20_000,
	partCount: 100,
	copiedSize: 4 * GIB,
	copiedPartCount: 60,
	copiedEntryCount: 16_000,
	baseDirectorySize: 2e6,
	directorySize: 2e6,
	objectCount: 0,
	objectSize: 0,
	noClobber: false,
	resume: false,
	verify: undefined,
	verifySample: 0.01,
};

const CLASS: ClassPrices = {
	...{ writePer1000: 5, readPer1000: 1, listPer1000: 3 },
	...{ gbMonth: 0.1, retrievalGb: 0.5, leastDays: 30, leastSize: 0 },
};

const listOf = (own: Partial<ClassPrices>, more: object = {}): PriceList => ({
	date: "2026-01-01",
	providers: [
		{
			...{ provider: "aws", title: "A", currency: "USD", gbSize: GIB, transferGb: 1, leastMonth: 0 },
			...{ source: "https://a.example/", classes: { STANDARD: { ...CLASS, ...own } } },
			...more,
		},
	],
});

const priced = (list: PriceList, facts: UploadFacts = FACTS) =>
	planCost(facts, { provider: "aws" }, list).here;

describe("planCost", () => {
	it("adds up requests by their kinds, and what is read", () => {
		const { requests, readSize, copiedSize } = planTraffic(FACTS);
		expect(requests).toMatchObject({ CreateMultipartUpload: 1, UploadPart: 40, UploadPartCopy: 60 });
		const reads = requests.HeadBucket + requests.HeadObject + requests.GetObject;
		const here = priced(listOf({}));
		expect(here?.requests).toBeCloseTo((102 * 5 + reads * 1 + 1 * 3) / 1000, 10);
		expect(here?.retrieval).toBeCloseTo(((copiedSize + readSize) / GIB) * 0.5, 10);
		expect(here?.transfer).toBeCloseTo(readSize / GIB, 10);
		expect(here?.once).toBeCloseTo(
			[here?.requests, here?.retrieval, here?.transfer].reduce<number>(
				(sum, price) => sum + Number(price),
				0,
			),
			10,
		);
		expect(here).toMatchObject({ month: 0.5, leastDays: 30, leastKept: 0.5 });
	});

	it("prices parts and copies apart where they have prices of their own", () => {
		const usual = Number(priced(listOf({}))?.requests);
		expect(usual - Number(priced(listOf({ copyPer1000: 0 }))?.requests)).toBeCloseTo(0.3, 10);
		// Create, 40 parts and 60 copies are less, Complete is not.
		expect(usual - Number(priced(listOf({ partPer1000: 1 }))?.requests)).toBeCloseTo(0.404, 10);
	});

	it("says that it does not know, and never takes unknown for nothing", () => {
		expect(priced(listOf({ retrievalGb: "unknown" }))).toMatchObject({
			retrieval: "unknown",
			once: "unknown",
		});
		expect(priced(listOf({ gbMonth: "unknown" }))).toMatchObject({ month: "unknown", leastKept: "unknown" });
		// Nothing is read: whatever it costs, it costs nothing.
		const plain = {
			...FACTS,
			copiedSize: 0,
			copiedPartCount: 0,
			copiedEntryCount: 0,
			baseDirectorySize: undefined,
		};
		expect(priced(listOf({ retrievalGb: "unknown" }), plain)).toMatchObject({ retrieval: 0 });
		expect(priced(listOf({ gbMonth: "unknown", leastDays: 0 }))).toMatchObject({ leastKept: 0 });
	});

	it("bills the smallest size that a class has", () => {
		expect(priced(listOf({ leastSize: GIB }), { ...FACTS, size: 1 })?.month).toBe(0.1);
	});

	it("prices a class only where it is known, and other providers beside", () => {
		const usual = planCost(FACTS, { provider: "aws" });
		expect(usual.pricesOf).toBe(PRICE_LIST.date);
		expect(usual.here).toMatchObject({ provider: "aws", storageClass: "STANDARD", currency: "USD" });
		expect(usual.elsewhere.map(({ provider }) => provider)).toEqual(
			PRICE_LIST.providers.map(({ provider }) => provider).filter((provider) => provider !== "aws"),
		);
		const own = planCost(FACTS, { provider: "minio", storageClass: "DEEP_ARCHIVE" });
		expect(own.here).toBeUndefined();
		expect(own.elsewhere.map(({ provider }) => provider)).toEqual(["aws"]);
		expect(planCost(FACTS, { provider: "aws", storageClass: "OTHER" })).toMatchObject({ here: undefined });
	});
});

describe("earlyDeletionFee", () => {
	const prices = pricesOf("aws", listOf({ leastDays: 90 }));
	const own = prices?.classes["STANDARD"];
	if (prices === undefined || own === undefined) throw new Error("there are prices");

	it("is the rest of the least time", () => {
		expect(earlyDeletionFee(10 * GIB, 0, prices, own)).toBeCloseTo(3, 10);
		expect(earlyDeletionFee(10 * GIB, 60, prices, own)).toBeCloseTo(1, 10);
		expect(earlyDeletionFee(10 * GIB, 90, prices, own)).toBe(0);
		expect(earlyDeletionFee(10 * GIB, 400, prices, own)).toBe(0);
	});
});

describe("the list of prices", () => {
	it("has a date, a page of each provider, and no price below 0", () => {
		expect(PRICE_LIST.date).toMatch(/^\d{4}-\d\d-\d\d$/);
		for (const { source, seenIn, classes, transferGb, leastMonth, title } of PRICE_LIST.providers) {
			for (const page of [source, seenIn ?? source]) expect(page, title).toMatch(/^https:\/\//);
			expect(Object.keys(classes)).toContain("STANDARD");
			const prices = [transferGb, leastMonth, ...Object.values(classes).flatMap(Object.values)];
			for (const price of prices)
				expect(price === "unknown" || (typeof price === "number" && price >= 0), title).toBe(true);
		}
	});

	it("has each provider once", () => {
		const names = PRICE_LIST.providers.map(({ provider }) => provider);
		expect(new Set(names).size).toBe(names.length);
	});
});
