import { GetObjectTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { editedMetadata } from "../../src/edit/archives/edited-metadata.ts";
import { appendToZip, mergeZips, openArchive, removeFromZip } from "../../src/index.ts";
import type { ArchiveMetadata } from "../../src/upload/archive-metadata.ts";
import { BUCKET } from "../support/demo-server.ts";
import { EditedBucket } from "./edited-bucket.ts";

const bucket = new EditedBucket();
const b = { name: "b.txt", content: "beta" };

async function tagsOf(key: string) {
	const { endpoint, region } = bucket.server.s3;
	const client = new S3Client({ endpoint, region, credentials: bucket.server.s3, forcePathStyle: true });
	const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key: key }));
	return TagSet;
}

describe("an archive that takes the place of another", () => {
	const SETTINGS = {
		...{ contentType: "application/x-zip", contentDisposition: "attachment", cacheControl: "no-cache" },
		...{ metadata: { owner: "me" }, tags: { team: "backup" }, comment: "of old" },
	};

	it("has its settings, where nothing else is asked for", async () => {
		await bucket.upload("a.zip", { a: "a" }, SETTINGS);
		await appendToZip(bucket.url("a.zip"), b, bucket.storage);
		const head = await bucket.server.get("a.zip");
		expect(head).toMatchObject({
			...{ ContentType: "application/x-zip", ContentDisposition: "attachment", CacheControl: "no-cache" },
			Metadata: { owner: "me" },
		});
		expect(await tagsOf("a.zip")).toEqual([{ Key: "team", Value: "backup" }]);
		const archive = await openArchive(bucket.url("a.zip"), bucket.storage);
		expect(archive.comment).toBe("of old");
		await archive.close();
	});

	it("has those that are asked for", async () => {
		await bucket.upload("a.zip", { a: "a", b: "b" }, SETTINGS);
		const asked = { contentType: "text/plain", metadata: { owner: "you" }, tags: {}, comment: "new" };
		await removeFromZip(bucket.url("a.zip"), ["a"], { ...bucket.storage, ...asked });
		const head = await bucket.server.get("a.zip");
		expect(head).toMatchObject({
			ContentType: "text/plain",
			CacheControl: "no-cache",
			Metadata: { owner: "you" },
		});
		expect(await tagsOf("a.zip")).toEqual([]);
	});

	it("warns if its tags cannot be read, and so are not kept", async () => {
		await bucket.upload("a.zip", { a: "a" }, SETTINGS);
		bucket.onRequest = ({ operation }) =>
			operation === "GetObjectTagging" ? { status: 403, code: "AccessDenied", message: "no" } : undefined;
		const { warnings } = await appendToZip(bucket.url("a.zip"), b, bucket.storage);
		expect(warnings).toEqual([
			expect.objectContaining({
				code: "TAGS_NOT_SHOWN",
				message: expect.stringContaining("s3:GetObjectTagging"),
			}),
		]);
	});

	it("is made as it was made, and says so", async () => {
		await bucket.upload("a.zip", { a: "a" }, { method: "deflate", level: 9 });
		const { Metadata: before = {} } = await bucket.server.get("a.zip");
		await appendToZip(bucket.url("a.zip"), { ...b, content: "much ".repeat(1000) }, bucket.storage);
		const { Metadata: after = {} } = await bucket.server.get("a.zip");
		expect(after).toEqual(before); // the start of the older part is the one that counts
		const archive = await openArchive(bucket.url("a.zip"), bucket.storage);
		expect(await archive.get("b.txt")).toMatchObject({ method: 8 });
		await archive.close();
	});

	it("is no base for an upload if its parts were made with different methods", async () => {
		await bucket.upload("a.zip", { a: "a" }, { method: "store" });
		await bucket.upload("c.zip", { c: "c" }, { method: "deflate" });
		await mergeZips([bucket.url("a.zip"), bucket.url("c.zip")], bucket.url("all.zip"), bucket.storage);
		const base = bucket.url("all.zip");
		const { warnings } = await bucket.upload("next.zip", { a: "a" }, { method: "store", base });
		expect(warnings).toEqual([
			expect.objectContaining({
				code: "BASE_NOT_USED",
				message: expect.stringContaining("was made with method mixed"),
			}),
		]);
	});
});

describe("editedMetadata", () => {
	const facts = (startedNs: string, more: Partial<ArchiveMetadata> = {}): ArchiveMetadata => ({
		...{ format: 1, startedNs, method: "auto", level: 6, mtime: undefined },
		...{ job: undefined, template: undefined, fingerprint: undefined },
		...more,
	});

	it("tells the oldest start of all parts", () => {
		const added = { method: "auto" as const, level: undefined, startedMs: 5 };
		expect(editedMetadata({}, [facts("7000000"), facts("6000000")], undefined, added)).toMatchObject({
			"zipferry-started": "5000000",
			"zipferry-method": "auto",
			"zipferry-level": "6",
		});
		expect(editedMetadata({}, [facts("4000000")], undefined, added)["zipferry-started"]).toBe("4000000");
	});

	it("tells the year 1970 and no method if a part says nothing of itself", () => {
		expect(editedMetadata({}, [facts("7"), undefined], undefined, undefined)).toMatchObject({
			"zipferry-started": "0",
			"zipferry-method": "mixed",
		});
	});

	it("keeps job and template of the archive whose place it takes, and not what stood for its contents", () => {
		const old = facts("7", { job: "nightly", template: "s3://b/%F.zip", fingerprint: "abc" });
		const metadata = editedMetadata({ owner: "me" }, [old], old, undefined);
		expect(metadata).toMatchObject({ owner: "me", "zipferry-job": "nightly" });
		expect(metadata).not.toHaveProperty("zipferry-fingerprint");
	});
});
