import { randomBytes } from "node:crypto";
import { chmod, utimes } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createZip } from "../../../src/archive/create-zip.ts";
import type { CreateZipOptions } from "../../../src/archive/options.ts";
import type { ZipferryEvent } from "../../../src/events.ts";
import type { MeasurableEntry, SourceReport } from "../../../src/sources/entry-source.ts";
import { allEntries, closeSources, openSources } from "../../../src/sources/open-sources.ts";
import type { Source } from "../../../src/sources/source.ts";
import type { SourceOptions } from "../../../src/sources/source-options.ts";
import { planUpload } from "../../../src/upload/plan-upload.ts";
import { uploadZip } from "../../../src/upload/upload-zip.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { bytesOf } from "../../s3/contract-connection.ts";
import { contractServer } from "../../s3/servers.ts";
import { sourceSettings } from "../../support/settings.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { type ReadEntry, zipContents } from "../../support/zip-contents.ts";

/** Runs on every storage that `ZIPFERRY_TEST_S3` can name. */
const server = await contractServer();
const temp = useTempDirectory();
let bucket: ContractBucket;
beforeAll(() => {
	vi.stubEnv("AWS_ACCESS_KEY_ID", server.credentials.accessKeyId);
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.credentials.secretAccessKey);
});
beforeEach(async () => {
	bucket = await ContractBucket.create(server);
});
afterEach(() => bucket.destroy());
afterAll(async () => {
	await server.stop();
	vi.unstubAllEnvs();
});

async function put(objects: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
	for (const [key, content] of Object.entries(objects)) await bucket.put(key, Buffer.from(content));
}

interface Made {
	readonly contents: Map<string, ReadEntry>;
	readonly names: string[];
	readonly bytes: Buffer;
	readonly events: ZipferryEvent[];
}

async function zipOf(sources: Source | readonly Source[], options: CreateZipOptions = {}): Promise<Made> {
	const chunks: Uint8Array[] = [];
	const events: ZipferryEvent[] = [];
	const { endpoint, region } = server;
	await createZip(
		sources,
		async (incoming) => {
			for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
		},
		{
			sourceStorage: { endpoint, region, provider: "generic" },
			onEvent: (event) => events.push(event),
			...options,
		},
	);
	const bytes = Buffer.concat(chunks);
	const contents = await zipContents(bytes);
	return { contents, names: [...contents.keys()], bytes, events };
}

const at = (key: string) => `s3://${bucket.name}/${key}`;

/** Options under which sources are found on the server of the test. */
const settings = (options: SourceOptions = {}) =>
	sourceSettings({
		sourceStorage: { endpoint: server.endpoint, region: server.region, provider: "generic" },
		...options,
	});

const failOn: SourceReport = {
	onEvent: () => {},
	onUnreadable: (_origin, error) => {
		throw error;
	},
};

/** Opens a source, and gives its first entry, listed by now. */
async function firstEntry(key: string): Promise<{ entry: MeasurableEntry; close: () => Promise<void> }> {
	const sources = await openSources([at(key)], settings(), 0);
	for await (const batch of allEntries(sources, failOn))
		for (const entry of batch) return { entry, close: () => closeSources(sources) };
	throw new Error("nothing was listed");
}

const { signal } = new AbortController();

