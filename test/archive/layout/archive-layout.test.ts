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
});
