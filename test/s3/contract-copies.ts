import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import {
	CreateBucketCommand,
	DeleteBucketCommand,
	DeleteObjectCommand,
	GetObjectAttributesCommand,
	ListObjectVersionsCommand,
	PutBucketVersioningCommand,
	PutObjectCommand,
	UploadPartCopyCommand,
	type UploadPartCopyCommandInput,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
	type ContractBucket,
	MIN_PART_SIZE,
	md5,
	multipartEtag,
	quoted,
	refusal,
} from "./contract-bucket.ts";
import type { Differences } from "./differences.ts";

const SOURCE = randomBytes(2 * MIN_PART_SIZE);
const SMALL = randomBytes(MIN_PART_SIZE);
const LAST = randomBytes(1000);
const OTHER_ETAG = `"${"0".repeat(32)}"`;

type CopyInput = Partial<UploadPartCopyCommandInput>;

/** Parts that the storage copies from objects which it has, and what it tells of parts afterwards. */
export function copyContract(bucket: () => ContractBucket, differences: Differences): void {
	const source = (key = "source +ü", of = bucket().name) => `${of}/${encodeURIComponent(key)}`;
	const sendCopy = (Key: string, UploadId: string, PartNumber: number, more: CopyInput = {}) => {
		const input = { Bucket: bucket().name, Key, UploadId, PartNumber, CopySource: source(), ...more };
		return bucket().client.send(new UploadPartCopyCommand(input));
	};
	/** Copies a part; returns what Complete wants to know about it. */
	const copyPart = async (Key: string, UploadId: string, PartNumber: number, more: CopyInput = {}) => {
		const { ETag, ChecksumCRC32 } = (await sendCopy(Key, UploadId, PartNumber, more)).CopyPartResult ?? {};
		return { PartNumber, ETag: quoted(ETag, differences), ...(ChecksumCRC32 && { ChecksumCRC32 }) };
	};
	const range = (first: number, last: number): CopyInput => ({ CopySourceRange: `bytes=${first}-${last}` });

	beforeAll(async () => {
		await bucket().put("source +ü", SOURCE);
		await bucket().put("small source", SMALL);
	});

	describe("UploadPartCopy", () => {
		it("takes a part, or a range of it, from an object: both ends are included", async () => {
			const id = await bucket().createUpload("copied");
			const whole = await copyPart("copied", id, 1);
			expect(whole.ETag).toBe(`"${md5(SOURCE).toString("hex")}"`);
			const tail = await copyPart("copied", id, 2, range(10, 19));
			await bucket().complete("copied", id, [whole, tail]);
			const expected = Buffer.concat([SOURCE, SOURCE.subarray(10, 20)]);
			expect((await bucket().read("copied")).equals(expected)).toBe(true);
			expect((await bucket().head("copied")).ETag).toBe(multipartEtag(SOURCE, SOURCE.subarray(10, 20)));
		});

		it("makes parts that need not have one size, beside parts that were sent", async () => {
			const id = await bucket().createUpload("unequal");
			const parts = [
				await copyPart("unequal", id, 1, range(1, MIN_PART_SIZE + 7)),
				await bucket().uploadPart("unequal", id, 2, SMALL),
				await copyPart("unequal", id, 3, range(100, MIN_PART_SIZE + 99)),
				await bucket().uploadPart("unequal", id, 4, LAST),
			];
			await bucket().complete("unequal", id, parts);
			const [first, third] = [
				SOURCE.subarray(1, MIN_PART_SIZE + 8),
				SOURCE.subarray(100, MIN_PART_SIZE + 100),
			];
			expect((await bucket().read("unequal")).equals(Buffer.concat([first, SMALL, third, LAST]))).toBe(true);
			expect((await bucket().head("unequal")).ETag).toBe(multipartEtag(first, SMALL, third, LAST));
		});

		it.each([
			[0, SOURCE.length],
			[SOURCE.length, SOURCE.length],
		])("refuses the range from %d to %d, which is not in the source", async (first, last) => {
			const id = await bucket().createUpload("outside");
			expect(await refusal(sendCopy("outside", id, 1, range(first, last)))).toBe(
				differences.copyRangeOutside,
			);
		});

		it("refuses what is no range", async () => {
			const id = await bucket().createUpload("no-range");
			const copy = (CopySourceRange: string) => sendCopy("no-range", id, 1, { CopySourceRange });
			for (const text of ["0-9", "bytes=0-9,20-29"])
				expect(await refusal(copy(text)), text).toBe("InvalidArgument");
			for (const text of differences.strictCopyRange ? ["bytes=0-", "bytes=-10", "bytes=9-0"] : [])
				expect(await refusal(copy(text)), text).toBe("InvalidArgument");
		});

		it.runIf(differences.strictCopyRange)("takes a range of a source above 5 MiB only", async () => {
			const id = await bucket().createUpload("small");
			const small = { CopySource: source("small source") };
			expect(await refusal(sendCopy("small", id, 1, { ...small, ...range(0, 9) }))).toBe("InvalidRequest");
			await copyPart("small", id, 1, small);
		});

		it("refuses a source that is not there", async () => {
			const id = await bucket().createUpload("nothing");
			const copy = (CopySource: string) => sendCopy("nothing", id, 1, { CopySource });
			expect(await refusal(copy(source("missing")))).toBe("NoSuchKey");
			expect(await refusal(copy(source("key", "zipferry-no-such-bucket")))).toBe("NoSuchBucket");
			expect(await refusal(copy("no-slash"))).toBe("InvalidArgument");
		});

		it("refuses an upload that was aborted", async () => {
			const id = await bucket().createUpload("aborted");
			await bucket().abort("aborted", id);
			expect(await refusal(sendCopy("aborted", id, 1))).toBe("NoSuchUpload");
		});

		it("copies what has the ETag that is asked for", async () => {
			const id = await bucket().createUpload("matching");
			const { ETag = "" } = await bucket().head("source +ü");
			await copyPart("matching", id, 1, { CopySourceIfMatch: ETag });
			const other = sendCopy("matching", id, 1, { CopySourceIfMatch: OTHER_ETAG });
			if (differences.heedsCopyConditions) expect(await refusal(other)).toBe("PreconditionFailed");
			else await other;
		});

		it.runIf(differences.verifiesChecksums)("tells the CRC-32 of a range, and keeps it", async () => {
			const how = { ChecksumAlgorithm: "CRC32" } as const;
			const id = await bucket().createUpload("summed", { ...how, ChecksumType: "FULL_OBJECT" });
			const part = await copyPart("summed", id, 1, range(3, MIN_PART_SIZE + 2));
			expect(part.ChecksumCRC32).toBe(base64(crc32(SOURCE.subarray(3, MIN_PART_SIZE + 3))));
			const whole = await copyPart("summed", id, 2);
			expect(whole.ChecksumCRC32).toBe(base64(crc32(SOURCE)));
			await bucket().complete("summed", id, [part, whole]);
			const { ChecksumCRC32 } = await bucket().head("summed", { ChecksumMode: "ENABLED" });
			expect(ChecksumCRC32).toBe(base64(crc32(SOURCE, crc32(SOURCE.subarray(3, MIN_PART_SIZE + 3)))));
		});
	});

	describe.runIf(differences.versions)("UploadPartCopy of versions", () => {
		const name = `zipferry-copies-${randomBytes(6).toString("hex")}`;
		const put = async (Body: Uint8Array) => {
			const { VersionId = "" } = await bucket().client.send(
				new PutObjectCommand({ Bucket: name, Key: "k", Body }),
			);
			return VersionId;
		};
		beforeAll(async () => {
			await bucket().client.send(new CreateBucketCommand({ Bucket: name }));
			const VersioningConfiguration = { Status: "Enabled" } as const;
			await bucket().client.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration }));
		});
		afterAll(async () => {
			const { client } = bucket();
			const { Versions = [], DeleteMarkers = [] } = await client.send(
				new ListObjectVersionsCommand({ Bucket: name }),
			);
			for (const { Key, VersionId } of [...Versions, ...DeleteMarkers])
				await client.send(new DeleteObjectCommand({ Bucket: name, Key, VersionId }));
			await client.send(new DeleteBucketCommand({ Bucket: name }));
		});

		it("copies the version that is named, also when another one is newer or the object is deleted", async () => {
			const older = await put(SOURCE);
			await put(SMALL);
			const id = await bucket().createUpload("version");
			const version = { CopySource: `${source("k", name)}?versionId=${older}` };
			await copyPart("version", id, 1, { ...version, ...range(5, 20) });
			await bucket().client.send(new DeleteObjectCommand({ Bucket: name, Key: "k" }));
			expect(await refusal(sendCopy("version", id, 2, { CopySource: source("k", name) }))).toBe("NoSuchKey");
			const part = await copyPart("version", id, 1, { ...version, ...range(5, 20) });
			await bucket().complete("version", id, [part]);
			expect(await bucket().read("version")).toEqual(SOURCE.subarray(5, 21));
		});

		it("refuses a version that is not there", async () => {
			const version = await put(SMALL);
			await bucket().client.send(new DeleteObjectCommand({ Bucket: name, Key: "k", VersionId: version }));
			const id = await bucket().createUpload("no-version");
			const gone = { CopySource: `${source("k", name)}?versionId=${version}` };
			expect(await refusal(sendCopy("no-version", id, 1, gone))).toBe(differences.copyOfUnknownVersion);
		});
	});

	describe.runIf(differences.objectAttributes)("GetObjectAttributes", () => {
		const attributes = async (Key: string, more = {}) => {
			const wanted = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"] as const;
			const input = { Bucket: bucket().name, Key, ObjectAttributes: [...wanted], ...more };
			const { $metadata: _, ...answer } = await bucket().client.send(new GetObjectAttributesCommand(input));
			return answer;
		};
		/** SMALL, SMALL and LAST, the second one copied. */
		const upload = async (key: string, more = {}) => {
			const id = await bucket().createUpload(key, more);
			const how = "ChecksumAlgorithm" in more ? { ChecksumAlgorithm: "CRC32" as const } : {};
			const parts = [
				await bucket().uploadPart(key, id, 1, SMALL, how),
				await copyPart(key, id, 2, { CopySource: source("small source") }),
				await bucket().uploadPart(key, id, 3, LAST, how),
			];
			await bucket().complete(key, id, parts);
		};
		const sizes = [SMALL, SMALL, LAST].map(({ length }) => length);
		const size = sizes.reduce((sum, one) => sum + one, 0);

		it("tells of an object that came in one request, and has no parts", async () => {
			await bucket().put("one", "123456789", { ChecksumAlgorithm: "CRC32" });
			const ETag = md5(Buffer.from("123456789")).toString("hex");
			const Checksum = { ChecksumCRC32: "y/Q5Jg==", ChecksumType: "FULL_OBJECT" };
			const found = await attributes("one");
			expect(found).toMatchObject({ ETag, Checksum, StorageClass: "STANDARD", ObjectSize: 9 });
			expect(found.ObjectParts).toBeUndefined();
			expect(found.LastModified).toBeInstanceOf(Date);
			expect(await refusal(attributes("two"))).toBe("NoSuchKey");
		});

		it("lists the parts whose checksums are what the checksum of the object is made of", async () => {
			await upload("composite", { ChecksumAlgorithm: "CRC32" });
			const sums = [SMALL, SMALL, LAST].map((part) => base64(crc32(part)));
			const Parts = sizes.map((Size, index) => ({
				PartNumber: index + 1,
				Size,
				ChecksumCRC32: sums[index],
			}));
			const { ObjectParts, ObjectSize, Checksum } = await attributes("composite");
			expect([ObjectSize, Checksum?.ChecksumType]).toEqual([size, "COMPOSITE"]);
			expect(ObjectParts).toMatchObject({ IsTruncated: false, TotalPartsCount: 3, Parts });
			const page = (await attributes("composite", { MaxParts: 2 })).ObjectParts;
			expect(page).toMatchObject({
				...{ IsTruncated: true, TotalPartsCount: 3, NextPartNumberMarker: "2" },
				Parts: Parts.slice(0, 2),
			});
			const rest = (await attributes("composite", { MaxParts: 2, PartNumberMarker: "2" })).ObjectParts;
			expect(rest).toMatchObject({ IsTruncated: false, Parts: Parts.slice(2) });
		});

		it.each([
			["with a checksum of the whole", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" }],
			["without a checksum", {}],
		])("only counts the parts of an object %s", async (_, how) => {
			await upload("counted", how);
			const { ObjectParts, ObjectSize } = await attributes("counted");
			expect([ObjectParts?.TotalPartsCount, ObjectParts?.Parts, ObjectSize]).toEqual([3, undefined, size]);
		});
	});
}

function base64(crc: number): string {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(crc);
	return bytes.toString("base64");
}
