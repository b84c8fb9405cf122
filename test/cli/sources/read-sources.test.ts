import { describe, expect, it } from "vitest";
import { readSources } from "../../../src/cli/sources/read-sources.ts";

const NOTHING = { files: {}, allowEmpty: false, dryRun: true };

describe("the sources of a command line", () => {
	it.each([
		[
			["a=-"],
			{ "exclude-from": ["x", "-"] },
			'stdin can be read only once, not by "a" and by --exclude-from',
		],
		[
			[],
			{ "files-from": ["-"], "exclude-from": ["-"] },
			"stdin can be read only once, not by --files-from and by --exclude-from",
		],
		[[], { "files-from": ["-", "-"] }, "--files-from - is given twice; stdin can be read only once"],
	])("read stdin once: %j %j", async (words, files, message) => {
		await expect(readSources({ ...NOTHING, words, files })).rejects.toMatchObject({
			code: "INVALID_OPTION",
			message,
		});
	});

	it("are paths, and what is read once", async () => {
		const sources = await readSources({ ...NOTHING, words: ["photos", "x=-"], files: {} });
		expect(sources).toMatchObject([{ path: "photos" }, { name: "x", content: { readable: true } }]);
	});
});
