import { randomBytes } from "node:crypto";
import { AbortMultipartUploadCommand, ListPartsCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { type ContractBucket, MIN_PART_SIZE, md5, multipartEtag, refusal } from "./contract-bucket.ts";
import type { Differences } from "./differences.ts";

const FIRST = randomBytes(MIN_PART_SIZE);
const SECOND = randomBytes(MIN_PART_SIZE + 1);
const LAST = randomBytes(1000);
const UNKNOWN_ETAG = `"${"0".repeat(32)}"`;
const SMALL = Buffer.from("small");

export function multipartContract(bucket: () => ContractBucket, differences: Differences): void {
	const abort = (Key: string, UploadId: string) =>
		bucket().client.send(new AbortMultipartUploadCommand({ Bucket: bucket().name, Key, UploadId }));
	const listParts = (Key: string, UploadId: string, more = {}) =>
		bucket().client.send(new ListPartsCommand({ Bucket: bucket().name, Key, UploadId, ...more }));

	describe("a multipart upload", () => {
		it("becomes one object: its parts end to end, under the headers it was created with", async () => {
			const headers = { ContentType: "application/zip", Metadata: { run: "7" } };
			const id = await bucket().createUpload("three-parts", headers);
			const parts = [
				await bucket().uploadPart("three-parts", id, 1, FIRST),
				await bucket().uploadPart("three-parts", id, 2, SECOND),
				await bucket().uploadPart("three-parts", id, 3, LAST),
			];
			expect(parts.map(({ ETag }) => ETag)).toEqual(
				[FIRST, SECOND, LAST].map((part) => `"${md5(part).toString("hex")}"`),
			);
			expect(await refusal(bucket().head("three-parts"))).toBe(404);

			const { ETag } = await bucket().complete("three-parts", id, parts);
			const etag = multipartEtag(FIRST, SECOND, LAST);
			if (differences.completeReturnsEtag) expect(ETag).toBe(etag);
			const whole = Buffer.concat([FIRST, SECOND, LAST]);
			const head = await bucket().head("three-parts");
			expect(head).toMatchObject({ ...headers, ContentLength: whole.length, ETag: etag });
			expect((await bucket().read("three-parts")).equals(whole)).toBe(true);
			const Range = `bytes=${MIN_PART_SIZE - 2}-${MIN_PART_SIZE + 1}`;
			expect(await bucket().read("three-parts", { Range })).toEqual(
				whole.subarray(MIN_PART_SIZE - 2, MIN_PART_SIZE + 2),
			);
		});

		it("takes its parts in any order and side by side, with gaps between their numbers", async () => {
			const id = await bucket().createUpload("gaps");
			const [last, first] = await Promise.all([
				bucket().uploadPart("gaps", id, 9_999, LAST),
				bucket().uploadPart("gaps", id, 5, FIRST),
			]);
			await bucket().complete("gaps", id, [first, last]);
			expect((await bucket().head("gaps")).ETag).toBe(multipartEtag(FIRST, LAST));
		});

		it("keeps the last of two parts with the same number", async () => {
			const id = await bucket().createUpload("twice");
			await bucket().uploadPart("twice", id, 1, Buffer.from("first try"));
			const part = await bucket().uploadPart("twice", id, 1, SMALL);
			expect((await listParts("twice", id)).Parts).toMatchObject([{ PartNumber: 1, Size: SMALL.length }]);
			await bucket().complete("twice", id, [part]);
			expect(await bucket().read("twice")).toEqual(SMALL);
		});

		it("has parts of 5 MiB at least, but for the last; and goes on after a refusal", async () => {
			const id = await bucket().createUpload("too-small");
			const small = await bucket().uploadPart("too-small", id, 1, FIRST.subarray(1));
			const last = await bucket().uploadPart("too-small", id, 2, LAST);
			expect(await refusal(bucket().complete("too-small", id, [small, last]))).toBe("EntityTooSmall");
			const first = await bucket().uploadPart("too-small", id, 1, FIRST);
			await bucket().complete("too-small", id, [first, last]);
			expect((await bucket().head("too-small")).ContentLength).toBe(FIRST.length + LAST.length);
		});

		it.runIf(differences.completeAcceptsSubset)(
			"leaves out the parts that Complete does not list",
			async () => {
				const id = await bucket().createUpload("subset");
				await bucket().uploadPart("subset", id, 1, FIRST);
				const part = await bucket().uploadPart("subset", id, 2, SMALL);
				await bucket().complete("subset", id, [part]);
				expect(await bucket().read("subset")).toEqual(SMALL);
			},
		);

		it("is not completed with a wrong ETag, or a part that was not uploaded", async () => {
			const id = await bucket().createUpload("wrong-etag");
			const part = await bucket().uploadPart("wrong-etag", id, 1, SMALL);
			const wrong = { PartNumber: 1, ETag: UNKNOWN_ETAG };
			expect(await refusal(bucket().complete("wrong-etag", id, [wrong]))).toBe("InvalidPart");
			const unknown = { ...part, PartNumber: 2 };
			expect(await refusal(bucket().complete("wrong-etag", id, [unknown]))).toBe("InvalidPart");
			expect(await refusal(bucket().head("wrong-etag"))).toBe(404);
		});

		it.runIf(differences.ordersParts)(
			"is not completed with parts out of order, or twice the same",
			async () => {
				const id = await bucket().createUpload("order");
				const first = await bucket().uploadPart("order", id, 1, FIRST);
				const second = await bucket().uploadPart("order", id, 2, SECOND);
				expect(await refusal(bucket().complete("order", id, [second, first]))).toBe("InvalidPartOrder");
				expect(await refusal(bucket().complete("order", id, [first, first]))).toBe("InvalidPartOrder");
			},
		);

		it("is not completed without parts", async () => {
			const id = await bucket().createUpload("no-parts");
			expect(await refusal(bucket().complete("no-parts", id, []))).toBe("MalformedXML");
		});

		it.runIf(differences.partNumbersFromOne)("numbers its parts from 1", async () => {
			const id = await bucket().createUpload("numbers");
			expect(await refusal(bucket().uploadPart("numbers", id, 0, SMALL))).toBe("InvalidArgument");
		});

		it.runIf(differences.partNumberLimit !== undefined)("numbers its parts up to the limit", async () => {
			const limit = differences.partNumberLimit ?? 0;
			const id = await bucket().createUpload("limit");
			await bucket().uploadPart("limit", id, limit, SMALL);
			expect(await refusal(bucket().uploadPart("limit", id, limit + 1, SMALL))).toBe("InvalidArgument");
		});

		it("does not keep a part with a wrong Content-MD5", async () => {
			const id = await bucket().createUpload("bad-part");
			const ContentMD5 = md5(LAST).toString("base64");
			expect(await refusal(bucket().uploadPart("bad-part", id, 1, SMALL, { ContentMD5 }))).toBe("BadDigest");
			expect((await listParts("bad-part", id)).Parts).toBeUndefined();
		});
	});

	describe("an upload that is not there", () => {
		const REFUSED = ["NoSuchUpload", differences.completeOfUnknownUpload, "NoSuchUpload"];
		const unknown = async (key: string, id: string) => [
			await refusal(bucket().uploadPart(key, id, 1, SMALL)),
			await refusal(bucket().complete(key, id, [{ PartNumber: 1, ETag: UNKNOWN_ETAG }])),
			await refusal(abort(key, id)),
		];

		it("is refused for an id that never was", async () => {
			expect(await unknown("never", "AAAAAAAA")).toEqual(REFUSED);
		});

		it("is refused once it is aborted, and nothing stays behind", async () => {
			const id = await bucket().createUpload("aborted");
			await bucket().uploadPart("aborted", id, 1, SMALL);
			await abort("aborted", id);
			expect(await unknown("aborted", id)).toEqual(REFUSED);
			expect(await refusal(listParts("aborted", id))).toBe(differences.listPartsAfterAbort);
			expect(await bucket().uploads("aborted")).toEqual([]);
			expect(await refusal(bucket().head("aborted"))).toBe(404);
		});

		it("is refused for an abort after Complete, and the object stays", async () => {
			const id = await bucket().createUpload("completed");
			const part = await bucket().uploadPart("completed", id, 1, SMALL);
			await bucket().complete("completed", id, [part]);
			if (differences.completesOnce) {
				expect(await refusal(bucket().complete("completed", id, [part]))).toBe("NoSuchUpload");
			}
			expect(await refusal(abort("completed", id))).toBe(differences.abortAfterComplete);
			expect(await bucket().uploads("completed")).toEqual([]);
			expect(await bucket().read("completed")).toEqual(SMALL);
		});
	});

	describe("ListParts", () => {
		it("gives number, size and ETag of each part, in pages that join up", async () => {
			const id = await bucket().createUpload("parts");
			const bodies = [1, 2, 3, 4, 5].map((number) => ({ number, body: Buffer.from("p".repeat(number)) }));
			for (const { number, body } of [...bodies].reverse())
				await bucket().uploadPart("parts", id, number, body);
			const expected = bodies.map(({ number, body }) => ({
				PartNumber: number,
				Size: number,
				ETag: `"${md5(body).toString("hex")}"`,
			}));

			expect((await listParts("parts", id)).Parts).toMatchObject(expected);
			const first = await listParts("parts", id, { MaxParts: 2 });
			expect(first.Parts).toMatchObject(expected.slice(0, 2));
			expect([first.IsTruncated, first.NextPartNumberMarker]).toEqual([true, "2"]);
			const second = await listParts("parts", id, { MaxParts: 3, PartNumberMarker: "2" });
			expect(second.Parts).toMatchObject(expected.slice(2));
			expect(second.IsTruncated).toBe(false);
		});
	});
}