describe(`objects as sources (${server.name})`, { timeout: 120_000 }, () => {
	it("archives what is below a prefix, in the order of the bytes of its keys", async () => {
		await put({
			"p/b": "B",
			"p/a/1": "A1",
			"p/a-b": "dash",
			"p/a.x": "dot",
			"other/x": "no",
			"p/ü 🚢+%": "ü",
		});
		const { contents, names } = await zipOf(at("p/"));
		expect(names).toEqual(["a-b", "a.x", "a/1", "b", "ü 🚢+%"]);
		expect(contents.get("a/1")?.data.toString()).toBe("A1");
		expect((contents.get("b")?.mode ?? 0) & 0o777).toBe(0o644);
	});

	it("takes the time that rclone or s3cmd has kept, also of an empty object", async () => {
		const attributes = "atime:1/ctime:2/gid:0/md5:x/mode:33188/mtime:1600000000/uid:0/uname:root";
		await bucket.put("p/empty", Buffer.alloc(0), { Metadata: { mtime: "1500000000.25" } });
		await bucket.put("p/rclone", "r", { Metadata: { mtime: "1500000000.123456789" } });
		await bucket.put("p/s3cmd", "s", { Metadata: { "s3cmd-attrs": attributes } });
		await bucket.put("p/without", "w");
		const { contents } = await zipOf(at("p/"));
		const times = [...contents].map(([name, { mtime }]) => [name, mtime.getTime() / 1000] as const);
		expect(times.slice(0, 3)).toEqual([
			["empty", 1_500_000_000],
			["rclone", 1_500_000_000],
			["s3cmd", 1_600_000_000],
		]);
		expect(Math.abs((times[3]?.[1] ?? 0) - Date.now() / 1000)).toBeLessThan(600);
		const { contents: set } = await zipOf(at("p/"), { mtime: "2020-01-01" });
		expect(set.get("rclone")?.mtime.toISOString()).toBe("2020-01-01T00:00:00.000Z");
	});

	it("gives the bytes that the same files on disk give", async () => {
		const tree: Record<string, Buffer> = {
			"a-b": Buffer.from("dash"),
			"a.d/z": Buffer.alloc(0),
			"a/b": Buffer.from("x".repeat(5000)),
			"a/c/d": randomBytes(1_500_000),
			ü: Buffer.from("umlaut"),
		};
		await temp.write(tree);
		for (const [name, bytes] of Object.entries(tree)) {
			await chmod(temp.path(name), 0o644);
			await utimes(temp.path(name), 1_600_000_001, 1_600_000_001);
			await bucket.put(`p/${name}`, bytes, { Metadata: { mtime: "1600000001.000000000" } });
		}
		const disk = await zipOf(temp.path(), { include: ["*", "!*/"] }); // without directories
		const { bytes, names } = await zipOf(at("p/"));
		expect(names).toEqual(Object.keys(tree));
		expect(bytes.equals(disk.bytes)).toBe(true);
	});

	it("takes a key that ends in a slash for a directory, and nothing for the prefix itself", async () => {
		await put({ "p/": "", "p/empty/": "", "p/x": "x" });
		const { names, contents } = await zipOf(at("p/"));
		expect(names).toEqual(["empty/", "x"]);
		expect((contents.get("empty/")?.mode ?? 0) & 0o777).toBe(0o755);
	});

	it.each(["p/", "p/d/"])("refuses content of a directory: %s", async (key) => {
		await put({ [key]: "content", "p/x": "x" });
		await expect(zipOf(at("p/"))).rejects.toMatchObject({
			code: "SOURCE_UNREADABLE",
			message: expect.stringContaining(`${at(key)} has 7 bytes of content`),
		});
		expect((await zipOf(at("p/"), { skipErrors: true })).names).toEqual(["x"]);
	});

	it.each(["../up", "a/../b", "./a", "a//b", "/abs", "a/."])(
		"refuses the key %s, unless it is left out",
		async (path) => {
			await put({ [`p/${path}`]: "x", "p/zz": "z" });
			await expect(zipOf(at("p/"))).rejects.toMatchObject({
				code: "SOURCE_UNREADABLE",
				message: expect.stringMatching(/ cannot be a name in an archive: .*; set exclude.* skipErrors/),
				origin: at(`p/${path}`),
			});
			const skipped = await zipOf(at("p/"), { skipErrors: true });
			expect(skipped.names).toEqual(["zz"]);
			expect(skipped.events).toContainEqual(expect.objectContaining({ code: "UNREADABLE_SKIPPED" }));
			expect((await zipOf(at("p/"), { include: ["zz"] })).names).toEqual(["zz"]);
		},
	);

	it("refuses a key that would be a file and a directory, also if others come between", async () => {
		await put({ "p/a": "file", "p/a-": "x", "p/a.x": "x", "p/a/b": "below" });
		await expect(zipOf(at("p/"))).rejects.toMatchObject({
			code: "DUPLICATE_ENTRY",
			origins: [at("p/a"), at("p/a/b")],
		});
		expect((await zipOf(at("p/"), { exclude: ["a/"] })).names).toEqual(["a", "a-", "a.x"]);
	});

	it("takes filters as for a directory", async () => {
		await put({ "p/a.log": "x", "p/a.txt": "long text", "p/cache/x.txt": "x", "p/d/b.txt": "x" });
		const names = async (options: CreateZipOptions) => (await zipOf(at("p/"), options)).names;
		expect(await names({ exclude: ["*.log", "cache/"] })).toEqual(["a.txt", "d/b.txt"]);
		expect(await names({ include: ["/d/"] })).toEqual(["d/b.txt"]);
		expect(await names({ excludeLargerThan: 3 })).toEqual(["a.log", "cache/x.txt", "d/b.txt"]);
	});

	it("finds one object, and otherwise what is below it, with or without a slash", async () => {
		await put({ "d/one.txt": "1", "d/sub/two.txt": "2", dx: "x" });
		const names = async (sources: Source | Source[]) => (await zipOf(sources)).names;
		expect(await names(at("d/one.txt"))).toEqual(["one.txt"]);
		expect(await names({ url: at("d/one.txt"), as: "n/1" })).toEqual(["n/1"]);
		expect(await names(at("d"))).toEqual(["one.txt", "sub/two.txt"]);
		expect(await names({ url: new URL(at("d/sub/")), as: "s/" })).toEqual(["s/two.txt"]);
		expect(await names([at("d/sub"), at("dx")])).toEqual(["sub/two.txt", "dx"]);
		expect(await names(`s3://${bucket.name}`)).toEqual(["d/one.txt", "d/sub/two.txt", "dx"]);
		await expect(zipOf({ url: at("dx"), as: "" })).rejects.toMatchObject({ code: "INVALID_ENTRY_NAME" });
	});

	it("says what is not there, or leaves it out", async () => {
		await put({ x: "x" });
		for (const key of ["none", "none/"]) {
			await expect(zipOf([at(key), at("x")])).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
			const { names, events } = await zipOf([at(key), at("x")], { skipMissing: true });
			expect(names).toEqual(["x"]);
			expect(events).toContainEqual(expect.objectContaining({ type: "skipped", origin: at(key) }));
		}
		await expect(zipOf(`s3://${bucket.name}-none/p/`)).rejects.toMatchObject({ code: "NO_SUCH_BUCKET" });
	});

	it("reads an object in the state in which it was listed, and no other", async () => {
		await put({ "p/x": "old" });
		const changed = await firstEntry("p/");
		await put({ "p/x": "new" });
		await expect(changed.entry.open(signal)).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
		await bucket.delete("p/x");
		await expect(changed.entry.open(signal)).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
		await changed.close();
	});

	it("notices that an empty object was replaced or deleted", async () => {
		await put({ "p/x": "" });
		const { entry, close } = await firstEntry("p/");
		await put({ "p/x": "new" });
		await expect(entry.open(signal)).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
		await bucket.delete("p/x");
		await expect(entry.open(signal)).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
		await close();
	});

	it("notices in the middle of a large object that it was replaced", async () => {
		await put({ "p/x": randomBytes(3_000_000) });
		const { entry, close } = await firstEntry("p/");
		const reader = await entry.open(signal);
		const block = Buffer.alloc(1024 * 1024);
		expect(await reader.read(block)).toBe(block.byteLength);
		await put({ "p/x": randomBytes(3_000_000) });
		await expect(reader.read(block)).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
		await reader.close();
		await close();
	});

	it("gives any bytes of an object as long as it is the one that was listed", async () => {
		const content = randomBytes(2_500_000);
		await put({ "p/x": content });
		const { entry, close } = await firstEntry("p/");
		const ranged = await entry.ranged?.(signal);
		if (ranged === undefined) throw new Error("no ranges");
		const read = async (start: number, end: number) => bytesOf({ chunks: ranged.read(start, end, signal) });
		expect(ranged).toMatchObject({ size: content.byteLength, mode: 0o644 });
		expect(content.subarray(1_000_000, 2_200_000).equals(await read(1_000_000, 2_200_000))).toBe(true);
		expect(await read(5, 5)).toEqual(Buffer.alloc(0));
		await put({ "p/x": randomBytes(2_500_000) });
		await expect(read(0, 1)).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
		const now = await firstEntry("p/");
		expect((await now.entry.ranged?.(signal))?.identity).not.toBe(ranged.identity);
		await now.close();
		await bucket.delete("p/x");
		await expect(read(0, 1)).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
		await close();
	});
});

