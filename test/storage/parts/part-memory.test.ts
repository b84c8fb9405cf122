import { describe, expect, it } from "vitest";
import { providerByName } from "../../../src/s3/providers.ts";
import { checkPartMemory, partMemory, usualConcurrency } from "../../../src/storage/parts/part-memory.ts";
import { planPartSize } from "../../../src/storage/parts/part-size.ts";

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

describe("partMemory", () => {
	it("is one part more than there are under way, each of them twice where they are held so", () => {
		expect(partMemory({ partSize: MiB }, { concurrency: 4, holdsTwice: false })).toBe(5 * MiB);
		expect(partMemory({ partSize: MiB }, { concurrency: 4, holdsTwice: true })).toBe(10 * MiB);
	});
});

describe("usualConcurrency", () => {
	it("is 8 with parts of up to 8 MiB, and half of it with larger ones", () => {
		expect([5, 8, 9, 16].map((size) => usualConcurrency(size * MiB))).toEqual([8, 8, 4, 4]);
	});

	it("keeps parts that nobody has chosen within 80 MiB, however many connections they use", () => {
		for (const sizeBound of [0, GiB, 77 * GiB, undefined]) {
			const { partSize } = planPartSize(sizeBound, {}, providerByName("generic"));
			const memory = partMemory({ partSize }, { concurrency: usualConcurrency(partSize), holdsTwice: false });
			expect(memory).toBeLessThanOrEqual(80 * MiB);
		}
	});
});

describe("checkPartMemory", () => {
	const holder = { concurrency: 4, holdsTwice: false };
	const check = (partSize: number, maxPartCount: number | undefined, available: number) => () =>
		checkPartMemory({ partSize, maxPartCount }, holder, available);

	it("refuses parts that take more memory than there is, and says how much", () => {
		expect(check(GiB, undefined, 5 * GiB - 1)).toThrow(
			/^parts of 1 GiB with concurrency 4 take 5 GiB of memory, but only 5 GiB are available; lower one of the two$/,
		);
		expect(check(GiB, undefined, 5 * GiB)).not.toThrow();
	});

	it("counts no more parts than there will be", () => {
		expect(check(GiB, 2, 2 * GiB)).not.toThrow();
		expect(check(GiB, 3, 2 * GiB)).toThrow(/take 3 GiB of memory/);
		expect(check(GiB, 1, GiB)).not.toThrow();
	});

	it("knows how much memory there is here", () => {
		expect(() => checkPartMemory({ partSize: 2 ** 50, maxPartCount: undefined }, holder)).toThrow(/memory/);
		expect(() => checkPartMemory({ partSize: 16 * MiB, maxPartCount: undefined }, holder)).not.toThrow();
	});
});
