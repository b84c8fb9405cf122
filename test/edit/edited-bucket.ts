import { PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect } from "vitest";
import type { FaultHook } from "../../localstack/strict-s3/local-s3.ts";
import { openArchive, uploadZip, verifyArchive } from "../../src/index.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { useTempDirectory } from "../support/temp-directory.ts";

/** A bucket on the embedded server, with archives in it that are edited. */
export class EditedBucket {
	readonly #directory = useTempDirectory();
	#server: DemoServer | undefined;
	/** Asked about every request. */
	onRequest: FaultHook | undefined;

	constructor() {
		beforeEach(async () => {
			this.onRequest = undefined;
			this.#server = await DemoServer.start({
				directory: this.#directory.path("s3"),
				onRequest: (request) => this.onRequest?.(request),
			});
		});
		afterEach(() => this.server.close());
	}

	get server(): DemoServer {
		if (this.#server === undefined) throw new TypeError("the server has not started");
		return this.#server;
	}

	/** A path in a directory of the test's own. */
	path(name: string): string {
		return this.#directory.path(name);
	}

	get storage() {
		const { endpoint, region } = this.server.s3;
		return { endpoint, region, credentials: this.server.s3, provider: "aws" as const, retryTimeMs: 0 };
	}

	url(key: string): string {
		return `s3://${BUCKET}/${key}`;
	}

	/** Has the bucket keep versions. */
	async keepVersions(): Promise<void> {
		const { endpoint, region } = this.server.s3;
		const client = new S3Client({ endpoint, region, credentials: this.server.s3, forcePathStyle: true });
		const VersioningConfiguration = { Status: "Enabled" as const };
		await client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
		client.destroy();
	}

	/** Uploads an archive of entries with these contents. */
	upload(key: string, contents: Readonly<Record<string, string | Uint8Array>>, more: object = {}) {
		const sources = Object.entries(contents).map(([name, content]) =>
			name.endsWith("/") ? { name } : { name, content, mtime: new Date(1e12) },
		);
		return uploadZip(sources, { ...this.storage, bucket: BUCKET, key, ...more });
	}

	/** Names and contents, in the order of the directory; the archive is checked as a whole. */
	async contentsOf(key: string): Promise<Record<string, string>> {
		const archive = await openArchive(this.url(key), this.storage);
		const contents: [string, string][] = [];
		for await (const entry of archive) {
			const bytes = entry.kind === "directory" ? [] : await entry.open().bytes();
			contents.push([
				entry.name,
				bytes.length > 100 ? `${bytes.length} bytes` : Buffer.from(bytes).toString(),
			]);
		}
		await archive.close();
		const { findings } = await verifyArchive(this.url(key), this.storage);
		expect(findings).toEqual([]);
		return Object.fromEntries(contents);
	}

	/** What is under a key, byte by byte, and all keys of the bucket. */
	async state(key: string): Promise<unknown> {
		const { bytes, ETag, Metadata } = await this.server.get(key);
		return { ETag, Metadata, bytes: bytes.toString("base64"), keys: await this.server.keys() };
	}
}