describe(`uploads of objects (${server.name})`, { timeout: 120_000 }, () => {
	const target = () => ({
		...{ bucket: bucket.name, endpoint: server.endpoint, region: server.region },
		provider: "generic" as const,
	});

	it("reach the sources as the target, and leave out the archive itself", async () => {
		await put({ "p/a": "A", "p/old.zip": "an earlier archive" });
		const result = await uploadZip(at("p/"), { ...target(), key: "p/old.zip" });
		expect(result.entryCount).toBe(1);
		expect([...(await zipContents(await bucket.read("p/old.zip"))).keys()]).toEqual(["a"]);
	});

	it("leave out drafts of archives, with a warning for those of others", async () => {
		await put({ "p/a": "A", "p/old.zip.zipferry-draft": "mine", "p/x.zip.zipferry-draft": "of another" });
		await put({ "p/y.zip.zipferry-probe": "left by a trial", "p/.zipferry-probe": "a file" });
		const result = await uploadZip(at("p/"), { ...target(), key: "p/old.zip" });
		expect([...(await zipContents(await bucket.read("p/old.zip"))).keys()]).toEqual([".zipferry-probe", "a"]);
		expect(result.warnings.filter(({ code }) => code === "DRAFT_SKIPPED")).toMatchObject([
			{
				origin: at("p/x.zip.zipferry-draft"),
				message: expect.stringMatching(/^left out .*: the draft of an archive/),
			},
			{ origin: at("p/y.zip.zipferry-probe") },
		]);
	});

	it("are planned by a listing, while the upload itself lists once", async () => {
		await put({ "p/a": "A", "p/b": "BB" });
		const options = { ...target(), key: "x.zip", method: "store" as const };
		const plan = await planUpload(at("p/"), options);
		expect(plan).toMatchObject({ entryCount: 2, sourceSize: 3, exact: true });
		const lists = () => server.requests?.filter(({ operation }) => operation === "ListObjectsV2").length ?? 0;
		const before = lists();
		const { size } = await uploadZip(at("p/"), options);
		expect(size).toBe(plan.sizeBound);
		if (server.requests !== undefined) expect(lists() - before).toBe(2); // whether there is anything, and all of it
	});
});
