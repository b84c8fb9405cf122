import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

export interface PlainTarget {
	readonly endpoint: string;
	readonly region: string;
	readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
	readonly bucket: string;
	readonly key: string;
	readonly noClobber?: boolean;
	/** File with an authority to trust. */
	readonly caFile?: string | undefined;
}

const CHUNK_SIZE = 64 * 1024;

/** What `@aws-sdk/lib-storage` does when it is used as its documentation shows: a stream, and defaults. */
export async function plainUpload(
	{ endpoint, region, credentials, bucket, key, noClobber = false, caFile }: PlainTarget,
	bytes: Uint8Array,
): Promise<void> {
	const trust = caFile === undefined ? {} : { requestHandler: { httpsAgent: { ca: readFileSync(caFile) } } };
	const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true, ...trust });
	try {
		const body = Readable.from(chunksOf(bytes), { objectMode: false });
		const condition = noClobber ? { IfNoneMatch: "*" } : {};
		await new Upload({ client, params: { Bucket: bucket, Key: key, Body: body, ...condition } }).done();
	} finally {
		client.destroy();
	}
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array, void, void> {
	for (let offset = 0; offset < bytes.byteLength; offset += CHUNK_SIZE) {
		yield bytes.subarray(offset, offset + CHUNK_SIZE);
	}
}
