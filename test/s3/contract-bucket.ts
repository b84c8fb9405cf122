import { createHash, randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import {
	AbortMultipartUploadCommand,
	type CompletedPart,
	CompleteMultipartUploadCommand,
	type CompleteMultipartUploadCommandInput,
	CreateBucketCommand,
	CreateMultipartUploadCommand,
	type CreateMultipartUploadCommandInput,
	DeleteBucketCommand,
	DeleteObjectCommand,
	GetObjectCommand,
	type GetObjectCommandInput,
	HeadObjectCommand,
	ListMultipartUploadsCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	type PutObjectCommandInput,
	S3Client,
	type S3ClientConfig,
	S3ServiceException,
	UploadPartCommand,
	type UploadPartCommandInput,
} from "@aws-sdk/client-s3";
import type { Differences } from "./differences.ts";
import type { ContractServer } from "./servers.ts";

type In<Input> = Omit<Input, "Bucket" | "Key" | "UploadId">;

/** Bytes; the least that AWS takes for a part with another one behind it. */
export const MIN_PART_SIZE = 5 * 1024 * 1024;

export function contractClient(
	{ endpoint, region, credentials }: Pick<ContractServer, "endpoint" | "region" | "credentials">,
	config: S3ClientConfig = {},
): S3Client {
	return new S3Client({
		endpoint,
		region,
		credentials,
		forcePathStyle: true,
		expectContinueHeader: false,
		requestChecksumCalculation: "WHEN_REQUIRED",
		responseChecksumValidation: "WHEN_REQUIRED",
		maxAttempts: 1,
		...config,
	});
}

/** A bucket of one test file, and the requests about it that many tests share. */
export class ContractBucket {
	readonly client: S3Client;
	readonly name: string;

	private constructor(client: S3Client) {
		this.client = client;
		this.name = `zipferry-contract-${randomBytes(6).toString("hex")}`;
	}

	static async create(server: ContractServer): Promise<ContractBucket> {
		// A server closes connections that were idle for long, maybe while a request is on its way to it.
		const bucket = new ContractBucket(contractClient(server, { maxAttempts: 3 }));
		await bucket.client.send(new CreateBucketCommand({ Bucket: bucket.name }));
		return bucket;
	}

	/** Deletes everything in the bucket, then the bucket. */
	async destroy(): Promise<void> {
		for (const { Key, UploadId } of await this.uploads()) {
			await this.abort(Key, UploadId);
		}
		for (const Key of await this.keys()) {
			await this.delete(Key);
		}
		await this.client.send(new DeleteBucketCommand({ Bucket: this.name }));
		this.client.destroy();
	}

	put(Key: string, Body: string | Uint8Array | Readable, more: In<PutObjectCommandInput> = {}) {
		return this.client.send(new PutObjectCommand({ Bucket: this.name, Key, Body, ...more }));
	}

	get(Key: string, more: In<GetObjectCommandInput> = {}) {
		return this.client.send(new GetObjectCommand({ Bucket: this.name, Key, ...more }));
	}

	head(Key: string, more: In<GetObjectCommandInput> = {}) {
		return this.client.send(new HeadObjectCommand({ Bucket: this.name, Key, ...more }));
	}

	delete(Key: string) {
		return this.client.send(new DeleteObjectCommand({ Bucket: this.name, Key }));
	}

	/** The body of an object. */
	async read(Key: string, more: In<GetObjectCommandInput> = {}): Promise<Buffer> {
		const { Body } = await this.get(Key, more);
		return Buffer.from((await Body?.transformToByteArray()) ?? []);
	}

	async createUpload(Key: string, more: In<CreateMultipartUploadCommandInput> = {}): Promise<string> {
		const command = new CreateMultipartUploadCommand({ Bucket: this.name, Key, ...more });
		const { UploadId } = await this.client.send(command);
		if (UploadId === undefined) throw new Error("CreateMultipartUpload answered without an upload id");
		return UploadId;
	}

	/** Uploads a part; returns what Complete wants to know about it. */
	async uploadPart(
		Key: string,
		UploadId: string,
		PartNumber: number,
		Body: Uint8Array,
		more: Partial<UploadPartCommandInput> = {},
	): Promise<CompletedPart> {
		const command = new UploadPartCommand({ Bucket: this.name, Key, UploadId, PartNumber, Body, ...more });
		const { $metadata: _, ...part } = await this.client.send(command);
		return { ...part, PartNumber };
	}

	complete(
		Key: string,
		UploadId: string,
		Parts: CompletedPart[],
		more: In<CompleteMultipartUploadCommandInput> = {},
	) {
		const input = { Bucket: this.name, Key, UploadId, MultipartUpload: { Parts }, ...more };
		return this.client.send(new CompleteMultipartUploadCommand(input));
	}

	abort(Key: string, UploadId: string) {
		return this.client.send(new AbortMultipartUploadCommand({ Bucket: this.name, Key, UploadId }));
	}

	async keys(prefix = ""): Promise<string[]> {
		const keys: string[] = [];
		let token: string | undefined;
		do {
			const page = await this.client.send(
				new ListObjectsV2Command({ Bucket: this.name, Prefix: prefix, ContinuationToken: token }),
			);
			keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
			token = page.NextContinuationToken;
		} while (token !== undefined);
		return keys;
	}

	async uploads(prefix = ""): Promise<{ Key: string; UploadId: string }[]> {
		const { Uploads = [] } = await this.client.send(
			new ListMultipartUploadsCommand({ Bucket: this.name, Prefix: prefix }),
		);
		return Uploads.map(({ Key = "", UploadId = "" }) => ({ Key, UploadId }));
	}
}

/** The code of the error that a request is refused with, or of HEAD, which has no body, the status. */
export async function refusal(request: Promise<unknown>): Promise<string | number | undefined> {
	try {
		await request;
	} catch (error) {
		if (!(error instanceof S3ServiceException)) throw error;
		const code = error.name === "NotFound" || error.name === "Unknown" || /^\d+$/.test(error.name);
		return code ? error.$metadata.httpStatusCode : error.name;
	}
	throw new Error("the request was not refused");
}

export function md5(...pieces: readonly Uint8Array[]): Buffer {
	const hash = createHash("md5");
	for (const piece of pieces) hash.update(piece);
	return hash.digest();
}

/** The ETag of an object that was uploaded in these parts, with its quotes. */
export function multipartEtag(...parts: readonly Uint8Array[]): string {
	return `"${md5(...parts.map((part) => md5(part))).toString("hex")}-${parts.length}"`;
}

/** The ETag of a copy, with the quotes that not every server puts around it. */
export function quoted(etag: string | undefined, { quotesEtagsOfCopies }: Differences): string | undefined {
	return quotesEtagsOfCopies || etag === undefined ? etag : `"${etag}"`;
}
