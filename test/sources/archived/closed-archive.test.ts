import { readdir, readlink, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Source } from "../../../src/sources/source.ts";
import { noise } from "../../support/bytes.ts";
import { madeZip } from "../../support/made-zip.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

/** Descriptors of this process that lead to a file. */
async function descriptorsOf(path: string): Promise<number> {
	let count = 0;
	for (const name of await readdir("/proc/self/fd"))
		if ((await readlink(`/proc/self/fd/${name}`).catch(() => "")) === path) count += 1;
	return count;
}

describe.runIf(process.platform === "linux")("an archive among the sources is closed", () => {
	it.each<[string, Source[], string | undefined]>([
		["at the end", [], undefined],
		["if a later source is not there", ["/no/such/path"], "SOURCE_NOT_FOUND"],
		["if planning fails", [{ name: "a", content: "x" }], "DUPLICATE_ENTRY"],
		[
			"if a later entry fails",
			[{ name: "b", content: () => Promise.reject(Object.assign(new Error("no"), { code: "E" })) }],
			"SOURCE_UNREADABLE",
		],
	])("%s", async (_when, others, code) => {
		const path = temp.path("a.zip");
		await writeFile(path, (await madeZip({ name: "a", content: noise(3_000_000) })).bytes);
		const made = madeZip([{ archive: path }, ...others]);
		if (code === undefined) await made;
		else await expect(made).rejects.toMatchObject({ code });
		expect(await descriptorsOf(path)).toBe(0);
	});
});
