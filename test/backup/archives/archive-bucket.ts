import { afterEach, beforeEach } from "vitest";
import type { LocalS3Options } from "../../../localstack/strict-s3/local-s3.ts";
import { createZip } from "../../../src/archive/create-zip.ts";
import type { BackupArchive } from "../../../src/backup/archives/archive-facts.ts";
import { updateRecord } from "../../../src/backup/archives/record.ts";
import type { KeyTemplate } from "../../../src/backup/template/key-template.ts";
import { parseKeyTemplate } from "../../../src/backup/template/parse-key-template.ts";
import { type Connection, connect } from "../../../src/s3/connection.ts";
import { putSmall } from "../../../src/s3/objects/put-small.ts";
import { writeArchiveMetadata } from "../../../src/upload/archive-metadata.ts";
import { collect } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

export const TEMPLATE: KeyTemplate = parseKeyTemplate(`s3://${BUCKET}/job/%Y-%m-%dT%H-%M-%SZ.zip`);

/** A bucket with the archives of a backup, for each test of a file. */
export class ArchiveBucket {
	readonly server: DemoServer;
	readonly connection: Connection;
	readonly #archive: Buffer;

	constructor(server: DemoServer, connection: Connection, archive: Buffer) {
		this.server = server;
		this.connection = connection;
		this.#archive = archive;
	}

	/** Puts an archive there, as a run at that time does. */
	async add(
		time: string | Date,
		facts: {
			readonly template?: string | undefined;
			readonly job?: string | undefined;
			readonly bytes?: Buffer;
		} = {},
	): Promise<Pick<BackupArchive, "key" | "etag" | "versionId">> {
		const key = TEMPLATE.keyAt(new Date(time));
		const { bytes = this.#archive, ...mark } = { template: TEMPLATE.text, job: "job", ...facts };
		const metadata = writeArchiveMetadata({
			...{ format: 1, startedNs: "1795651200000000000", method: "auto", level: 6 },
			...{ mtime: undefined, fingerprint: undefined },
			...mark,
		});
		const put = await putSmall(this.connection, { bucket: BUCKET, key }, bytes, { metadata });
		return { key, ...put };
	}

	/** The same, and verified. */
	async addVerified(time: string | Date): Promise<Pick<BackupArchive, "key" | "etag" | "versionId">> {
		const archive = await this.add(time);
		await this.verify(archive);
		return archive;
	}

	async verify(archive: Pick<BackupArchive, "key" | "etag" | "versionId">): Promise<void> {
		await updateRecord(this.connection, BUCKET, archive, (record) => ({
			...record,
			verified: [...record.verified, { at: "2026-11-26T03:00:00.000Z", level: "structure" }],
		}));
	}
}

/** @param options - Of the server. */
export function useArchiveBucket(options: () => LocalS3Options = () => ({})): () => ArchiveBucket {
	const directory = useTempDirectory();
	let bucket: ArchiveBucket;
	beforeEach(async () => {
		const server = await DemoServer.start({ directory: directory.path("s3"), ...options() });
		const { endpoint, region } = server.s3;
		const timeouts = { connectTimeoutMs: 10_000, readTimeoutMs: 60_000 };
		const connection = await connect(
			{ endpoint, region, credentials: server.s3, provider: "generic", ...timeouts },
			BUCKET,
			16,
		);
		let archive: Buffer = Buffer.alloc(0);
		const sources = ["a.txt", "b.txt", "c.txt"].map((name) => ({
			name,
			content: name,
			mtime: Date.UTC(2026, 0),
		}));
		await createZip(sources, async (chunks) => {
			archive = await collect(chunks);
		});
		bucket = new ArchiveBucket(server, connection, archive);
	});
	afterEach(async () => {
		bucket.connection.close();
		await bucket.server.close();
	});
	return () => bucket;
}
