import {
	CopyObjectCommand,
	DeleteBucketCommand,
	DeleteObjectCommand,
	DeleteObjectsCommand,
	GetBucketLocationCommand,
	HeadBucketCommand,
	ListBucketsCommand,
	PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { type ContractBucket, md5, quoted, refusal } from "./contract-bucket.ts";
import type { Differences } from "./differences.ts";

const KEYS = [
	"plain.txt",
	"with space.txt",
	" leading and trailing ",
	"plus+sign",
	"percent%20sign%",
	"umlaut-ü.txt",
	"日本語/ファイル.zip",
	"emoji-🚢",
	"quote'\"<&>.xml",
	"question?mark#hash",
	"semi;colon=equals&ampersand",
	"tilde~(paren)*star!bang",
	"double//slash",
	"folder/",
	"back\\slash",
	"colon:at@comma,dollar$",
];

export function bucketContract(bucket: () => ContractBucket): void {
	describe("buckets", () => {
		it("are listed once they are created", async () => {
			const { Buckets = [] } = await bucket().client.send(new ListBucketsCommand({}));
			expect(Buckets.map(({ Name }) => Name)).toContain(bucket().name);
		});

		it("answer HEAD, and 404 if there is none", async () => {
			const { client, name } = bucket();
			await expect(client.send(new HeadBucketCommand({ Bucket: name }))).resolves.toBeDefined();
			expect(await refusal(client.send(new HeadBucketCommand({ Bucket: `${name}-x` })))).toBe(404);
		});

		it("have a location", async () => {
			const { client, name } = bucket();
			await expect(client.send(new GetBucketLocationCommand({ Bucket: name }))).resolves.toBeDefined();
		});

		it("take no object if they do not exist", async () => {
			const { client, name } = bucket();
			const put = new PutObjectCommand({ Bucket: `${name}-x`, Key: "k", Body: "x" });
			expect(await refusal(client.send(put))).toBe("NoSuchBucket");
		});

		it("are not deleted while there is an object in them", async () => {
			const { client, name } = bucket();
			await bucket().put("in-the-way", "x");
			expect(await refusal(client.send(new DeleteBucketCommand({ Bucket: name })))).toBe("BucketNotEmpty");
		});
	});
}

export function objectContract(bucket: () => ContractBucket, differences: Differences): void {
	describe("objects", () => {
		it("come back as they were put, with their headers", async () => {
			const headers = {
				ContentType: "application/zip",
				ContentDisposition: 'attachment; filename="a.zip"',
				ContentEncoding: "identity",
				CacheControl: "no-store",
			};
			const body = Buffer.from("some bytes");
			const put = await bucket().put("object", body, {
				...headers,
				Metadata: { run: "42", "some-key": "a b" },
			});
			const etag = `"${md5(body).toString("hex")}"`;
			expect(put.ETag).toBe(etag);

			const head = await bucket().head("object");
			expect(head).toMatchObject({ ...headers, ContentLength: body.length, ETag: etag });
			expect(head.Metadata).toEqual({ run: "42", "some-key": "a b" });
			const got = await bucket().get("object");
			expect(got).toMatchObject({
				...headers,
				ContentLength: body.length,
				ETag: etag,
				Metadata: head.Metadata,
			});
			expect(await got.Body?.transformToString()).toBe("some bytes");
		});

		it("may be empty", async () => {
			await bucket().put("empty", new Uint8Array(0));
			expect((await bucket().head("empty")).ContentLength).toBe(0);
			expect(await bucket().read("empty")).toHaveLength(0);
		});

		it("replace the one under the same key, with all its headers", async () => {
			await bucket().put("replaced", "old", { Metadata: { a: "1" } });
			await bucket().put("replaced", "newer");
			expect((await bucket().read("replaced")).toString()).toBe("newer");
			expect((await bucket().head("replaced")).Metadata).toEqual({});
		});

		it("that do not exist answer NoSuchKey, and to HEAD 404", async () => {
			expect(await refusal(bucket().get("missing"))).toBe("NoSuchKey");
			expect(await refusal(bucket().head("missing"))).toBe(404);
		});

		it("are gone after DeleteObject, which also agrees if there is none", async () => {
			const { client, name } = bucket();
			await bucket().put("deleted", "x");
			await client.send(new DeleteObjectCommand({ Bucket: name, Key: "deleted" }));
			expect(await refusal(bucket().get("deleted"))).toBe("NoSuchKey");
			await client.send(new DeleteObjectCommand({ Bucket: name, Key: "deleted" }));
		});

		it.each(KEYS)("keep the key %j", async (key) => {
			await bucket().put(key, key);
			expect((await bucket().read(key)).toString()).toBe(key);
			expect(await bucket().keys(key)).toContain(key);
			await bucket().client.send(new DeleteObjectCommand({ Bucket: bucket().name, Key: key }));
			expect(await bucket().keys(key)).not.toContain(key);
		});

		it("have keys of 1,024 bytes at most", async () => {
			await bucket().put("ü".repeat(512), "x");
			expect(await refusal(bucket().put(`${"ü".repeat(512)}x`, "x"))).toBe(differences.keyTooLong);
		});

		it.runIf(differences.storageClasses)(
			"show their storage class, unless it is the standard one",
			async () => {
				await bucket().put("rare", "x", { StorageClass: "STANDARD_IA" });
				await bucket().put("standard", "x");
				expect((await bucket().head("rare")).StorageClass).toBe("STANDARD_IA");
				expect((await bucket().head("standard")).StorageClass).toBeUndefined();
			},
		);
	});

	describe("a body that is not what its headers say", () => {
		it("is refused with BadDigest, and nothing is stored", async () => {
			const ContentMD5 = md5(Buffer.from("other")).toString("base64");
			expect(await refusal(bucket().put("bad-md5", "body", { ContentMD5 }))).toBe("BadDigest");
			expect(await refusal(bucket().head("bad-md5"))).toBe(404);
		});

		it("is accepted if Content-MD5 is right", async () => {
			const ContentMD5 = md5(Buffer.from("body")).toString("base64");
			await expect(bucket().put("good-md5", "body", { ContentMD5 })).resolves.toBeDefined();
		});

		it("is refused with InvalidDigest if Content-MD5 is none", async () => {
			expect(await refusal(bucket().put("no-md5", "body", { ContentMD5: "AAAA" }))).toBe("InvalidDigest");
		});

		it("is refused if it differs from the signed digest, and nothing is stored", async () => {
			const command = new PutObjectCommand({ Bucket: bucket().name, Key: "bad-sha256", Body: "body" });
			command.middlewareStack.add(
				(next) => (args) => {
					// The request of an S3 command is always an HTTP request.
					const request = args.request as { headers: Record<string, string> };
					request.headers["x-amz-content-sha256"] = "0".repeat(64);
					return next(args);
				},
				{ step: "build", name: "wrongPayloadDigest" },
			);
			expect(await refusal(bucket().client.send(command))).toBe(differences.wrongPayloadDigest);
			expect(await refusal(bucket().head("bad-sha256"))).toBe(404);
		});
	});

	describe("DeleteObjects", () => {
		const remove = async (keys: string[], ContentMD5?: string) =>
			bucket().client.send(
				new DeleteObjectsCommand({
					Bucket: bucket().name,
					Delete: { Objects: keys.map((Key) => ({ Key })) },
					...(ContentMD5 === undefined ? {} : { ContentMD5 }),
				}),
			);

		it.runIf(differences.deleteObjectsByChecksum)("deletes what there is and names every key", async () => {
			const keys = ["many/1", "many/ü & <2>", "many/missing"];
			for (const key of keys.slice(0, 2)) await bucket().put(key, "x");
			const { Deleted = [], Errors } = await remove(keys);
			expect(Deleted.map(({ Key }) => Key).sort()).toEqual([...keys].sort());
			expect(Errors).toBeUndefined();
			expect(await bucket().keys("many/")).toEqual([]);
		});
	});

	describe("CopyObject", () => {
		const copy = (source: string, Key: string, more = {}) =>
			bucket().client.send(
				new CopyObjectCommand({
					Bucket: bucket().name,
					Key,
					CopySource: `${bucket().name}/${encodeURIComponent(source)}`,
					...more,
				}),
			);

		it("copies data and headers", async () => {
			await bucket().put("source ü+%", "copied", { ContentType: "text/plain", Metadata: { a: "1" } });
			const { CopyObjectResult } = await copy("source ü+%", "copy");
			expect(quoted(CopyObjectResult?.ETag, differences)).toBe(
				`"${md5(Buffer.from("copied")).toString("hex")}"`,
			);
			expect((await bucket().read("copy")).toString()).toBe("copied");
			expect(await bucket().head("copy")).toMatchObject({ ContentType: "text/plain", Metadata: { a: "1" } });
		});

		it("takes the headers of the request if it is told to", async () => {
			await bucket().put("source-2", "copied", { Metadata: { a: "1" } });
			await copy("source-2", "copy-2", { MetadataDirective: "REPLACE", Metadata: { b: "2" } });
			expect((await bucket().head("copy-2")).Metadata).toEqual({ b: "2" });
		});

		it("refuses a copy to itself that changes nothing, and a source that is not there", async () => {
			await bucket().put("self", "x");
			expect(await refusal(copy("self", "self"))).toBe("InvalidRequest");
			expect(await refusal(copy("missing", "copy-3"))).toBe("NoSuchKey");
		});
	});
}
