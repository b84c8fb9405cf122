import { describe, expect, it } from "vitest";

interface Runs {
	readonly runs: readonly { readonly wallMs: number; readonly cpuMs: number }[];
}

interface Range {
	rangeTable(
		works: Readonly<Record<string, Readonly<Record<string, Runs>>>>,
		descriptions: Readonly<Record<string, { readonly kind?: string; readonly action: string }>>,
	): { readonly rows: readonly string[][]; readonly range: readonly string[] } | undefined;
}

const { rangeTable }: Range = await import(new URL("../../bench/range.mjs", import.meta.url).href);

const took = (wallMs: number, cpuMs: number): Runs => ({ runs: [{ wallMs, cpuMs }] });
const DESCRIPTIONS = {
	"logs-create": { kind: "logs", action: "create" },
	"photos-create": { kind: "photos", action: "create" },
	"photos-upload": { kind: "photos", action: "upload" },
	"small-extract": { action: "extract" },
};

describe("the range over kinds of data", () => {
	it("goes from the best kind to the worst", () => {
		const works = {
			"logs-create": { zipferry: took(500, 1_100), zip: took(1_000, 1_000) },
			"photos-create": { zipferry: took(100, 200), zip: took(1_000, 1_000) },
			"photos-upload": { zipferry: took(600, 900), "zip | aws": took(1_000, 1_000) },
		};
		expect(rangeTable(works, DESCRIPTIONS)).toMatchObject({
			rows: [
				["logs", "0.50 (1.10)", "–", "–"],
				["photos", "0.10 (0.20)", "0.60 (0.90)", "–"],
			],
			range: ["range", "0.10 to 0.50 (0.20 to 1.10)", "0.60 to 0.60 (0.90 to 0.90)", "–"],
		});
	});

	it("is not shown for one kind, nor of works that are about something else", () => {
		const one = { zipferry: took(500, 500), zip: took(1_000, 1_000) };
		expect(rangeTable({ "logs-create": one, "small-extract": one }, DESCRIPTIONS)).toBeUndefined();
	});

	it("leaves out a kind for which a peer has failed", () => {
		const one = { zipferry: took(500, 500), zip: took(1_000, 1_000) };
		const failed = { zipferry: took(1, 1), zip: { runs: [] } };
		const works = { "logs-create": one, "photos-create": failed };
		expect(rangeTable(works, DESCRIPTIONS)).toBeUndefined();
	});
});
