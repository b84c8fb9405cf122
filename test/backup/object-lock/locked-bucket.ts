import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterEach, beforeEach } from "vitest";
import type { FaultHook, LocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import { startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import type { BackupArchive } from "../../../src/backup/archives/archive-facts.ts";
import { listArchives } from "../../../src/backup/archives/list-archives.ts";
import { updateRecord } from "../../../src/backup/archives/record.ts";
import { parseKeyTemplate } from "../../../src/backup/template/parse-key-template.ts";
import { type Connection, connect } from "../../../src/s3/connection.ts";
import { putSmall } from "../../../src/s3/objects/put-small.ts";
import { writeArchiveMetadata } from "../../../src/upload/archive-metadata.ts";

export const TEMPLATE = parseKeyTemplate("s3://locked/job/%Y-%m-%dT%H-%M-%SZ.zip");
/** In a bucket without Object Lock. */
export const PLAIN_TEMPLATE = parseKeyTemplate("s3://plain/job/%Y-%m-%dT%H-%M-%SZ.zip");

/** A bucket with Object Lock and a job, at a time of the test's own. */
export class LockedBucket {
	readonly connection: Connection;
	readonly #server: LocalS3;
	#now: Date;
	/** What requests are answered with instead. */
	onRequest: FaultHook | undefined;

	private constructor(server: LocalS3, connection: Connection, now: Date) {
		this.#server = server;
		this.connection = connection;
		this.#now = now;
	}

	static async start(): Promise<LockedBucket> {
		let bucket: LockedBucket | undefined;
		const begin = new Date("2026-01-01T00:00:00Z");
		const server = await startLocalS3({
			buckets: ["plain"],
			clock: () => bucket?.now ?? begin,
			onRequest: (request) => bucket?.onRequest?.(request),
		});
		const { endpoint, region } = server;
		const timeouts = { connectTimeoutMs: 10_000, readTimeoutMs: 60_000 };
		const settings = { endpoint, region, credentials: server, provider: "generic", ...timeouts } as const;
		const connection = await connect(settings, "locked", 16);
		bucket = new LockedBucket(server, connection, begin);
		// The clocks of the clients go with that of the server.
		const offset = { get: () => (bucket?.now ?? begin).getTime() - Date.now(), set() {} };
		for (const { config } of [connection.client, connection.patient])
			Object.defineProperty(config, "systemClockOffset", offset);
		await connection.client.send(
			new CreateBucketCommand({ Bucket: "locked", ObjectLockEnabledForBucket: true }),
		);
		return bucket;
	}

	get now(): Date {
		return this.#now;
	}

	get requests(): LocalS3["requests"] {
		return this.#server.requests;
	}

	/** Time goes on. */
	at(time: Date | string): void {
		this.#now = new Date(time);
	}

	/** Puts an archive of that time there, as a run does, and has it verified. */
	async back(time: Date | string, { verified = true } = {}): Promise<void> {
		this.at(time);
		const key = TEMPLATE.keyAt(this.now);
		const metadata = writeArchiveMetadata({
			...{ format: 1, startedNs: "1795651200000000000", method: "auto", level: 6 },
			...{ mtime: undefined, fingerprint: undefined, template: TEMPLATE.text, job: "job" },
		});
		const put = await putSmall(this.connection, { bucket: "locked", key }, Buffer.from("zip"), { metadata });
		if (!verified) return;
		await updateRecord(this.connection, "locked", { key, ...put }, (record) => ({
			...record,
			verified: [{ at: this.now.toISOString(), level: "structure" }],
		}));
	}

	archives(): Promise<readonly BackupArchive[]> {
		return listArchives(this.connection, TEMPLATE);
	}

	async close(): Promise<void> {
		this.connection.close();
		await this.#server.close();
	}
}

export function useLockedBucket(): () => LockedBucket {
	let bucket: LockedBucket;
	beforeEach(async () => {
		bucket = await LockedBucket.start();
	});
	afterEach(() => bucket.close());
	return () => bucket;
}
