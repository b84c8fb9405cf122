import { describe, expect, it } from "vitest";
import { generatedSource } from "../../../src/sources/generated/generated-source.ts";
import type { GeneratedEntry } from "../../../src/sources/source.ts";
import { entriesOf, findEntries, NOW, nameOf, readAll } from "../../support/found-entries.ts";
import { NEVER } from "../../support/signals.ts";

describe("generated entries", () => {
	it("are a file, a directory or a link, by their name and what they have", async () => {
		const { entries } = await findEntries([
			{ name: "f", content: "x" },
			{ name: "d/" },
			{ name: "l", linkTarget: "../ü" },
			{ name: "empty", content: "" },
		]);
		expect(entries.map(({ kind, mode, size, origin }) => [kind, mode, size, origin])).toEqual([
			["file", 0o644, 1, '"f"'],
			["directory", 0o755, 0, '"d/"'],
			["symlink", 0o777, 5, '"l"'],
			["file", 0o644, 0, '"empty"'],
		]);
		const link = entries[2];
		expect(link === undefined ? "" : (await readAll(await link.open(NEVER))).toString()).toBe("../ü");
	});

	it("have their own time, else that of the start, unless one is set for all", async () => {
		const own = new Date("2020-01-01T00:00:00Z");
		const fixed = new Date("2010-01-01T00:00:00Z");
		const sources = [
			{ name: "a", content: "", mtime: own },
			{ name: "b", content: "" },
		];
		expect((await findEntries(sources)).entries.map(({ mtimeMs }) => mtimeMs)).toEqual([own.getTime(), NOW]);
		const set = await findEntries(sources, { mtime: fixed });
		expect(set.entries.map(({ mtimeMs }) => mtimeMs)).toEqual([fixed.getTime(), fixed.getTime()]);
	});

	it("have the same time as a Date, as milliseconds and as ISO 8601", async () => {
		const moment = new Date("2020-01-31T12:00:00Z");
		for (const mtime of [moment, moment.getTime(), "2020-01-31T12:00:00Z", "2020-01-31T13:00:00+01:00"]) {
			const own = await findEntries([{ name: "a", content: "", mtime }]);
			const set = await findEntries([{ name: "a", content: "" }], { mtime });
			const found = [...own.entries, ...set.entries].map(({ mtimeMs }) => mtimeMs);
			expect(found, String(mtime)).toEqual([moment.getTime(), moment.getTime()]);
		}
	});

	it("are asked for one by one, and their maker is told when it has made enough", async () => {
		let made = 0;
		let closed = false;
		async function* entries(): AsyncGenerator<GeneratedEntry, void, void> {
			try {
				for (;;) yield { name: `${made++}`, content: "" };
			} finally {
				closed = true;
			}
		}
		for await (const entry of entriesOf(entries())) if (nameOf(entry) === "2") break;
		expect([made, closed]).toEqual([3, true]);
	});

	it.each([
		["../x", "INVALID_ENTRY_NAME"],
		["", "INVALID_ENTRY_NAME"],
		["/x", "INVALID_ENTRY_NAME"],
		["d/", "INVALID_OPTION"],
	])("fail for the name %j when it comes from an iterable", async (name, code) => {
		const entries = [
			{ name: "fine", content: "x" },
			{ name, content: "x" },
		];
		await expect(findEntries([entries.values()])).rejects.toMatchObject({ code });
		await expect(findEntries({ name, content: "x" })).rejects.toMatchObject({ code });
	});

	it("tell whether they can be gone through twice", () => {
		expect(generatedSource([], NOW, {}, "sources[0]").repeatable).toBe(true);
		expect(generatedSource(new Set<GeneratedEntry>().values(), NOW, {}, "sources[0]").repeatable).toBe(false);
	});

	it("do not call or read their content before they are opened", async () => {
		let called = 0;
		const { entries } = await findEntries({
			name: "f",
			content: () => {
				called += 1;
				return "x";
			},
		});
		expect([called, entries[0]?.size]).toEqual([0, undefined]);
		await entries[0]?.open(NEVER);
		expect(called).toBe(1);
	});
});
