import { mkdir, rm, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { appendToZip } from "../../src/index.ts";
import { noise } from "../support/bytes.ts";
import { madeZip } from "../support/made-zip.ts";
import { EditedBucket } from "./edited-bucket.ts";

const MIB = 1024 ** 2;
const bucket = new EditedBucket();
const { a, b } = { a: { "a.txt": "alpha" }, b: { name: "b.txt", content: "beta" } };

describe("appendToZip", () => {
	it("adds entries behind those that are there, and leaves nothing else", async () => {
		await bucket.upload("a.zip", { ...a, "d/": "" });
		const result = await appendToZip(
			bucket.url("a.zip"),
			[b, { name: "d/c.txt", content: "c" }],
			bucket.storage,
		);
		expect(result).toMatchObject({
			...{ bucket: "demo", key: "a.zip", dryRun: false, entryCount: 4, addedEntryCount: 2, partCount: 1 },
			...{ removedEntryCount: 0, copiedEntryCount: 0, copiedSize: 0, carriedEntryCount: 2, warnings: [] },
		});
		const { bytes, ETag } = await bucket.server.get("a.zip");
		expect(result).toMatchObject({ size: bytes.byteLength, etag: ETag?.replaceAll('"', "") });
		expect(await bucket.contentsOf("a.zip")).toEqual({ ...a, "d/": "", "b.txt": "beta", "d/c.txt": "c" });
		expect(await bucket.server.keys()).toEqual(["a.zip"]);
		expect(await bucket.server.incompleteUploads()).toEqual([]);
	});

	it("has the storage copy what is large enough for a part, and sends only what is new", async () => {
		await bucket.upload("a.zip", { "large.bin": noise(6 * MIB, 1), ...a }, { method: "store" });
		const before = bucket.server.s3.requests.length;
		const result = await appendToZip(bucket.url("a.zip"), b, bucket.storage);
		expect(result).toMatchObject({ entryCount: 3, copiedEntryCount: 2, carriedEntryCount: 0, partCount: 1 });
		expect(result.copiedSize).toBeGreaterThan(6 * MIB);
		const sent = bucket.server.s3.requests
			.slice(before)
			.flatMap(({ operation }) =>
				operation.startsWith("UploadPart") || operation.startsWith("Put") ? [operation] : [],
			);
		// The archive, beside the old one, and then copied over it.
		expect(sent.toSorted()).toEqual(["UploadPart", "UploadPartCopy", "UploadPartCopy"]);
		expect(await bucket.contentsOf("a.zip")).toEqual({
			"large.bin": `${6 * MIB} bytes`,
			...a,
			"b.txt": "beta",
		});
	});

	it("gives the same bytes each time", async () => {
		const source = { name: "b.txt", content: "beta", mtime: new Date(1e12) };
		const digests = new Set<string>();
		for (const key of ["one.zip", "two.zip"]) {
			await bucket.upload(key, { ...a, "x.bin": noise(1000, 1) });
			await appendToZip(bucket.url(key), source, bucket.storage);
			digests.add((await bucket.server.get(key)).bytes.toString("base64"));
		}
		expect(digests.size).toBe(1);
	});

	it("takes all of an archive of another program as a source", async () => {
		await bucket.upload("a.zip", a);
		await bucket.server.put("foreign.zip", foreign((await madeZip({ name: "f.txt", content: "f" })).bytes));
		const source = { archive: bucket.url("foreign.zip"), as: "old" };
		await appendToZip(bucket.url("a.zip"), source, bucket.storage);
		expect(await bucket.contentsOf("a.zip")).toEqual({ ...a, "old/f.txt": "f" });
	});

	it("leaves a directory that is there as it is, and adds what is in it", async () => {
		await bucket.upload("a.zip", { "d/": "", "d/a": "a" });
		await mkdir(bucket.path("d"));
		await writeFile(bucket.path("d/b"), "b");
		const sources = [{ path: bucket.path("d"), as: "d" }];
		const result = await appendToZip(bucket.url("a.zip"), sources, bucket.storage);
		expect(result).toMatchObject({ addedEntryCount: 1, entryCount: 3 });
		expect(await bucket.contentsOf("a.zip")).toEqual({ "d/": "", "d/a": "a", "d/b": "b" });
	});

	it("lets new entries replace old ones if asked to", async () => {
		await bucket.upload("a.zip", { ...a, "b.txt": "old", "c.txt": "c" });
		const result = await appendToZip(bucket.url("a.zip"), b, { ...bucket.storage, replace: true });
		expect(result).toMatchObject({ entryCount: 3, addedEntryCount: 1, removedEntryCount: 1 });
		expect(Object.entries(await bucket.contentsOf("a.zip"))).toEqual([
			["a.txt", "alpha"],
			["c.txt", "c"],
			["b.txt", "beta"],
		]);
	});

	it("leaves the archive as it is if there is nothing to add and that is allowed", async () => {
		await bucket.upload("a.zip", a);
		const before = await bucket.state("a.zip");
		await mkdir(bucket.path("empty"));
		const append = (more: object) =>
			appendToZip(bucket.url("a.zip"), bucket.path("empty"), { ...bucket.storage, ...more });
		await expect(append({})).rejects.toMatchObject({
			code: "SOURCE_EMPTY",
			message: expect.stringContaining("there is nothing to append"),
		});
		expect(await append({ allowEmpty: true })).toMatchObject({
			entryCount: 1,
			addedEntryCount: 0,
			partCount: 0,
		});
		expect(await bucket.state("a.zip")).toEqual(before);
	});

	it("only says what it would do in a dry run", async () => {
		await bucket.upload("a.zip", { ...a, "b.txt": "old" });
		const before = await bucket.state("a.zip");
		const options = { ...bucket.storage, dryRun: true, replace: true };
		const planned = await appendToZip(bucket.url("a.zip"), b, options);
		expect(planned).toMatchObject({
			...{ dryRun: true, entryCount: 2, addedEntryCount: 1, removedEntryCount: 1, carriedEntryCount: 1 },
			...{ etag: undefined, partCount: undefined },
		});
		expect(await bucket.state("a.zip")).toEqual(before);
		const { size } = await appendToZip(bucket.url("a.zip"), b, { ...options, dryRun: false });
		expect(planned.size).toBeGreaterThanOrEqual(size ?? 0);
	});

	it("puts a version behind the old one where the bucket keeps versions", async () => {
		await bucket.keepVersions();
		const { versionId: old } = await bucket.upload("a.zip", a);
		const { versionId } = await appendToZip(bucket.url("a.zip"), b, bucket.storage);
		expect(versionId).toBeTruthy();
		expect(versionId).not.toBe(old);
		expect((await bucket.server.get("a.zip")).VersionId).toBe(versionId);
		const puts = bucket.server.s3.requests.filter(({ operation }) => operation === "PutObject");
		expect(puts).toHaveLength(2);
	});

	it("reads and sends all where the storage cannot copy, and says so", async () => {
		await bucket.keepVersions();
		await bucket.upload("a.zip", { "large.bin": noise(6 * MIB, 1), ...a }, { method: "store" });
		const result = await appendToZip(bucket.url("a.zip"), b, { ...bucket.storage, provider: "r2" });
		expect(result).toMatchObject({ copiedEntryCount: 0, carriedEntryCount: 2 });
		expect(result.warnings).toContainEqual(expect.objectContaining({ code: "BASE_NOT_USED" }));
		expect(await bucket.contentsOf("a.zip")).toEqual({
			"large.bin": `${6 * MIB} bytes`,
			...a,
			"b.txt": "beta",
		});
	});
});

describe("appendToZip refuses", () => {
	const append = (source: Parameters<typeof appendToZip>[1], more: object = {}) =>
		appendToZip(bucket.url("a.zip"), source, { ...bucket.storage, ...more });

	it.each([
		[
			"an entry that is there",
			{ "b.txt": "old" },
			b,
			/^two sources give the entry "b\.txt": .+; set replace to true to keep/,
		],
		[
			"a file where a directory is",
			{ "b.txt/": "" },
			b,
			/cannot both be in the archive: one has a file where/,
		],
		[
			"a file where others are in a directory",
			{ "b.txt/x": "x" },
			b,
			/one has a file where the other has a directory/,
		],
		[
			"what is in a directory that is a file",
			{ b: "b" },
			{ name: "b/x", content: "x" },
			/one has a file where/,
		],
	])("%s, and changes nothing", async (_what, there, source, message) => {
		await bucket.upload("a.zip", there);
		const before = await bucket.state("a.zip");
		await expect(append(source)).rejects.toMatchObject({
			code: "DUPLICATE_ENTRY",
			message: expect.stringMatching(message),
		});
		expect(await bucket.state("a.zip")).toEqual(before);
	});

	it("an archive that is not there, and one that zipferry has not made", async () => {
		await expect(append(b)).rejects.toMatchObject({
			code: "SOURCE_NOT_FOUND",
			message: "s3://demo/a.zip does not exist",
		});
		await bucket.server.put("a.zip", foreign((await madeZip({ name: "f.txt", content: "f" })).bytes));
		await expect(append(b)).rejects.toMatchObject({
			code: "SOURCE_UNREADABLE",
			message:
				"s3://demo/a.zip was not made by zipferry, or has other bytes between its entries; archive its entries anew, with s3://demo/a.zip!/ as a source",
		});
	});

	it("to replace what could not be restored: without versions, in a storage that cannot copy", async () => {
		await bucket.upload("a.zip", a);
		const before = await bucket.state("a.zip");
		await expect(append(b, { provider: "r2" })).rejects.toMatchObject({
			code: "INVALID_OPTION",
			message:
				"s3://demo/a.zip cannot be replaced safely: its bucket keeps no versions, and provider r2 takes parts of one size only; merge it into an archive of another name",
		});
		expect(await bucket.state("a.zip")).toEqual(before);
	});

	it("to lose an entry whose replacement is gone when its turn comes", async () => {
		await bucket.upload("a.zip", { "b.txt": "old" });
		const before = await bucket.state("a.zip");
		await mkdir(bucket.path("d"));
		await writeFile(bucket.path("d/b.txt"), "new");
		await writeFile(bucket.path("d/c.txt"), "c");
		const onEvent = ({ type }: { readonly type: string }) =>
			type === "planned" ? rm(bucket.path("d/b.txt")) : undefined;
		const source = { path: bucket.path("d"), as: "" };
		await expect(append(source, { replace: true, onEvent })).rejects.toMatchObject({
			code: "SOURCE_CHANGED",
			message: '"b.txt", which was to replace an entry, is gone since it was looked at',
		});
		await expect(append(source, { replace: true, skipErrors: true })).rejects.toMatchObject({
			code: "INVALID_OPTION",
			message: expect.stringContaining("could lose what is there"),
		});
		expect(await bucket.state("a.zip")).toEqual(before);
	});

	it("an archive that is no object in a bucket", async () => {
		await expect(appendToZip("/srv/a.zip", b)).rejects.toMatchObject({ code: "INVALID_OPTION" });
	});
});

/** The same archive, as if another program had made it: its directory says so. */
function foreign(archive: Buffer): Buffer {
	const bytes = Buffer.from(archive);
	bytes.writeUInt16LE(20, bytes.indexOf("PK\x01\x02", 0, "latin1") + 4);
	return bytes;
}
