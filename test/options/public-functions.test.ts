import { describe, expect, it } from "vitest";
import { createZip } from "../../src/archive/create-zip.ts";
import { examine } from "../../src/doctor/examine.ts";
import * as zipferry from "../../src/index.ts";

/** As JavaScript calls them, which knows no types. */
type Loose = (...values: readonly unknown[]) => Promise<unknown>;
const uploadZip = zipferry.uploadZip as unknown as Loose;
const planUpload = zipferry.planUpload as unknown as Loose;
const listUploads = zipferry.listUploads as unknown as Loose;
const abortUploads = zipferry.abortUploads as unknown as Loose;

const FUNCTIONS: readonly (readonly [string, Loose])[] = [
	["uploadZip", (options) => uploadZip({ name: "a", content: "a" }, options)],
	["planUpload", (options) => planUpload({ name: "a", content: "a" }, options)],
	["listUploads", listUploads],
	["abortUploads", abortUploads],
	["examine", (options) => examine(options as never).next()],
];

describe.each(FUNCTIONS)("%s", (_, call) => {
	it.each([
		["no options", undefined, "options"],
		["null for options", null, "options"],
		["no bucket", { key: "a.zip" }, /^(bucket|key)$/],
		[
			"an option of another function",
			{ bucket: "my-bucket", key: "a.zip", prefix: "", hash: "md5", olderThanMs: 0 },
			/./,
		],
	])("refuses %s", async (_what, options, option) => {
		const expected = typeof option === "string" ? option : expect.stringMatching(option);
		await expect(call(options)).rejects.toMatchObject({ code: "INVALID_OPTION", option: expected });
	});
});

const TARGET = { bucket: "my-bucket", key: "a.zip", endpoint: "http://127.0.0.1:1", region: "x" };

describe("sources", () => {
	it.each<[string, unknown, string]>([
		["none", undefined, "sources[0]"],
		["null", null, "sources[0]"],
		["a number among others", ["./", 5], "sources[1]"],
		["an empty path", ["./", ""], "sources[1]"],
		["a path with a NUL", "a\0b", "sources[0]"],
		["a path of another type", { path: 5 }, "sources[0].path"],
		["a misspelt name of a path", { path: "./", As: "x" }, "sources[0].As"],
		["an entry without a name", { content: "a" }, "sources[0].name"],
		["content that is none", ["./", "./", { name: "a", content: 5 }], "sources[2].content"],
		["a file without content", { name: "a" }, "sources[0].content"],
		["a directory with content", { name: "a/", content: "a" }, "sources[0].content"],
		["a link with content", { name: "a", linkTarget: "b", content: "a" }, "sources[0].content"],
		["a link that is a directory", { name: "a/", linkTarget: "b" }, "sources[0].linkTarget"],
		["a size that is none", { name: "a", content: "a", size: -1 }, "sources[0].size"],
		["a misspelt detail", { name: "a", content: "a", mTime: new Date() }, "sources[0].mTime"],
		["a time that is none", { name: "a", content: "a", mtime: 5 }, "sources[0].mtime"],
		[
			"an entry of a list",
			[
				"./",
				[
					{ name: "a", content: "a" },
					{ name: "b", content: null },
				],
			],
			"sources[1][1].content",
		],
		["null in a list", [[null]], "sources[0][0]"],
		["what JSON slipped in", JSON.parse('{"name":"a","content":"a","__proto__":{}}'), "sources[0].__proto__"],
	])("are refused: %s", async (_, sources, option) => {
		await expect(planUpload(sources, TARGET)).rejects.toMatchObject({ code: "INVALID_OPTION", option });
	});

	it("say which entry it is", async () => {
		const planning = planUpload({ name: "a.txt", content: "a", mode: "644" }, TARGET);
		await expect(planning).rejects.toThrow(
			/^sources\[0\]\.mode of the entry "a\.txt" must be permission bits such as 0o644, not "644"$/,
		);
	});
});

describe("createZip and ZipStream", () => {
	it("refuse an option that they do not have", async () => {
		const creating = createZip({ name: "a", content: "a" }, async () => {}, { levle: 1 } as object);
		await expect(creating).rejects.toThrow("there is no option levle; did you mean level?");
		expect(() => new zipferry.ZipStream({ hash: "md5" } as object)).toThrow("there is no option hash");
		expect(() => new zipferry.ZipStream(null as never)).toThrow("options must be an object, not null");
	});

	it("refuse an entry with the place it would have", () => {
		const zip = new zipferry.ZipStream().add("a", "a");
		expect(() => zip.add("b", 5 as never)).toThrow(expect.objectContaining({ option: "sources[1].content" }));
	});
});
