import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { LocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import { stopSignal } from "./stop-signal.ts";

/** Streams an object into a file; returns its size in bytes and its MD5, lower-case hex. */
export async function readBack(
	server: LocalS3,
	{ bucket, key }: { readonly bucket: string; readonly key: string },
	path: string,
): Promise<{ size: number; md5: string }> {
	const client = new S3Client({
		endpoint: server.endpoint,
		region: server.region,
		credentials: server,
		forcePathStyle: true,
	});
	const hash = createHash("md5");
	let size = 0;
	async function* observed(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
		for await (const chunk of body) {
			hash.update(chunk);
			size += chunk.byteLength;
			yield chunk;
		}
	}
	try {
		const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), {
			abortSignal: stopSignal,
		});
		if (!(Body instanceof Readable)) throw new TypeError("the object came without a body");
		await pipeline(Body, observed, createWriteStream(path), { signal: stopSignal });
	} finally {
		client.destroy();
	}
	return { size, md5: hash.digest("hex") };
}
