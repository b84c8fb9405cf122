import { describe, expect, it } from "vitest";
import { pagesOf } from "../../src/s3/pages.ts";

/** Goes through pages that are just their markers, as far as there are answers. */
async function walk(answers: readonly (string | "missing" | undefined)[], inCircles: "end" | "fail") {
	const asked: (string | undefined)[] = [];
	const pages = pagesOf<number, string>({
		of: "things",
		ask: async (marker) => asked.push(marker),
		next: (page) => answers[page - 1],
		inCircles,
		failure: (error) => error,
	});
	for await (const _ of pages);
	return asked;
}

describe("pagesOf", () => {
	it("asks for each page behind the one before, to the last", async () => {
		expect(await walk(["a", "b", undefined], "fail")).toEqual([undefined, "a", "b"]);
		expect(await walk([undefined], "fail")).toEqual([undefined]);
	});

	it("fails where a part of the list would be missing", async () => {
		await expect(walk(["a", "missing"], "fail")).rejects.toThrow(
			/storage says that the list of things continues/,
		);
		await expect(walk(["a", "b", "a"], "fail")).rejects.toThrow(/but not from where/);
	});

	it("ends where that does no harm", async () => {
		expect(await walk(["a", "missing"], "end")).toEqual([undefined, "a"]);
		expect(await walk(["a", "b", "a", "b"], "end")).toEqual([undefined, "a", "b"]);
	});

	it("gives up a list that has no end", async () => {
		const endless = Array.from({ length: 10_001 }, (_, index) => String(index));
		await expect(walk(endless, "end")).rejects.toThrow(/does not end: there were 10,000 pages/);
	});
});
