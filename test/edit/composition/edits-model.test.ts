import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { madeZip } from "../../support/made-zip.ts";
import { zipContents } from "../../support/zip-contents.ts";
import { editInMemory, listed } from "./edited-in-memory.ts";

/** An archive as a plain map: names to contents, in the order of the directory. */
type Model = Map<string, string>;

type Step =
	| {
			readonly type: "append" | "merge";
			readonly entries: Readonly<Record<string, string>>;
			readonly replace: boolean;
	  }
	| { readonly type: "remove"; readonly names: readonly string[] };

const NAMES = ["a", "b", "c.txt", "d/", "d/a", "d/b", "e/x", "e/y", "ü"];
const contents = fc.oneof(
	fc.string({ maxLength: 20 }),
	fc.integer({ min: 1, max: 40 }).map((count) => "much of it ".repeat(count * 20)),
	fc.integer({ min: 1, max: 1e9 }).map((seed) => noiseText(seed, 1500)),
);
const entries = fc.dictionary(fc.constantFrom(...NAMES), contents, { minKeys: 1, maxKeys: 6 });
const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ type: fc.constantFrom("append" as const, "merge" as const), entries, replace: fc.boolean() }),
	fc.record({ type: fc.constant("remove" as const), names: fc.subarray(NAMES) }),
);

/** Text that does not get smaller. */
function noiseText(seed: number, length: number): string {
	let state = seed;
	return Array.from({ length }, () => {
		state = (state * 48_271) % 2_147_483_647;
		return String.fromCharCode(33 + (state % 90));
	}).join("");
}

const sourcesOf = (contents: Readonly<Record<string, string>>) =>
	Object.entries(contents).map(([name, content]) => ({
		name,
		mtime: new Date(1e12),
		...(name.endsWith("/") ? {} : { content }),
	}));

const archiveOf = async (contents: Readonly<Record<string, string>>) =>
	(await madeZip(sourcesOf(contents), { allowEmpty: true })).bytes;

/** What the model says of a step; `undefined` if it is refused. */
function after(model: Model, step: Step): Model | undefined {
	const next = new Map(model);
	if (step.type === "remove") {
		for (const name of step.names) next.delete(name);
		return next;
	}
	for (const [name, content] of Object.entries(step.entries)) {
		const isThere = model.has(name);
		if (isThere && !step.replace && !name.endsWith("/")) return undefined;
		if (isThere && !step.replace) continue; // the directory is there already
		next.delete(name);
		next.set(name, name.endsWith("/") ? "" : content);
	}
	return next;
}

async function doStep(archive: Uint8Array, step: Step, minSize: number, maxPartCount: number) {
	const common = { minSize, maxPartCount };
	if (step.type === "remove")
		return editInMemory({ ...common, archives: [archive], removes: (name) => step.names.includes(name) });
	const { replace } = step;
	if (step.type === "append")
		return editInMemory({ ...common, archives: [archive], sources: sourcesOf(step.entries), replace });
	return editInMemory({ ...common, archives: [archive, await archiveOf(step.entries)], replace });
}

describe("edits, one after the other", () => {
	const edits = fc.record({
		steps: fc.array(step, { minLength: 1, maxLength: 8 }),
		minSize: fc.constantFrom(1, 100, 800, 5000),
		maxPartCount: fc.constantFrom(0, 2, 1000),
	});

	it("give what a plain map gives, in the same order, whatever is copied and carried", async () => {
		await fc.assert(
			fc.asyncProperty(edits, async ({ steps, minSize, maxPartCount }) => {
				let model: Model = new Map();
				let archive: Uint8Array = await archiveOf({});
				for (const step of steps) {
					const expected = after(model, step);
					const made = doStep(archive, step, minSize, maxPartCount);
					if (expected === undefined) {
						await expect(made).rejects.toMatchObject({ code: "DUPLICATE_ENTRY" });
						continue;
					}
					const { bytes, sizeBound = 0 } = await made;
					expect(await listed(bytes)).toEqual([...expected]);
					expect(bytes.byteLength).toBeLessThanOrEqual(sizeBound);
					archive = bytes;
					model = expected;
				}
				const read = await zipContents(archive);
				expect([...read.keys()]).toEqual([...model.keys()]);
				for (const [name, { data }] of read) expect(data.toString()).toBe(model.get(name));
			}),
			{ numRuns: 60 },
		);
	});

	it("copy runs that are large enough first, then send the rest", async () => {
		await fc.assert(
			fc.asyncProperty(entries, entries, fc.constantFrom(100, 800), async (one, other, minSize) => {
				const archives = [await archiveOf(one), await archiveOf(other)];
				const { spans, copied, carried } = await editInMemory({ archives, replace: true, minSize });
				const firstSent = spans.findIndex(([kind]) => kind === "sent");
				expect(spans.slice(firstSent).every(([kind]) => kind === "sent")).toBe(true);
				const sizes = spans.flatMap(([kind, size]) => (kind === "copied" ? [size] : []));
				expect(sizes.every((size) => size >= minSize)).toBe(true);
				expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(copied.size);
				expect(copied.entryCount + carried.entryCount).toBe(
					new Set([...Object.keys(one), ...Object.keys(other)]).size,
				);
			}),
			{ numRuns: 30 },
		);
	});
});
