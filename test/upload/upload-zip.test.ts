import { PassThrough } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { describe, expect, it } from "vitest";
import { uploadZip } from "../../src/index.ts";

const TARGET = { bucket: "b", key: "k.zip", endpoint: "http://127.0.0.1:1", region: "us-east-1" };

describe("uploadZip", () => {
	it.each([
		["options that cannot be", { concurrency: 0 }],
		["a storage that is not there", { retryTimeMs: 0 }],
		["a signal that has aborted", { signal: AbortSignal.abort(new Error("enough")) }],
	])("destroys the streams it was given when it fails for %s", async (_why, options) => {
		let cancelled = false;
		const web = new ReadableStream<Uint8Array>({
			cancel() {
				cancelled = true;
			},
		});
		const [one, two] = [new PassThrough(), new PassThrough()];
		const three = new PassThrough();
		const sources = [
			{ name: "a", content: one },
			[{ name: "b", content: two }],
			{ name: "c", content: web },
			{ name: "d", content: Promise.resolve(three) },
		];
		await expect(uploadZip(sources, { ...TARGET, ...options })).rejects.toThrow();
		const all = () => [one.destroyed, two.destroyed, three.destroyed, cancelled];
		await expect.poll(all).toEqual([true, true, true, true]);
	});
});

describe("uploadZip given options that are empty", () => {
	it.each(["endpoint", "region", "contentType", "storageClass", "sseKmsKeyId"] as const)(
		"refuses an empty %s before anything is read",
		async (name) => {
			const uploading = uploadZip({ name: "a", content: "a" }, { ...TARGET, bucket: "bucket", [name]: "" });
			await expect(uploading).rejects.toMatchObject({
				code: "INVALID_OPTION",
				message: `${name} is empty; is a variable unset?`,
			});
		},
	);
});
