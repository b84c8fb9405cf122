import { describe, expect, it } from "vitest";
import { ReadPace } from "../../../../src/sources/files/reading/read-pace.ts";

const MiB = 1024 * 1024;

function paceAfter(...reads: readonly (readonly [size: number, ms: number])[]): boolean {
	const pace = new ReadPace();
	for (const [size, ms] of reads) pace.note(size, performance.now() - ms);
	return pace.quick;
}

describe("ReadPace", () => {
	it("is not quick before anything was read", () => {
		expect(paceAfter()).toBe(false);
	});

	it.each<[string, boolean, readonly (readonly [number, number])[]]>([
		["from memory", true, [[4 * MiB, 0.5]]],
		["from a fast disk", true, [[4 * MiB, 4]]],
		["from a slow disk", false, [[4 * MiB, 27]]],
		["little, late", false, [[4096, 8]]],
		[
			"slowly after quickly",
			false,
			[
				[MiB, 0.2],
				[MiB, 100],
			],
		],
		[
			"quickly after slowly",
			true,
			[
				[MiB, 100],
				[MiB, 0.2],
			],
		],
	])("when read %s is %s", (_, expected, reads) => {
		expect(paceAfter(...reads)).toBe(expected);
	});
});
