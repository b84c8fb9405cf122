import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArchiveTooLargeError, InvalidOptionError } from "../../src/errors.ts";
import {
	BASE_PART_SIZE,
	describeSize,
	planPartSize,
	UNKNOWN_SIZE_PART_SIZE,
} from "../../src/storage/part-size.ts";
import { PROVIDER_NAMES, providerByName } from "../../src/storage/providers.ts";

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const TiB = 1024 ** 4;
const generic = providerByName("generic");

describe("planPartSize", () => {
	it("uses 8 MiB for what fits into 9,900 parts of them", () => {
		expect(planPartSize(0, undefined, generic)).toMatchObject({ partSize: BASE_PART_SIZE, maxPartCount: 1 });
		expect(planPartSize(9_900 * 8 * MiB, undefined, generic).partSize).toBe(8 * MiB);
		expect(planPartSize(9_900 * 8 * MiB + 1, undefined, generic).partSize).toBe(9 * MiB);
	});

	it("uses 16 MiB for streams of unknown size and says how much they hold", () => {
		const plan = planPartSize(undefined, undefined, generic);
		expect(plan).toEqual({
			partSize: UNKNOWN_SIZE_PART_SIZE,
			maxPartCount: undefined,
			capacity: 10_000 * 16 * MiB,
		});
	});

	it("plans larger parts where fewer are taken", () => {
		expect(planPartSize(100 * GiB, undefined, providerByName("scaleway")).partSize).toBe(104 * MiB);
	});

	it("refuses what is larger than the storage's largest object", () => {
		expect(() => planPartSize(5 * TiB + 1, undefined, generic)).toThrow(ArchiveTooLargeError);
		expect(planPartSize(5 * TiB + 1, undefined, providerByName("aws")).capacity).toBeGreaterThan(5 * TiB);
	});

	it("refuses a part size in which the archive may not fit, and names one that does", () => {
		expect(() => planPartSize(100 * GiB, 5 * MiB, generic)).toThrow(/set the part size to 11 MiB/);
	});

	it.each([5 * MiB - 1, 5 * GiB + 1, 1.5, 0, -1, Number.NaN])("refuses a part size of %d", (partSize) => {
		expect(() => planPartSize(1000, partSize, generic)).toThrow(InvalidOptionError);
	});

	it("always finds parts that hold the archive and keep to the limits", () => {
		const sizes = fc.double({ min: 0, max: 5 * TiB, noNaN: true }).map(Math.floor);
		fc.assert(
			fc.property(sizes, fc.constantFrom(...PROVIDER_NAMES), (bound, name) => {
				const provider = providerByName(name);
				const { maxObjectSize, maxPartSize } = provider.limits;
				fc.pre(bound <= Math.min(maxObjectSize, maxPartSize * provider.limits.maxPartCount));
				const { partSize, maxPartCount, capacity } = planPartSize(bound, undefined, provider);
				expect(partSize).toBeGreaterThanOrEqual(provider.limits.minPartSize);
				expect(partSize).toBeLessThanOrEqual(provider.limits.maxPartSize);
				expect(maxPartCount).toBeLessThanOrEqual(provider.limits.maxPartCount);
				expect(capacity).toBeGreaterThanOrEqual(bound);
			}),
		);
	});
});

describe("describeSize", () => {
	it.each([
		[0, "0 bytes"],
		[1023, "1023 bytes"],
		[8 * MiB, "8 MiB"],
		[1.5 * GiB, "1.5 GiB"],
	])("shows %d as %s", (bytes, text) => {
		expect(describeSize(bytes)).toBe(text);
	});
});
