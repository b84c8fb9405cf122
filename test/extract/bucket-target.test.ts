import { writeFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { extractArchive } from "../../src/extract/extract-archive.ts";
import type { ExtractOptions } from "../../src/extract/options.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import {
	DEFLATED,
	type HandMadeEntry,
	handMadeArchive,
	MADE_ON_UNIX,
	unixMode,
} from "../support/hand-made-archive.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

const temp = useTempDirectory();
let server: DemoServer;
const before = { ...process.env };
beforeAll(() => {
	for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
});
beforeEach(async () => {
	server = await DemoServer.start();
	Object.assign(process.env, server.env);
});
afterEach(() => server.close());
afterAll(() => {
	process.env = before;
});

const LARGE = Buffer.alloc(12_000_000, "large and not so random ");

async function extract(
	entries: readonly HandMadeEntry[],
	options: ExtractOptions = {},
	prefix = "restored/",
) {
	await writeFile(temp.path("a.zip"), handMadeArchive(entries));
	return extractArchive(temp.path("a.zip"), `s3://${BUCKET}/${prefix}`, options);
}

describe("extracting to a bucket", () => {
	it("makes an object of each file, small or large, below the prefix", async () => {
		const entries = [
			{ name: "d/" },
			{ name: "d/a", content: "alpha" },
			{ name: "d/empty" },
			{ name: "ü", content: "umlaut" },
			{ name: "large", content: LARGE, method: DEFLATED },
		];
		expect(await extract(entries)).toMatchObject({ entryCount: 5, size: 12_000_011, leftOutCount: 0 });
		expect(await server.keys()).toEqual(["restored/d/a", "restored/d/empty", "restored/large", "restored/ü"]);
		expect((await server.get("restored/d/a")).bytes.toString()).toBe("alpha");
		expect((await server.get("restored/d/empty")).bytes.byteLength).toBe(0);
		expect((await server.get("restored/large")).bytes.equals(LARGE)).toBe(true);
		expect((await server.get("restored/ü")).bytes.toString()).toBe("umlaut");
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it.each([
		["restored", "restored/a"],
		["", "a"],
	])("takes the prefix %j for a directory", async (prefix, key) => {
		await extract([{ name: "a" }], {}, prefix);
		expect(await server.keys()).toEqual([key]);
	});

	it("extracts from bucket to bucket", async () => {
		await server.put("other", "stays");
		const bytes = handMadeArchive([{ name: "x", content: "1" }]);
		await writeFile(temp.path("x.zip"), bytes);
		await extractArchive(temp.path("x.zip"), `s3://${BUCKET}/first/`);
		await extract([{ name: "inner.zip", content: bytes }], {}, "zips/");
		await extractArchive(`s3://${BUCKET}/zips/inner.zip`, `s3://${BUCKET}/second/`);
		expect(await server.keys()).toEqual(["first/x", "other", "second/x", "zips/inner.zip"]);
	});

	it("leaves what is there, and puts nothing then", async () => {
		await server.put("restored/b", "old");
		await expect(extract([{ name: "a" }, { name: "b", content: "new" }])).rejects.toMatchObject({
			code: "DESTINATION_EXISTS",
			message: `s3://${BUCKET}/restored/b exists already; nothing was written; set overwrite`,
		});
		expect(await server.keys()).toEqual(["restored/b"]);
		await extract([{ name: "a" }, { name: "b", content: "new" }], { overwrite: true });
		expect((await server.get("restored/b")).bytes.toString()).toBe("new");
	});

	it("leaves also what comes there meanwhile", async () => {
		let putting: Promise<void> | undefined;
		const entries = [{ name: "large", content: LARGE }];
		await expect(
			extract(entries, {
				onEvent: ({ type }) => {
					if (type === "extract-planned") putting = server.put("restored/large", "old");
				},
			}),
		).rejects.toMatchObject({ code: "DESTINATION_EXISTS" });
		await putting;
		expect((await server.get("restored/large")).bytes.toString()).toBe("old");
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("leaves out links, with a warning", async () => {
		const link = { content: "x", versionMadeBy: MADE_ON_UNIX, externalAttributes: unixMode(0o120777) };
		const result = await extract([{ name: "a" }, { name: "l", ...link }]);
		expect(result).toMatchObject({
			entryCount: 1,
			leftOutCount: 1,
			warnings: [{ code: "ENTRY_LEFT_OUT", origin: "l" }],
		});
		expect(await server.keys()).toEqual(["restored/a"]);
	});

	it.each([
		[
			"a name that is no UTF-8",
			{ name: Buffer.from("\xff", "latin1"), versionMadeBy: MADE_ON_UNIX },
			"is not UTF-8",
		],
		["a name that is too long", { name: `${"d/".repeat(510)}file` }, "a key of more than 1,024 bytes"],
		["a name that leads up", { name: "../x" }, "would leave the target"],
	])("refuses %s, and puts nothing", async (_what, entry, message) => {
		await expect(extract([{ name: "a" }, entry])).rejects.toMatchObject({
			code: "UNSAFE_ENTRY",
			message: expect.stringContaining(message),
		});
		expect(await server.keys()).toEqual([]);
	});

	it.each([
		["small", "abc"],
		["large", LARGE],
	])("puts nothing under the key of a %s entry that is damaged", async (_what, content) => {
		const crc = { crc32: 1 };
		await expect(extract([{ name: "bad", content, ...crc, local: crc }])).rejects.toMatchObject({
			code: "ENTRY_CORRUPT",
		});
		expect(await server.keys()).toEqual([]);
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("does not go on from another run, which it cannot compare with", async () => {
		await expect(extract([{ name: "a" }], { resume: true })).rejects.toMatchObject({
			code: "INVALID_OPTION",
			option: "resume",
		});
	});

	it("puts nothing in a dry run", async () => {
		expect(await extract([{ name: "a" }], { dryRun: true })).toMatchObject({ entryCount: 1 });
		expect(await server.keys()).toEqual([]);
	});
});
