import * as zlib from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { deflateWhole } from "../../../src/zip/blocks/deflate-whole.js";
import { ReusableDeflate } from "../../../src/zip/blocks/reusable-deflate.ts";
import { lines, noise } from "../../support/bytes.ts";

vi.mock(import("node:zlib"), async (original) => {
	const actual = await original();
	return { ...actual, createDeflateRaw: vi.fn(actual.createDeflateRaw) };
});

/** Looks anew what this Node has. */
async function freshDeflateAll() {
	vi.resetModules();
	const { deflateAll } = await import("../../../src/zip/blocks/deflate-all.ts");
	return deflateAll;
}

beforeEach(() => {
	vi.mocked(zlib.createDeflateRaw).mockClear();
});

afterEach(() => {
	vi.restoreAllMocks();
});

function expectSameBytes(results: readonly Uint8Array[], inputs: readonly Uint8Array[], level: number): void {
	const wrong = inputs.filter(
		(input, index) => Buffer.compare(results[index] ?? noise(1), deflateWhole(input, level)) !== 0,
	);
	expect(wrong).toEqual([]);
	expect(results).toHaveLength(inputs.length);
}

/** Their ends have stood in them before: whether zlib finds that depends on what it takes to be behind the end. */
function inputsWithRepeatedEnds(count: number): Uint8Array[] {
	return Array.from({ length: count }, (_, index) => {
		const size = 4 + ((index * 7919) % 300);
		const bytes = noise(size, index).map((byte) => byte % 4);
		bytes.copyWithin(size - 3, (index * 31) % (size - 3));
		return bytes;
	});
}

describe("deflateAll", () => {
	it.each([1, 2, 3, 4, 5, 6, 7, 8, 9] as const)(
		"makes at level %d what zlib makes of each input by itself, in any order of their sizes",
		async (level) => {
			const deflateAll = await freshDeflateAll();
			const inputs = inputsWithRepeatedEnds(600);
			expectSameBytes(deflateAll(inputs, level), inputs, level);
		},
	);

	it("does so at all sizes that something changes at", async () => {
		const deflateAll = await freshDeflateAll();
		const borders = [0, 1, 250, 762, 1022, 4096, 16_382, 32_506, 32_768];
		const inputs = borders.flatMap((size) => [noise(size), lines(size), Buffer.alloc(size), lines(size)]);
		for (const level of [1, 6, 9] as const) expectSameBytes(deflateAll(inputs, level), inputs, level);
		expect(deflateAll([], 6)).toEqual([]);
	});

	it("uses one state of zlib for all", async () => {
		const deflateAll = await freshDeflateAll();
		deflateAll(inputsWithRepeatedEnds(2), 6);
		vi.mocked(zlib.createDeflateRaw).mockClear();
		deflateAll(inputsWithRepeatedEnds(100), 6);
		expect(zlib.createDeflateRaw).toHaveBeenCalledTimes(1);
	});

	it("makes the same bytes where Node was not tried", async () => {
		expect(["v20.19.0", "v22.12.0", "v24.0.0", "v25.0.0", "v200.0.0"].map(ReusableDeflate.isTried)).toEqual([
			true,
			true,
			true,
			false,
			false,
		]);
		vi.spyOn(process, "version", "get").mockReturnValue("v99.0.0");
		const deflateAll = await freshDeflateAll();
		const inputs = inputsWithRepeatedEnds(20);
		expectSameBytes(deflateAll(inputs, 6), inputs, 6);
		expect(zlib.createDeflateRaw).not.toHaveBeenCalled();
	});

	it.each([
		["is not there", () => ({ close: () => {} })],
		["makes other bytes", () => zlib.createDeflateRaw({ level: 1 })],
		["does not say how much it made", () => Object.assign(zlib.createDeflateRaw(), { _writeState: [] })],
	])("makes the same bytes where the state of zlib %s", async (_, create) => {
		const deflateAll = await freshDeflateAll();
		const other = create() as zlib.DeflateRaw;
		vi.mocked(zlib.createDeflateRaw).mockClear().mockReturnValue(other);
		const inputs = inputsWithRepeatedEnds(20);
		expectSameBytes(deflateAll(inputs, 6), inputs, 6);
		expectSameBytes(deflateAll(inputs, 1), inputs, 1);
		expect(zlib.createDeflateRaw).toHaveBeenCalledOnce();
	});
});
