import { describe, expect, it } from "vitest";
import { BLOCK_SIZE } from "../../../src/zip/format/limits.ts";
import { noise } from "../../support/bytes.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { archiveOf, layoutOf, rangeOf } from "./layouts.ts";

const temp = useTempDirectory();

describe("layOutArchive", () => {
	it("gives the bytes of the archive that createZip makes with the method wrap", async () => {
		await temp.write({
			"t/empty": "",
			"t/dir": null,
			"t/ü/small": "text",
			"t/block": noise(BLOCK_SIZE),
			"t/large": noise(2 * BLOCK_SIZE + 5),
			"t/link": { link: "small" },
		});
		const layout = await layoutOf(temp.path("t"), { comment: "ä" });
		const expected = await archiveOf(temp.path("t"), { comment: "ä" });
		expect(layout.size).toBe(expected.byteLength);
		expect((await rangeOf(layout)).equals(expected)).toBe(true);
		for (let start = 0; start < layout.size; start += 99_991) {
			const end = Math.min(layout.size, start + 120_000);
			expect((await rangeOf(layout, start, end)).equals(expected.subarray(start, end))).toBe(true);
		}
	});

	it("comes to an end for any number of callers at once, those that give up included", async () => {
		await temp.write({ "t/a": "1", "t/b": "2" });
		const abort = new AbortController();
		const given = Array.from({ length: 40 }, (_, index) =>
			layoutOf(temp.path("t"), index % 2 === 0 ? {} : { signal: abort.signal }),
		);
		abort.abort(new Error("enough"));
		const outcomes = await Promise.allSettled(given);
		expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
		expect((await layoutOf(temp.path("t"))).entryCount).toBe(2);
	});

	it("looks twice for all who ask for the same at once, and once for each who asks for something else", async () => {
		await temp.write({ "t/a": "1", "t/b": "22", "t/link": { link: "a" } });
		const told = new Map<string, number>();
		const listener = (name: string) => () => told.set(name, (told.get(name) ?? 0) + 1);
		const shared = listener("shared");
		const same = { symlinks: "skip", onEvent: shared } as const;
		const layouts = Array.from({ length: 50 }, () => layoutOf(temp.path("t"), same));
		const others = [
			layoutOf(temp.path("t"), { ...same, onEvent: listener("own") }),
			layoutOf(temp.path("t"), { ...same, exclude: ["b"], onEvent: listener("filtered") }),
			layoutOf({ path: temp.path("t"), as: "x" }, { ...same, onEvent: listener("named") }),
		];
		const digests = await Promise.all([...layouts, ...others].map(async (one) => (await one).digest));
		expect(new Set(digests.slice(0, 51)).size).toBe(1);
		expect(new Set(digests).size).toBe(3);
		const perLook = told.get("own") ?? 0;
		expect(perLook).toBeGreaterThan(0);
		expect(Object.fromEntries(told)).toEqual({
			...{ shared: 2 * perLook, own: perLook, filtered: perLook, named: perLook },
		});
	});

	it("tells everybody who shares a look why there is nothing", async () => {
		await temp.write({ "t/link": { link: "a" } });
		const given = Array.from({ length: 5 }, () => layoutOf(temp.path("t"), { symlinks: "skip" }));
		for (const outcome of await Promise.allSettled(given))
			expect(outcome).toMatchObject({
				reason: { code: "SOURCE_EMPTY", message: expect.stringContaining("t/link") },
			});
		const allowed = Array.from({ length: 3 }, () =>
			layoutOf(temp.path("t"), { symlinks: "skip", allowEmpty: true }),
		);
		expect((await Promise.all(allowed)).map(({ entryCount }) => entryCount)).toEqual([0, 0, 0]);
	});
});
