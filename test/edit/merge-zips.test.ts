import { describe, expect, it } from "vitest";
import { mergeZips } from "../../src/index.ts";
import { noise } from "../support/bytes.ts";
import { EditedBucket } from "./edited-bucket.ts";

const MIB = 1024 ** 2;
const bucket = new EditedBucket();
const merge = (keys: readonly string[], target: string, more: object = {}) =>
	mergeZips(
		keys.map((key) => bucket.url(key)),
		bucket.url(target),
		{ ...bucket.storage, ...more },
	);

describe("mergeZips", () => {
	it("lists the entries in the order of the archives, wherever they lie", async () => {
		await bucket.upload("a.zip", { a1: "1", a2: noise(5.5 * MIB, 1) }, { method: "store" });
		await bucket.upload("b.zip", { b1: "1", b2: "2" });
		await bucket.upload("c.zip", { c1: noise(5.5 * MIB, 2) }, { method: "store" });
		const result = await merge(["a.zip", "b.zip", "c.zip"], "all.zip");
		expect(result).toMatchObject({
			entryCount: 5,
			copiedEntryCount: 3,
			carriedEntryCount: 2,
			key: "all.zip",
		});
		expect(Object.keys(await bucket.contentsOf("all.zip"))).toEqual(["a1", "a2", "b1", "b2", "c1"]);
		expect(await bucket.server.keys()).toEqual(["a.zip", "all.zip", "b.zip", "c.zip"]);
	});

	it("refuses a name that several have, and a file where another has a directory", async () => {
		await bucket.upload("a.zip", { x: "1", d: "d" });
		await bucket.upload("b.zip", { x: "2" });
		await bucket.upload("c.zip", { "d/e": "e" });
		await expect(merge(["a.zip", "b.zip"], "all.zip")).rejects.toMatchObject({
			code: "DUPLICATE_ENTRY",
			message: expect.stringMatching(
				/^two sources give the entry "x": s3:\/\/demo\/a\.zip!\/x and s3:\/\/demo\/b\.zip!\/x;/,
			),
		});
		for (const replace of [false, true]) {
			await expect(merge(["a.zip", "c.zip"], "all.zip", { replace })).rejects.toMatchObject({
				code: "DUPLICATE_ENTRY",
				message: expect.stringContaining("one has a file where the other has a directory"),
			});
		}
		expect(await bucket.server.keys()).toEqual(["a.zip", "b.zip", "c.zip"]);
	});

	it("takes the entry of the last archive if asked to, and a directory once", async () => {
		await bucket.upload("a.zip", { "d/": "", x: "1", y: "1" });
		await bucket.upload("b.zip", { "d/": "", x: "2", z: "2" });
		await expect(merge(["a.zip", "b.zip"], "all.zip")).rejects.toMatchObject({ code: "DUPLICATE_ENTRY" });
		const result = await merge(["a.zip", "b.zip"], "all.zip", { replace: true });
		expect(result).toMatchObject({ entryCount: 4, removedEntryCount: 2 });
		expect(await bucket.contentsOf("all.zip")).toEqual({ y: "1", "d/": "", x: "2", z: "2" });
	});

	it("takes the place of one of the archives", async () => {
		await bucket.upload("a.zip", { a: "a" }, { metadata: { owner: "me" } });
		await bucket.upload("b.zip", { b: "b" });
		await merge(["b.zip", "a.zip"], "a.zip");
		expect(await bucket.contentsOf("a.zip")).toEqual({ b: "b", a: "a" });
		expect((await bucket.server.get("a.zip")).Metadata).toMatchObject({ owner: "me" });
		expect(await bucket.server.keys()).toEqual(["a.zip", "b.zip"]);
	});

	it("replaces what is under the key of the target, unless it is told not to", async () => {
		await bucket.upload("a.zip", { a: "a" });
		await bucket.server.put("all.zip", "something else");
		await expect(merge(["a.zip"], "all.zip", { noClobber: true })).rejects.toMatchObject({
			code: "DESTINATION_EXISTS",
		});
		expect((await bucket.server.get("all.zip")).bytes.toString()).toBe("something else");
		await merge(["a.zip"], "all.zip");
		expect(await bucket.contentsOf("all.zip")).toEqual({ a: "a" });
		expect(await merge(["a.zip"], "a.zip", { noClobber: true })).toMatchObject({ entryCount: 1 });
	});

	it("leaves what somebody else puts under the key of the target meanwhile", async () => {
		await bucket.upload("a.zip", { a: "a" });
		let isPut = false;
		bucket.onRequest = async ({ operation, key }) => {
			if (isPut || operation !== "PutObject" || key !== "all.zip") return undefined;
			isPut = true;
			await bucket.server.put("all.zip", "theirs");
			return undefined;
		};
		await expect(merge(["a.zip"], "all.zip")).rejects.toMatchObject({ code: "DESTINATION_EXISTS" });
		expect((await bucket.server.get("all.zip")).bytes.toString()).toBe("theirs");
	});
});
