import { chmod, utimes } from "node:fs/promises";
import { ListPartsCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type LocalS3, startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import { crc32 } from "../../../src/bytes/crc32.ts";
import { KiB } from "../../../src/bytes/units.ts";
import type { ZipferryEvent } from "../../../src/events.ts";
import { decodeRow, type PlannedEntry } from "../../../src/shards/entry-rows.ts";
import type { Manifest } from "../../../src/shards/manifest.ts";
import type { PlanShardsOptions } from "../../../src/shards/plan/options.ts";
import { planShards } from "../../../src/shards/plan/plan-shards.ts";
import type { ShardSource } from "../../../src/shards/plan/sources/shard-source.ts";
import { manifestKey, pageKey, shardsPrefix } from "../../../src/shards/shard-keys.ts";
import type { ShardPlan } from "../../../src/shards/shard-plan.ts";
import type { Source } from "../../../src/sources/source.ts";
import { uploadZip } from "../../../src/upload/upload-zip.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { DIFFERENCES } from "../../s3/differences.ts";
import { startRangeServer } from "../../support/range-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";

const temp = useTempDirectory();
const server: LocalS3 = await startLocalS3();
const contract = {
	...server,
	name: "embedded" as const,
	credentials: { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey },
	differences: DIFFERENCES.embedded,
	stop: () => server.close(),
};
let bucket: ContractBucket;
beforeEach(async () => {
	bucket = await ContractBucket.create(contract);
	return () => bucket.destroy();
});
afterAll(() => server.close());

const KEY = "backups/all.zip";

function optionsOf(more: Partial<PlanShardsOptions> = {}): PlanShardsOptions {
	const { endpoint, region } = server;
	return {
		...{ bucket: bucket.name, key: KEY, endpoint, region, provider: "ceph", pathStyle: true },
		credentials: contract.credentials,
		retryTimeMs: 100,
		...more,
	};
}

interface Planned {
	readonly plan: ShardPlan;
	readonly manifest: Manifest;
	/** Of each shard. */
	readonly rows: readonly (readonly PlannedEntry[])[];
	readonly names: readonly string[];
	readonly events: readonly ZipferryEvent[];
}

async function planned(
	sources: ShardSource | readonly ShardSource[],
	more: Partial<PlanShardsOptions> = {},
): Promise<Planned> {
	const events: ZipferryEvent[] = [];
	const plan = await planShards(sources, optionsOf({ onEvent: (event) => events.push(event), ...more }));
	const manifest = JSON.parse((await bucket.read(manifestKey(plan))).toString()) as Manifest;
	const pages = await Promise.all(manifest.pages.map((_, index) => bucket.read(pageKey(plan, index))));
	for (const [index, page] of pages.entries())
		expect({ size: page.byteLength, crc32: crc32(page) }).toEqual(manifest.pages[index]);
	const rows = manifest.shards.map((shard) =>
		shard.rows.flatMap(({ page, offset, size, crc32: expected }) => {
			const bytes = pages[page]?.subarray(offset, offset + size) ?? Buffer.alloc(0);
			expect(crc32(bytes)).toBe(expected);
			return bytes.toString("latin1").trimEnd().split("\n").map(decodeRow);
		}),
	);
	for (const [index, shard] of manifest.shards.entries()) {
		expect(rows[index]).toHaveLength(shard.entryCount);
		const size = rows[index]?.reduce((sum, row) => sum + row.size, 0);
		expect(size).toBe(shard.sourceSize);
	}
	return { plan, manifest, rows, names: rows.flat().map(({ name }) => name), events };
}

/** Of the archive that one process makes. */
async function namesOfArchive(sources: Source | readonly Source[]): Promise<string[]> {
	const { workers: _, maxEntries: __, maxBytes: ___, ...options } = optionsOf({ key: "whole.zip" });
	await uploadZip(sources, options);
	const names = await zipNames(await bucket.read("whole.zip"));
	await bucket.delete("whole.zip");
	return names.map((name) => Buffer.from(name).toString("latin1"));
}

/** Nothing is left in the bucket, neither objects nor uploads. */
async function expectNothing(): Promise<void> {
	expect(await bucket.keys()).toEqual([]);
	expect(await bucket.uploads()).toEqual([]);
}

describe("planShards", () => {
	it("writes down a directory as one process would archive it, and begins the upload", async () => {
		await temp.write({
			"src/b/c.txt": "abc",
			"src/b-d.txt": "12345",
			"src/a.txt": "a",
			"src/ü.txt": "ü",
			"src/link": { link: "a.txt" },
			"src/empty": null,
			"src/left-out.log": "no",
		});
		await chmod(temp.path("src/a.txt"), 0o640);
		await utimes(temp.path("src/a.txt"), 1_700_000_000.5, 1_700_000_000.5);
		const more = { exclude: ["*.log"], metadata: { owner: "me" }, comment: "all", level: 9 as const };
		const { plan, manifest, rows, names } = await planned(temp.path("src"), more);
		expect(names).toEqual(["a.txt", "b-d.txt", "b/", "b/c.txt", "empty/", "link", "\xc3\xbc.txt"]);
		expect(rows[0]?.[0]).toEqual({
			...{ name: "a.txt", source: 0, place: "a.txt", kind: "file", size: 1 },
			...{ mtimeMs: 1_700_000_000_500, mode: 0o640 },
		});
		expect(rows[0]?.[5]).toMatchObject({ name: "link", kind: "symlink", size: 5 });
		expect(plan).toMatchObject({ version: 1, shardCount: 1, entryCount: 7, bucket: bucket.name, key: KEY });
		expect(manifest).toMatchObject({ ...plan, sources: [{ kind: "directory", path: temp.path("src") }] });
		expect(manifest.archive).toEqual({ method: "auto", level: 9, comment: "all" });
		expect(await bucket.uploads()).toEqual([{ Key: KEY, UploadId: plan.uploadId }]);
		await bucket.client.send(
			new ListPartsCommand({ Bucket: bucket.name, Key: KEY, UploadId: plan.uploadId }),
		);
		const part = await bucket.uploadPart(KEY, plan.uploadId, 1, Buffer.from("x"));
		await bucket.complete(KEY, plan.uploadId, [part]);
		const { Metadata } = await bucket.head(KEY);
		expect(Metadata).toMatchObject({ owner: "me", "zipferry-shards": plan.id });
		expect(JSON.stringify(await bucket.keys())).not.toContain("secret");
		await bucket.delete(KEY);
	});

	it("has the entries and names of one process for several sources, in the order of names", async () => {
		await temp.write({ "z/1.txt": "1", "z/sub/2.txt": "2", "a/x.txt": "x", "m.txt": "m" });
		for (const key of ["p/one", "p/two/three", "single"]) await bucket.put(key, key);
		const sources = [
			temp.path("z"),
			`s3://${bucket.name}/p/`,
			{ path: temp.path("m.txt"), as: "a/y.txt" },
			{ path: temp.path("a"), as: "b" },
			`s3://${bucket.name}/single`,
		];
		const { names, manifest, rows } = await planned(sources);
		expect(names).toEqual((await namesOfArchive(sources)).sort());
		expect(manifest.sources).toHaveLength(4); // the bucket is one
		const placeOf = (name: string) => {
			const row = rows.flat().find((each) => each.name === name);
			return { source: manifest.sources[row?.source ?? -1], place: row?.place };
		};
		expect(placeOf("a/y.txt")).toEqual({
			source: { kind: "directory", path: temp.path(), followLinks: true },
			place: "m.txt",
		});
		expect(placeOf("p/two/three")).toEqual({
			source: { kind: "objects", bucket: bucket.name },
			place: "p/two/three",
		});
		await bucket.delete("p/one");
	});

	it("pins objects by ETag, size and time", async () => {
		await bucket.put("in/ü", "content");
		const { rows } = await planned(`s3://${bucket.name}/in/`);
		const { ETag, LastModified } = await bucket.head("in/ü");
		const [row] = rows.flat();
		expect(row).toMatchObject({ place: "in/ü", etag: ETag?.replaceAll('"', ""), size: 7, mode: 0o644 });
		expect(Math.floor((row?.mtimeMs ?? 0) / 1000) * 1000).toBe(LastModified?.getTime());
	});

	it("pins resources, and refuses those that nothing tells from another state", async () => {
		const bytes = Buffer.from("data of a page");
		const strong = await startRangeServer();
		const none = await startRangeServer({ validators: () => ({}) });
		strong.put(bytes);
		none.put(bytes);
		try {
			const { rows, manifest } = await planned(`${strong.url}/page.bin`);
			expect(manifest.sources).toEqual([{ kind: "resources" }]);
			expect(rows.flat()[0]).toMatchObject({ place: `${strong.url}/page.bin`, size: bytes.byteLength });
			expect(rows.flat()[0]?.etag).toMatch(/^[^"]+$/);
			await expect(planned(`${none.url}/page.bin`)).rejects.toThrow(
				/neither an ETag nor a time of its last change/,
			);
			const secret = strong.url.replace("//", "//me:pass@");
			await expect(planned(`${secret}/page.bin`)).rejects.toThrow(/has a user or a password/);
		} finally {
			await strong.close();
			await none.close();
		}
	});

	it("cuts what is large into shards for the workers, whose parts have ranges of their own", async () => {
		const tree = Object.fromEntries(
			Array.from({ length: 60 }, (_, index) => [`src/${index}.bin`, Buffer.alloc(1000 * KiB, index)]),
		);
		await temp.write(tree);
		const { plan, manifest, names } = await planned(temp.path("src"), { maxEntries: 10 });
		expect(plan.shardCount).toBe(6);
		expect(names).toEqual(
			Object.keys(tree)
				.map((name) => name.slice(4))
				.sort(),
		);
		const numbers = manifest.shards.flatMap(({ firstPart, partCount }) =>
			Array.from({ length: partCount }, (_, index) => firstPart + index),
		);
		expect(numbers).toEqual(numbers.map((_, index) => index + 1));
		expect(manifest.directory.firstPart).toBe(numbers.length + 1);
		expect(manifest.exact).toBe(false);
		const exact = await planned(temp.path("src"), { maxEntries: 10, method: "store" });
		expect(exact.manifest.exact).toBe(true);
	});

	it("asks AWS for an upload without checksums where numbers have gaps, and for one with them where not", async () => {
		await temp.write({ "src/a.txt": "abc" });
		const kindOf = async (method: "auto" | "store") => {
			const { plan } = await planned(temp.path("src"), { provider: "aws", method });
			const { uploadId: UploadId } = plan;
			const listed = await bucket.client.send(
				new ListPartsCommand({ Bucket: bucket.name, Key: KEY, UploadId }),
			);
			return listed.ChecksumAlgorithm;
		};
		expect(await kindOf("auto")).toBe(undefined);
		expect(await kindOf("store")).toBe("CRC32");
	});

	it("reads a list of entries: files, objects and resources under names of its own", async () => {
		await temp.write({ "x/file.txt": "abc" });
		await bucket.put("o", "object");
		const web = await startRangeServer();
		web.put(Buffer.from("web"));
		try {
			const lines = [
				{ name: "1/file", source: temp.path("x/file.txt") },
				{ name: "2/object", source: `s3://${bucket.name}/o` },
				{ name: "3/page", source: `${web.url}/w` },
			];
			await temp.write({ "list.jsonl": `${lines.map((line) => JSON.stringify(line)).join("\n")}\n` });
			const { rows, manifest, names } = await planned({ entries: temp.path("list.jsonl") });
			expect(names).toEqual(["1/file", "2/object", "3/page"]);
			expect(rows.flat().map(({ source }) => manifest.sources[source]?.kind)).toEqual([
				...["directory", "objects", "resources"],
			]);
			expect(rows.flat()[0]?.place).toBe(temp.path("x/file.txt").slice(1));
			expect((await planned({ entries: lines })).names).toEqual(names);
			const twice = [lines[0], lines[0]].flatMap((line) => line ?? []);
			await expect(planned({ entries: twice })).rejects.toMatchObject({ code: "DUPLICATE_ENTRY" });
		} finally {
			await web.close();
		}
	});

	it.each<[string, string, RegExp]>([
		[
			"is not sorted",
			'{"name":"b","source":"f"}\n\n{"name":"a","source":"f"}\n',
			/line 3 is not in its place.*jq/,
		],
		["has no names", '{"source":"f"}\n', /line 1 is not an entry like/],
		["is no JSON", "a.txt\n", /line 1 is not an entry like/],
		["leads out", '{"name":"../a","source":"f"}\n', /line 1: .*"\.\."/],
		[
			"names nothing",
			'{"name":"a","source":"/nowhere/at/all"}\n',
			/line 1: .*\/nowhere\/at\/all: does not exist/,
		],
		["names a directory", '{"name":"a","source":"/"}\n', /line 1: "\/" is no file/],
	])("refuses a list that %s, and says where", async (_, text, message) => {
		await temp.write({ "list.jsonl": text, f: "f" });
		const list = text.replaceAll('"f"', JSON.stringify(temp.path("f")));
		await temp.write({ "list.jsonl": list });
		const attempt = planned({ entries: temp.path("list.jsonl") });
		await expect(attempt).rejects.toThrow(message);
		await expectNothing();
	});

	it("leaves out the archive itself and the helper objects of plans, with one warning for each", async () => {
		await temp.write({ "src/a.txt": "a" });
		const other = await planned(temp.path("src"), { key: "in/other.zip" });
		await bucket.put("in/real", "x");
		await bucket.put("in/mine.zip", "old");
		const { names, events } = await planned(`s3://${bucket.name}/in/`, { key: "in/mine.zip" });
		expect(names).toEqual(["real"]);
		const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
		expect(warnings.filter((message) => message.includes("helper objects"))).toEqual([
			expect.stringContaining(shardsPrefix(other.plan)),
		]);
		expect(await namesOfArchive(`s3://${bucket.name}/in/`)).toEqual(["mine.zip", "real"]);
	});

	it.each<[string, Partial<PlanShardsOptions>, RegExp]>([
		["R2", { provider: "r2" }, /takes parts of one size only/],
		["a storage that nobody knows", { provider: undefined }, /nobody knows which parts.*set provider/],
		["gaps that nobody has tried", { provider: "wasabi" }, /nobody knows whether.*set method to store/],
		["a directory bucket", { provider: "aws", bucket: "logs--use1-az4--x-s3" }, /no part numbers with gaps/],
	])("refuses %s before anything is sent", async (_, more, message) => {
		await temp.write({ "src/a.txt": "abc" });
		const before = server.requests.length;
		await expect(planShards(temp.path("src"), optionsOf(more))).rejects.toThrow(message);
		expect(server.requests.length).toBe(before);
	});

	it.each<[string, () => ShardSource]>([
		["a generated entry", () => ({ name: "a", content: "a" })],
		["a command", () => ({ name: "a", command: ["true"] })],
		["a list of paths", () => ({ paths: ["a"] })],
		["an iterable", () => [{ name: "a", content: "a" }][Symbol.iterator]() as Iterable<{ name: string }>],
		["an archive", () => ({ archive: "a.zip" })],
		["a storage of its own", () => ({ url: "s3://b/c", storage: { region: "x" } })],
	])("refuses %s, which workers cannot reach", async (_, source) => {
		await expect(planned([source()])).rejects.toMatchObject({ code: "INVALID_OPTION" });
		await expectNothing();
	});

	it("leaves nothing when sources collide, are empty, or are missing", async () => {
		await temp.write({ "a/x": "1", "b/x": "2", "c/x/y": "3", none: null });
		const at = (name: string) => ({ path: temp.path(name), as: "" });
		await expect(planned([at("a"), at("b")])).rejects.toMatchObject({ code: "DUPLICATE_ENTRY" });
		await expect(planned([at("a"), at("c")])).rejects.toThrow(/would be a file and a directory/);
		await expect(planned(temp.path("none"))).rejects.toMatchObject({ code: "SOURCE_EMPTY" });
		await expect(planned(temp.path("nowhere"))).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
		await expectNothing();
	});

	it("refuses to plan what is there already, if asked to", async () => {
		await temp.write({ "src/a.txt": "abc" });
		await bucket.put(KEY, "there");
		await expect(planned(temp.path("src"), { noClobber: true })).rejects.toMatchObject({
			code: "DESTINATION_EXISTS",
		});
		expect(await bucket.keys()).toEqual([KEY]);
		const { manifest } = await planned(temp.path("src"), { key: "new.zip", noClobber: true });
		expect(manifest.object.noClobber).toBe(true);
	});
});
