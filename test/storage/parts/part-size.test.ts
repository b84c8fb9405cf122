import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArchiveTooLargeError, InvalidOptionError } from "../../../src/errors.ts";
import { PROVIDER_NAMES, type ProviderName, providerByName } from "../../../src/s3/providers.ts";
import {
	BASE_PART_SIZE,
	LARGE_PART_SIZE,
	type PartWishes,
	planPartSize,
	warnOfUnknownSize,
} from "../../../src/storage/parts/part-size.ts";

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const TiB = 1024 ** 4;
const generic = providerByName("generic");

describe("planPartSize", () => {
	it("uses 8 MiB for what fits into 9,900 parts of them, and larger ones above", () => {
		expect(planPartSize(0, {}, generic)).toMatchObject({ partSize: BASE_PART_SIZE, maxPartCount: 1 });
		expect(planPartSize(GiB - 1, {}, generic)).toMatchObject({ partSize: 8 * MiB, maxPartCount: 128 });
		expect(planPartSize(9_900 * 8 * MiB, {}, generic)).toMatchObject({
			partSize: 8 * MiB,
			maxPartCount: 9_900,
		});
		expect(planPartSize(9_900 * 8 * MiB + 1, {}, generic).partSize).toBe(9 * MiB);
	});

	it("uses 16 MiB for streams of unknown size where parts have to be equal, and says how much they hold", () => {
		const plan = planPartSize(undefined, {}, generic);
		expect(plan).toMatchObject({
			partSize: LARGE_PART_SIZE,
			grows: false,
			capacity: 10_000 * 16 * MiB,
		});
		expect(plan.maxPartCount).toBeUndefined();
		expect(plan.partSizeOf(10_000)).toBe(16 * MiB);
	});

	it("doubles parts of 16 MiB every 1,000 parts where they may differ, up to the largest that can be sent", () => {
		const { partSizeOf, capacity, grows } = planPartSize(undefined, {}, providerByName("wasabi"));
		expect([1, 1_000, 1_001, 2_001, 8_001, 9_001].map(partSizeOf)).toEqual(
			[16, 16, 32, 64, 2_047, 2_047].map((size) => size * MiB),
		);
		expect({ capacity, grows }).toEqual({ capacity: 5 * TiB, grows: true });
	});

	it.each([2_048, 5_120])(
		"refuses parts of %d MiB, which the storage takes and Node does not hash",
		(size) => {
			expect(() => planPartSize(GiB, { partSize: size * MiB }, generic)).toThrow(
				/^partSize must be at most 2047 MiB, the most that Node\.js hashes and encrypts at once, not (2147483648|5368709120)$/,
			);
			expect(planPartSize(GiB, { partSize: 2_047 * MiB }, generic).partSize).toBe(2_047 * MiB);
		},
	);

	it("refuses an archive that needs larger parts than can be sent, and says so", () => {
		const size = 30 * TiB;
		expect(() => planPartSize(size, {}, providerByName("aws"))).toThrow(
			/reach 30 TiB; 10,000 parts of 2047 MiB, the most that Node\.js .* at once, hold 19\.5 TiB$/,
		);
	});

	it.each([
		["the transport wants equal parts", { equalOnly: true }],
		["the user has chosen a size", { partSize: 16 * MiB }],
		["the user has said how large it gets", { expectedSize: GiB }],
	])("lets nothing grow if %s", (_, wishes) => {
		expect(planPartSize(undefined, wishes, providerByName("aws")).grows).toBe(false);
	});

	it("plans for the size that is expected, and refuses one that no object has", () => {
		expect(planPartSize(undefined, { expectedSize: 200 * GiB }, generic)).toMatchObject({
			partSize: 21 * MiB,
			maxPartCount: undefined,
		});
		expect(() => planPartSize(undefined, { expectedSize: 6 * TiB }, generic)).toThrow(
			/is expected to reach 6 TiB; provider generic takes objects of up to 5 TiB/,
		);
		expect(() => planPartSize(undefined, { expectedSize: TiB, partSize: 5 * MiB }, generic)).toThrow(
			/set the part size to 106 MiB/,
		);
	});

	it("keeps the bound of the sources whatever is expected", () => {
		expect(planPartSize(1000, { expectedSize: TiB }, generic).partSize).toBe(BASE_PART_SIZE);
	});

	it("plans larger parts where fewer are taken", () => {
		expect(planPartSize(100 * GiB, {}, providerByName("scaleway")).partSize).toBe(104 * MiB);
	});

	it("refuses what is larger than the storage's largest object", () => {
		expect(() => planPartSize(5 * TiB + 1, {}, generic)).toThrow(ArchiveTooLargeError);
		expect(planPartSize(5 * TiB + 1, {}, providerByName("aws")).capacity).toBeGreaterThan(5 * TiB);
	});

	it("refuses a part size in which the archive may not fit, and names one that does", () => {
		expect(() => planPartSize(100 * GiB, { partSize: 5 * MiB }, generic)).toThrow(
			/set the part size to 11 MiB/,
		);
	});

	it.each([5 * MiB - 1, 5 * GiB + 1, 1.5, 0, -1, Number.NaN])("refuses a part size of %d", (partSize) => {
		expect(() => planPartSize(1000, { partSize }, generic)).toThrow(InvalidOptionError);
	});

	it("always finds parts that hold the archive and keep to the limits", () => {
		const sizes = fc.double({ min: 0, max: 5 * TiB, noNaN: true }).map(Math.floor);
		fc.assert(
			fc.property(sizes, fc.constantFrom(...PROVIDER_NAMES), (bound, name) => {
				const provider = providerByName(name);
				const { maxObjectSize, maxPartSize } = provider.limits;
				fc.pre(bound <= Math.min(maxObjectSize, maxPartSize * provider.limits.maxPartCount));
				const { partSize, maxPartCount, capacity } = planPartSize(bound, {}, provider);
				expect(partSize).toBeGreaterThanOrEqual(provider.limits.minPartSize);
				expect(partSize).toBeLessThanOrEqual(provider.limits.maxPartSize);
				expect(maxPartCount).toBeLessThanOrEqual(provider.limits.maxPartCount);
				expect(capacity).toBeGreaterThanOrEqual(bound);
			}),
		);
	});
});

describe("warnOfUnknownSize", () => {
	const warning = (sizeBound: number | undefined, wishes: PartWishes, name: ProviderName) =>
		warnOfUnknownSize(sizeBound, wishes, planPartSize(sizeBound, wishes, providerByName(name)));

	it("tells how much fits where the parts cannot grow, and what to set", () => {
		expect(warning(undefined, {}, "r2")).toEqual({
			code: "SIZE_UNKNOWN",
			message: expect.stringMatching(
				/16 MiB, hold 156 GiB; set expectedSize or partSize if it may get larger$/,
			),
			problem: expect.stringMatching(/16 MiB, hold 156 GiB$/),
			advice: {
				kind: "set-option",
				option: "expectedSize",
				alternative: "partSize",
				purpose: "if it may get larger",
			},
		});
	});

	it("is silent if the size is known, something was set, or parts grow", () => {
		expect(warning(1, {}, "r2")).toBeUndefined();
		expect(warning(undefined, { expectedSize: GiB }, "r2")).toBeUndefined();
		expect(warning(undefined, { partSize: 5 * MiB }, "r2")).toBeUndefined();
		expect(warning(undefined, {}, "aws")).toBeUndefined();
	});
});
