import type { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { listUploadedParts } from "../../../src/storage/incomplete/uploaded-parts.ts";
import { uploadPages } from "../../../src/storage/incomplete/uploads-listing.ts";

/** A client that gives these answers in turn, and what it was asked. */
function clientWith(answers: readonly object[]): { client: S3Client; inputs: object[] } {
	const inputs: object[] = [];
	const send = async (command: { readonly input: object }) => {
		inputs.push(command.input);
		const answer = answers[inputs.length - 1];
		if (answer instanceof Error || answer === undefined) throw answer;
		return answer;
	};
	// Only send() is used.
	return { client: { send } as unknown as S3Client, inputs };
}

const address = { bucket: "b", prefix: "p/" };
const upload = (Key: string, UploadId: string) => ({ Key, UploadId, Initiated: new Date() });

async function keysOf(client: S3Client): Promise<string[]> {
	const keys: string[] = [];
	for await (const page of uploadPages({ client, patient: client }, address, {}))
		keys.push(...page.map(({ key }) => key));
	return keys;
}

describe("uploadPages", () => {
	it("goes through all pages by the markers of the answers", async () => {
		const { client, inputs } = clientWith([
			{ Uploads: [upload("p/a", "1")], IsTruncated: true, NextKeyMarker: "p/a", NextUploadIdMarker: "1" },
			{ Uploads: [upload("p/a", "2")], IsTruncated: true, NextKeyMarker: "p/a", NextUploadIdMarker: "2" },
			{ Uploads: [upload("p/b", "3")], IsTruncated: false },
		]);
		expect(await keysOf(client)).toEqual(["p/a", "p/a", "p/b"]);
		expect(inputs).toEqual([
			{ Bucket: "b", Prefix: "p/" },
			{ Bucket: "b", Prefix: "p/", KeyMarker: "p/a", UploadIdMarker: "1" },
			{ Bucket: "b", Prefix: "p/", KeyMarker: "p/a", UploadIdMarker: "2" },
		]);
	});

	it("ends with a server that says there is more but does not move on", async () => {
		const page = { Uploads: [upload("p/a", "1")], IsTruncated: true, NextKeyMarker: "p/a" };
		expect(await keysOf(clientWith([page, page, page]).client)).toHaveLength(2);
	});

	it("ends with a server that goes round in circles", async () => {
		const page = (key: string) => ({ Uploads: [upload(key, "1")], IsTruncated: true, NextKeyMarker: key });
		const pages = ["p/a", "p/b", "p/a", "p/b", "p/a"].map(page);
		expect(await keysOf(clientWith(pages).client)).toEqual(["p/a", "p/b", "p/a"]);
	});

	it("gives up a list that always has one more page", async () => {
		let count = 0;
		const send = async () => ({ Uploads: [], IsTruncated: true, NextKeyMarker: `p/${count++}` });
		const client = { send } as unknown as S3Client;
		await expect(keysOf(client)).rejects.toMatchObject({
			code: "NETWORK",
			message: expect.stringMatching(/does not end/),
		});
		expect(count).toBe(10_000);
	});

	it("drops what is not under the prefix, whatever the server says", async () => {
		const page = { Uploads: [upload("other", "1"), upload("p/a", "2")] };
		expect(await keysOf(clientWith([page]).client)).toEqual(["p/a"]);
	});

	it("tells what was refused", async () => {
		const refusal = Object.assign(new Error("no"), {
			name: "AccessDenied",
			$metadata: { httpStatusCode: 403 },
		});
		await expect(keysOf(clientWith([refusal]).client)).rejects.toMatchObject({
			code: "STORAGE_REFUSED",
			facts: { operation: "ListMultipartUploads" },
		});
	});
});

describe("listUploadedParts", () => {
	const connectionWith = (answer: object) => {
		const { client } = clientWith([answer]);
		return { client, patient: client };
	};
	const of = { key: "k", uploadId: "u" };
	const part = (PartNumber: number, Size: number, time: number) => ({
		PartNumber,
		Size,
		ETag: `"e${PartNumber}"`,
		LastModified: new Date(time),
	});

	it("ends with a server that goes round in circles", async () => {
		const page = (number: number) => ({
			Parts: [part(number, 5, 1)],
			IsTruncated: true,
			NextPartNumberMarker: String(number),
		});
		const { client } = clientWith([page(1), page(2), page(1), page(2)]);
		expect(await listUploadedParts({ client, patient: client }, "b", of)).toMatchObject({ size: 15 });
	});

	it("gives up a list that always has one more page", async () => {
		let count = 0;
		const send = async () => ({ Parts: [], IsTruncated: true, NextPartNumberMarker: String(++count) });
		const client = { send } as unknown as S3Client;
		await expect(listUploadedParts({ client, patient: client }, "b", of)).rejects.toThrow(/does not end/);
		expect(count).toBe(10_000);
	});

	it("lists all pages in the order of the parts, and finds the last one that came in", async () => {
		const { client, inputs } = clientWith([
			{ Parts: [part(2, 6, 9), part(1, 5, 1)], IsTruncated: true, NextPartNumberMarker: "2" },
			{ Parts: [part(3, 7, 3)], IsTruncated: false, StorageClass: "STANDARD", ChecksumAlgorithm: "CRC32" },
		]);
		const listed = await listUploadedParts({ client, patient: client }, "b", of);
		expect(listed).toMatchObject({
			parts: [
				{ partNumber: 1, size: 5, etag: "e1" },
				{ partNumber: 2, size: 6, etag: "e2" },
				{ partNumber: 3, size: 7, etag: "e3" },
			],
			size: 18,
			lastPart: new Date(9),
			storageClass: "STANDARD",
			checksumAlgorithm: "CRC32",
			checksumType: undefined,
		});
		expect(inputs[1]).toEqual({ Bucket: "b", Key: "k", UploadId: "u", PartNumberMarker: "2" });
	});

	it.each([
		["NoSuchUpload", 404, undefined],
		["NoSuchKey", 404, undefined],
		["AccessDenied", 403, "refused"],
	])("makes of %s what it means", async (name, httpStatusCode, expected) => {
		const error = Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
		expect(await listUploadedParts(connectionWith(error), "b", of)).toEqual(expected);
	});
});
