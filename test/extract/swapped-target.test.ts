import { renameSync, symlinkSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { ZipferryEvent } from "../../src/events.ts";
import { extractArchive } from "../../src/extract/extract-archive.ts";
import { type HandMadeEntry, handMadeArchive } from "../support/hand-made-archive.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { contentsOf } from "./tree-of.ts";

const temp = useTempDirectory();

const MANY = 3000;

/** Some directories with many files. */
function manyFiles(content: string | Uint8Array): HandMadeEntry[] {
	return Array.from({ length: MANY }, (_, index) => ({ name: `d${index % 3}/sub/f${index}`, content }));
}

describe("a directory of the target that is replaced by a link during the run", () => {
	it.each([
		["many small files, which threads write", manyFiles("x")],
		[
			"large files",
			[1, 2, 3, 4, 5, 6].map((n) => ({ name: `d0/sub/${n}`, content: Buffer.alloc(5_000_000) })),
		],
	])("gets nothing written through it: %s", async (_what, entries) => {
		await writeFile(temp.path("a.zip"), handMadeArchive(entries));
		await temp.write({ outside: null });
		let swapped = false;
		const onEvent = ({ type }: ZipferryEvent) => {
			if (type !== "extracted" || swapped) return;
			swapped = true;
			renameSync(temp.path("t/d0/sub"), temp.path("away"));
			symlinkSync(temp.path("outside"), temp.path("t/d0/sub"));
		};
		// What goes into the directory that was open stays in it; whatever opens it again finds the link.
		await extractArchive(temp.path("a.zip"), temp.path("t"), { onEvent }).catch((error: unknown) => {
			expect(error).toMatchObject({
				code: "DESTINATION_UNWRITABLE",
				message: expect.stringContaining("nothing is written through it"),
			});
		});
		expect(swapped).toBe(true);
		expect(await contentsOf(temp.path("outside"))).toEqual({});
	});

	it("fails the run, if it has to be opened again", async () => {
		// More directories than are held open.
		const entries = Array.from({ length: 600 }, (_, index) => ({
			name: `d${index % 300}/f${index}`,
			content: "x",
		}));
		await writeFile(temp.path("a.zip"), handMadeArchive(entries));
		await temp.write({ outside: null });
		let count = 0;
		const onEvent = ({ type }: ZipferryEvent) => {
			count += type === "extracted" ? 1 : 0;
			if (type !== "extracted" || count !== 1) return;
			renameSync(temp.path("t/d0"), temp.path("away"));
			symlinkSync(temp.path("outside"), temp.path("t/d0"));
		};
		await expect(extractArchive(temp.path("a.zip"), temp.path("t"), { onEvent })).rejects.toMatchObject({
			code: "DESTINATION_UNWRITABLE",
		});
		expect(await contentsOf(temp.path("outside"))).toEqual({});
	});

	it("is not followed if it is the target itself", async () => {
		const many = Array.from({ length: 300 }, (_, index) => ({ name: `d${index}/f`, content: "x" }));
		await writeFile(
			temp.path("a.zip"),
			handMadeArchive([{ name: "d/" }, { name: "d/f", content: "x" }, ...many]),
		);
		await temp.write({ outside: null });
		const onEvent = ({ type }: ZipferryEvent) => {
			if (type !== "extract-planned") return;
			renameSync(temp.path("t"), temp.path("away"));
			symlinkSync(temp.path("outside"), temp.path("t"));
		};
		// The target itself is what its path led to when it was opened.
		await extractArchive(temp.path("a.zip"), temp.path("t"), { onEvent });
		expect(await contentsOf(temp.path("away"))).toMatchObject({ d: null, "d/f": "x", "d299/f": "x" });
		expect(await contentsOf(temp.path("outside"))).toEqual({});
	});
});

describe("a file that comes into being during the run", () => {
	it("stays as it is", async () => {
		await temp.write({ "t/d/other": "" });
		await writeFile(temp.path("a.zip"), handMadeArchive([{ name: "d/f", content: "new" }]));
		const onEvent = ({ type }: ZipferryEvent) => {
			if (type === "extract-planned") writeFileSync(temp.path("t/d/f"), "somebody else's");
		};
		await expect(extractArchive(temp.path("a.zip"), temp.path("t"), { onEvent })).rejects.toMatchObject({
			code: "DESTINATION_EXISTS",
			message: `${temp.path("t/d/f")} exists already, and is left as it is`,
		});
		expect(await contentsOf(temp.path("t"))).toEqual({ d: null, "d/f": "somebody else's", "d/other": "" });
	});
});
