import { readdir, readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { Fault, FaultRequest } from "../../localstack/strict-s3/local-s3.ts";
import { appendToZip, removeFromZip } from "../../src/index.ts";
import { noise } from "../support/bytes.ts";
import { EditedBucket } from "./edited-bucket.ts";

const MIB = 1024 ** 2;
const bucket = new EditedBucket();
const DENIED: Fault = { status: 403, code: "AccessDenied", message: "no" };
const b = { name: "b.txt", content: "beta" };

const append = (more: object = {}) => appendToZip(bucket.url("a.zip"), b, { ...bucket.storage, ...more });

/** An archive of which the storage copies the beginning. */
const uploadLarge = () =>
	bucket.upload("a.zip", { "large.bin": noise(5.5 * MIB, 1), "a.txt": "a" }, { method: "store" });

describe("an edit that fails", () => {
	it.each([
		["a part cannot be copied", "UploadPartCopy"],
		["a part cannot be sent", "UploadPart"],
		["the upload cannot be completed", "CompleteMultipartUpload"],
		["the upload cannot begin", "CreateMultipartUpload"],
	])("leaves the archive as it was, and nothing else, if %s", async (_what, refused) => {
		await uploadLarge();
		const before = await bucket.state("a.zip");
		bucket.onRequest = ({ operation }) => (operation === refused ? DENIED : undefined);
		await expect(append()).rejects.toMatchObject({ code: "STORAGE_REFUSED" });
		bucket.onRequest = undefined;
		expect(await bucket.state("a.zip")).toEqual(before);
		expect(await bucket.server.incompleteUploads()).toEqual([]);
	});

	it("leaves the archive as it was if a source fails in the middle", async () => {
		await uploadLarge();
		const before = await bucket.state("a.zip");
		const failing = {
			name: "b.bin",
			async *content() {
				yield noise(MIB, 3);
				throw new Error("the source broke");
			},
		};
		await expect(appendToZip(bucket.url("a.zip"), failing, bucket.storage)).rejects.toThrow(
			"the source broke",
		);
		expect(await bucket.state("a.zip")).toEqual(before);
		expect(await bucket.server.incompleteUploads()).toEqual([]);
	});

	it("leaves the archive as it was if it is stopped", async () => {
		await uploadLarge();
		const before = await bucket.state("a.zip");
		const stopping = new AbortController();
		bucket.onRequest = ({ operation }) => {
			if (operation === "UploadPartCopy") stopping.abort(new Error("enough"));
			return undefined;
		};
		await expect(append({ signal: stopping.signal })).rejects.toThrow("enough");
		bucket.onRequest = undefined;
		expect(await bucket.state("a.zip")).toEqual(before);
		expect(await bucket.server.incompleteUploads()).toEqual([]);
	});

	it("leaves the archive as it was if the caller's last look says no", async () => {
		await bucket.upload("a.zip", { a: "a" });
		const before = await bucket.state("a.zip");
		const beforeComplete = () => Promise.reject(new Error("not today"));
		await expect(append({ beforeComplete })).rejects.toThrow("not today");
		expect(await bucket.state("a.zip")).toEqual(before);
	});
});

describe("a new archive that turns out to be damaged", () => {
	/** Changes bytes of what the server has stored last, as soon as somebody reads it. */
	const damageWhatIsRead = async (isIt: (request: FaultRequest) => boolean) => {
		const folder = bucket.path("s3/blobs");
		const old = new Set(await readdir(folder));
		bucket.onRequest = async (request) => {
			if (request.operation !== "GetObject" || !isIt(request)) return undefined;
			for (const name of (await readdir(folder)).filter((name) => !old.has(name))) {
				const bytes = await readFile(`${folder}/${name}`);
				bytes[bytes.indexOf("alpha")] = 0;
				await writeFile(`${folder}/${name}`, bytes);
			}
			return undefined;
		};
	};

	it("goes, and the old one is as it was", async () => {
		await bucket.upload("a.zip", { a: "alpha" }, { method: "store" });
		const before = await bucket.state("a.zip");
		await damageWhatIsRead(({ key }) => key.endsWith(".zipferry-draft"));
		await expect(append()).rejects.toMatchObject({
			code: "INTEGRITY",
			message: expect.stringMatching(/ is damaged: the entry "a" .+s3:\/\/demo\/a\.zip is as it was/),
		});
		bucket.onRequest = undefined;
		expect(await bucket.state("a.zip")).toEqual(before);
	});

	it("goes, and the version before it is current again", async () => {
		await bucket.keepVersions();
		await bucket.upload("a.zip", { a: "alpha" }, { method: "store" });
		const before = await bucket.state("a.zip");
		let isPut = false;
		await damageWhatIsRead(() => isPut);
		const damage = bucket.onRequest;
		bucket.onRequest = (request) => {
			isPut ||= request.operation === "PutObject";
			return damage?.(request);
		};
		await expect(append()).rejects.toMatchObject({
			code: "INTEGRITY",
			message: expect.stringContaining("the previous version is current again"),
		});
		bucket.onRequest = undefined;
		expect(await bucket.state("a.zip")).toEqual(before);
	});
});

describe("an archive that somebody else replaces while it is edited", () => {
	/** Replaces it right before the first request of this kind. */
	const replaceBefore = (isIt: (request: FaultRequest) => boolean, replaces: () => Promise<unknown>) => {
		let isDone = false;
		bucket.onRequest = async (request) => {
			if (isDone || !isIt(request)) return undefined;
			isDone = true;
			await replaces();
			return undefined;
		};
	};
	const putTheirs = () => bucket.server.put("a.zip", "theirs");

	it.each([
		["its directory is read", "GetObject"],
		["it is copied", "UploadPartCopy"],
		["the new one becomes visible", "CompleteMultipartUpload"],
	])("keeps theirs if it comes right before %s", async (_when, operation) => {
		await uploadLarge();
		replaceBefore((request) => request.operation === operation, putTheirs);
		const edit = removeFromZip(bucket.url("a.zip"), ["a.txt"], bucket.storage);
		await expect(edit).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
		bucket.onRequest = undefined;
		expect((await bucket.server.get("a.zip")).bytes.toString()).toBe("theirs");
		expect(await bucket.server.keys()).toEqual(["a.zip"]);
		expect(await bucket.server.incompleteUploads()).toEqual([]);
	});

	it.each([
		["its directory is read", "GetObject"],
		["the new one becomes visible", "PutObject"],
	])("keeps theirs in a bucket with versions if it comes right before %s", async (_when, operation) => {
		await bucket.keepVersions();
		await bucket.upload("a.zip", { a: "a" });
		replaceBefore((request) => request.operation === operation, putTheirs);
		await expect(append()).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
		expect((await bucket.server.get("a.zip")).bytes.toString()).toBe("theirs");
	});

	it("keeps theirs in a small archive as well, which goes in one request", async () => {
		await bucket.upload("a.zip", { a: "a" });
		replaceBefore(({ operation }) => operation === "CompleteMultipartUpload", putTheirs);
		await expect(append()).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
		expect((await bucket.server.get("a.zip")).bytes.toString()).toBe("theirs");
		expect(await bucket.server.keys()).toEqual(["a.zip"]);
	});
});
