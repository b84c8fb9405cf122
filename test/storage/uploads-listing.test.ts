import type { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { sumParts } from "../../src/storage/uploaded-parts.ts";
import { uploadPages } from "../../src/storage/uploads-listing.ts";

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
	for await (const page of uploadPages({ client }, address, {})) keys.push(...page.map(({ key }) => key));
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

describe("sumParts", () => {
	const of = { key: "k", uploadId: "u" };
	const part = (Size: number, time: number) => ({ Size, LastModified: new Date(time) });

	it("adds up all pages and finds the last part, wherever it is", async () => {
		const { client, inputs } = clientWith([
			{ Parts: [part(5, 1), part(6, 9)], IsTruncated: true, NextPartNumberMarker: "2" },
			{ Parts: [part(7, 3)], IsTruncated: false },
		]);
		expect(await sumParts({ client }, "b", of)).toEqual({ bytes: 18, parts: 3, lastPart: new Date(9) });
		expect(inputs[1]).toEqual({ Bucket: "b", Key: "k", UploadId: "u", PartNumberMarker: "2" });
	});

	it.each([
		["NoSuchUpload", 404, undefined],
		["NoSuchKey", 404, undefined],
		["AccessDenied", 403, { bytes: undefined, parts: undefined, lastPart: undefined }],
	])("makes of %s what it means", async (name, httpStatusCode, expected) => {
		const error = Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
		expect(await sumParts({ client: clientWith([error]).client }, "b", of)).toEqual(expected);
	});
});
