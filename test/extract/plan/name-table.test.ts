import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NameTable } from "../../../src/extract/plan/name-table.ts";

/** Whether two of the paths cannot be there side by side, as one would find out without hashes. */
function haveConflict(paths: readonly { readonly path: string; readonly isDirectory: boolean }[]): boolean {
	return paths.some(({ path, isDirectory }, index) =>
		paths.some(
			({ path: other }, otherIndex) =>
				index !== otherIndex && (path === other || (!isDirectory && other.startsWith(`${path}/`))),
		),
	);
}

describe("NameTable", () => {
	const segment = fc.constantFrom("a", "b", "ab", "ü");
	const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));

	it("suspects somebody if, and only if, two paths cannot be there side by side", () => {
		fc.assert(
			fc.property(fc.array(fc.record({ path, isDirectory: fc.boolean() }), { maxLength: 12 }), (paths) => {
				const table = new NameTable();
				const suspects = new Set<number>();
				for (const { path, isDirectory } of paths)
					for (const hash of table.add(path, isDirectory)) suspects.add(hash);
				expect(suspects.size > 0).toBe(haveConflict(paths));
				// Each suspicion is about one of the paths, or of those above them.
				const known = new Set(paths.flatMap(({ path }) => table.hashesOf(path)));
				for (const hash of suspects) expect(known).toContain(hash);
			}),
			{ numRuns: 500 },
		);
	});

	it("knows very many paths apart", () => {
		const table = new NameTable();
		let suspectCount = 0;
		for (let index = 0; index < 100_000; index += 1)
			suspectCount += table.add(`d${index % 300}/e${index % 7}/f${index}`, false).length;
		expect(suspectCount).toBe(0);
		expect(table.add("d0/e0/f0", false)).toHaveLength(1);
		expect(table.isFull).toBe(false);
	});

	it("refuses to hold more paths than an archive has that is meant well", () => {
		const table = new NameTable();
		const deep = "x/".repeat(900);
		let index = 0;
		while (!table.isFull && index < 8000) table.add(`${index++}/${deep}f`, false);
		expect(table.isFull).toBe(true);
		expect(index).toBeGreaterThan(6000);
	});
});
