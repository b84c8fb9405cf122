import { describe, expect, it } from "vitest";

interface Work {
	readonly peers: readonly string[];
	readonly kind?: string;
	readonly method?: string;
}

interface Works {
	readonly WORKS: Readonly<Record<string, Work>>;
	readonly BARS: readonly { readonly work: string; readonly reference: string }[];
	chooseWorks(
		sets: { readonly quick: boolean; readonly bars: boolean; readonly range: boolean },
		only?: readonly string[],
		names?: readonly string[],
	): readonly { readonly name: string; readonly peers: readonly string[] }[];
}

const { WORKS, BARS, chooseWorks }: Works = await import(
	new URL("../../bench/works.mjs", import.meta.url).href
);
const NONE = { quick: false, bars: false, range: false };

describe("the works of the benchmark", () => {
	it("are run by --bars with everyone whom a bar is about, except those that take too long", () => {
		const chosen = new Map(chooseWorks({ ...NONE, bars: true }).map(({ name, peers }) => [name, peers]));
		for (const { work, reference } of BARS.filter(({ work }) => work !== "objects"))
			expect(chosen.get(work), work).toEqual(expect.arrayContaining(["zipferry", reference]));
	});

	it("have every kind of data in the range, with an upload against zip and aws", () => {
		const kinds = new Set(Object.values(WORKS).flatMap(({ kind }) => kind ?? []));
		const chosen = chooseWorks({ ...NONE, range: true }).map(({ name }) => name);
		expect(chosen).toEqual(expect.arrayContaining([...kinds].map((kind) => `${kind}-upload`)));
		expect(kinds).toContain("node-modules");
	});

	it("are all of them unless some are asked for, and then with the peers that were asked for", () => {
		expect(chooseWorks(NONE).map(({ name }) => name)).toEqual(Object.keys(WORKS));
		expect(chooseWorks(NONE, ["zip"], ["text-create", "text-upload"])).toEqual([
			{ name: "text-create", peers: ["zip"] },
		]);
	});
});
