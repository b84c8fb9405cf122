import { describe, expect, it } from "vitest";
import { handMadeArchive } from "../../support/hand-made-archive.ts";
import { entriesOf, watchedArchive } from "../watched-archive.ts";

describe("looking up names", () => {
	it("finds every entry, as it is in the directory, which is read once", async () => {
		const names = ["", "x", "ü", "plumless", "buckeroo"]; // the last two have the same CRC-32
		const made = names.flatMap((prefix) =>
			Array.from({ length: 2_000 }, (_, at) => ({
				name: `${prefix}${at > 0 || prefix === "" ? `/${at}` : ""}`,
			})),
		);
		const { reader, asked } = watchedArchive(handMadeArchive(made));
		const entries = await entriesOf(reader);
		asked.length = 0;
		for (const entry of entries) expect(await reader.get(entry.name)).toEqual(entry);
		expect(asked).toHaveLength(1);
		expect(await reader.get("y")).toBeUndefined();
		expect(await reader.get("")).toBeUndefined();
	});

	it("finds nothing in an empty archive", async () => {
		expect(await watchedArchive(handMadeArchive([])).reader.get("a")).toBeUndefined();
	});

	it("refuses a name that is there twice, and no other", async () => {
		const { reader } = watchedArchive(handMadeArchive([{ name: "a" }, { name: "b" }, { name: "a" }]));
		expect((await reader.get("b"))?.index).toBe(1);
		await expect(reader.get("a")).rejects.toMatchObject({
			message: 'a.zip: the entry "a" is there more than once',
		});
	});

	it("tries again after a failure", async () => {
		const { reader } = watchedArchive(handMadeArchive([{ name: "a" }]));
		await expect(reader.get("a", AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
		expect((await reader.get("a"))?.name).toBe("a");
	});

	it("searches a directory that is too large to be kept", async () => {
		const made = Array.from({ length: 300 }, (_, at) => ({ name: `${at}`, comment: "c".repeat(60_000) }));
		const { reader, asked } = watchedArchive(handMadeArchive(made));
		expect((await reader.get("7"))?.index).toBe(7);
		expect((await reader.get("299"))?.index).toBe(299);
		expect(asked).toHaveLength(2);
	});
});
