import { describe, expect, it } from "vitest";
import { removeFromZip } from "../../src/index.ts";
import { noise } from "../support/bytes.ts";
import { EditedBucket } from "./edited-bucket.ts";

const MIB = 1024 ** 2;
const bucket = new EditedBucket();
const remove = (patterns: readonly string[], more: object = {}) =>
	removeFromZip(bucket.url("a.zip"), patterns, { ...bucket.storage, ...more });

describe("removeFromZip", () => {
	it("leaves out what matches; runs that are large enough are copied, the rest is carried", async () => {
		const kept = { "a.bin": noise(5.5 * MIB, 1), "c.bin": noise(5.5 * MIB, 2), "e.txt": "e" };
		const { "a.bin": one, "c.bin": two, "e.txt": three } = kept;
		const all = { "a.bin": one, "b.raw": "gone", "c.bin": two, "d.raw": "gone", "e.txt": three };
		await bucket.upload("a.zip", all, { method: "store" });
		const result = await remove(["*.raw"]);
		expect(result).toMatchObject({ entryCount: 3, removedEntryCount: 2, addedEntryCount: 0 });
		expect(result).toMatchObject({ copiedEntryCount: 2, carriedEntryCount: 1 });
		expect(Object.keys(await bucket.contentsOf("a.zip"))).toEqual(["a.bin", "c.bin", "e.txt"]);
		expect(await bucket.server.keys()).toEqual(["a.zip"]);
	});

	it("reads some of what stays back, or as much as it is told", async () => {
		const names = Array.from({ length: 40 }, (_, index) => `${index + 10}.bin`);
		const all = Object.fromEntries(names.map((name, index) => [name, noise(200_000, index)]));
		await bucket.upload("a.zip", all, { method: "store" });
		const few = await remove(["10.bin"]);
		expect(few).toMatchObject({
			...{ copiedEntryCount: 39, verified: "structure", verifiedEntryCount: 16, comparedEntryCount: 0 },
		});
		const every = await remove(["11.bin"], { verifySample: 1 });
		expect(every).toMatchObject({ copiedEntryCount: 38, verifiedEntryCount: 38 });
		expect(every.verifiedSize).toBeGreaterThan(38 * 200_000);
	});

	it("knows patterns in gitignore syntax", async () => {
		await bucket.upload("a.zip", { "d/": "", "d/a": "a", "d/b": "b", "x.log": "x", "keep.log": "k" });
		await remove(["d/", "*.log", "!keep.log"]);
		expect(await bucket.contentsOf("a.zip")).toEqual({ "keep.log": "k" });
	});

	it("fails if a pattern matches nothing, or all, and changes nothing", async () => {
		await bucket.upload("a.zip", { a: "a", b: "b" });
		const before = await bucket.state("a.zip");
		await expect(remove(["a", "*.log"])).rejects.toMatchObject({
			code: "NO_SUCH_ENTRY",
			message: expect.stringContaining('one of the patterns, "*.log" matches'),
		});
		await expect(remove(["*"])).rejects.toMatchObject({
			code: "SOURCE_EMPTY",
			message:
				"the patterns match all of s3://demo/a.zip: nothing would be left; set allowEmpty to true if that is meant",
		});
		await expect(remove(["!a"])).rejects.toMatchObject({ code: "INVALID_OPTION" });
		await expect(remove([" "])).rejects.toMatchObject({ code: "INVALID_OPTION" });
		expect(await bucket.state("a.zip")).toEqual(before);
	});

	it("refuses a storage class whose objects cannot be read back, before anything is replaced", async () => {
		await bucket.upload("a.zip", { a: "a", b: "b" });
		const before = await bucket.state("a.zip");
		await expect(remove(["a"], { storageClass: "DEEP_ARCHIVE" })).rejects.toMatchObject({
			code: "INVALID_OPTION",
			message: "storageClass is DEEP_ARCHIVE, whose objects cannot be read back before they are restored",
		});
		expect(await bucket.state("a.zip")).toEqual(before);
	});

	it("leaves an empty archive if that is allowed", async () => {
		await bucket.upload("a.zip", { a: "a", b: "b" });
		expect(await remove(["*"], { allowEmpty: true })).toMatchObject({ entryCount: 0, removedEntryCount: 2 });
		expect(await bucket.contentsOf("a.zip")).toEqual({});
	});
});
