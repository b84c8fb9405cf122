import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

interface Archive {
	readonly title: string;
	readonly entryCount: number;
	readonly method: string;
	readonly ratio: number;
}

interface Shapes {
	listFiles(archive: Archive, method: string): object;
	shapeOf(listed: object, plan: { ratio: number; workers: number; provider: string }): object;
}

const BENCH = new URL("../../bench/workers/", import.meta.url);
const { ARCHIVES }: { ARCHIVES: readonly Archive[] } = await import(new URL("archives.mjs", BENCH).href);
const { listFiles, shapeOf }: Shapes = await import(new URL("shape.mjs", BENCH).href);
const kept = JSON.parse(await readFile(new URL("shapes.json", BENCH), "utf8")) as {
	readonly provider: string;
	readonly shapes: Readonly<
		Record<string, readonly { readonly workers: number; readonly lastPart: number }[]>
	>;
};

describe("the plans of the model", () => {
	it.each(ARCHIVES.filter(({ entryCount }) => entryCount <= 10_000))(
		"are those that plans are today: $title",
		(archive) => {
			const listed = listFiles(archive, archive.method);
			for (const shape of kept.shapes[archive.title] ?? []) {
				const { workers } = shape;
				const { provider } = kept;
				expect({ workers, ...shapeOf(listed, { ratio: archive.ratio, workers, provider }) }).toEqual(shape);
			}
		},
	);

	it("have all archives, with no more numbers of parts than there are", () => {
		expect(Object.keys(kept.shapes)).toEqual(ARCHIVES.map(({ title }) => title));
		for (const { lastPart } of Object.values(kept.shapes).flat())
			expect(lastPart).toBeLessThanOrEqual(10_000);
	});
});
