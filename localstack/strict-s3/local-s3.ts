import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type FaultHook, Faults } from "./faults.ts";
import { AWS_HABITS, type Habits } from "./habits.ts";
import { assertBucketName } from "./operations/buckets.ts";
import type { RequestRecord } from "./request-log.ts";
import { createS3Server } from "./server.ts";
import { BlobStore } from "./store/blob-store.ts";
import { MultipartStore } from "./store/multipart-store.ts";
import { ObjectStore } from "./store/object-store.ts";
import { GiB, MiB } from "./units.ts";

export type { Fault, FaultHook, FaultRequest } from "./faults.ts";
export type { RequestRecord } from "./request-log.ts";

export interface LocalS3Options {
	/** @defaultValue `0`: a free one */
	readonly port?: number;
	/**
	 * Where the data goes. A server that is started again on the same directory has the same buckets and
	 * objects; incomplete uploads are gone.
	 *
	 * @defaultValue a temporary directory that `close()` removes
	 */
	readonly directory?: string;
	readonly accessKeyId?: string;
	readonly secretAccessKey?: string;
	readonly region?: string;
	/** Buckets that are there from the beginning. */
	readonly buckets?: readonly string[];
	/** Bytes. @defaultValue 5 MiB */
	readonly minPartSize?: number;
	/** @defaultValue `10_000` */
	readonly maxPartCount?: number;
	/**
	 * Whether the numbers of parts have to follow each other from 1 in every upload, as in directory buckets (S3 Express One Zone).
	 *
	 * @defaultValue `false`: only where the upload has a checksum algorithm
	 */
	readonly consecutiveParts?: boolean;
	/** Bytes of one PutObject, UploadPart or copy. @defaultValue 5 GiB */
	readonly maxRequestBodyBytes?: number;
	/** What it does as another storage does. @defaultValue `{}`: nothing */
	readonly habits?: Partial<Habits>;
	/** @defaultValue the system's */
	readonly clock?: () => Date;
	/** Asked about every request that has a valid signature, just before its operation. */
	readonly onRequest?: FaultHook;
}

/** A running server. */
export interface LocalS3 {
	/** `http://127.0.0.1:<port>`; buckets are in the path. */
	readonly endpoint: string;
	readonly region: string;
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	/** What was asked, oldest first; the oldest of very many are dropped. */
	readonly requests: readonly RequestRecord[];
	/** Ends all connections, whatever they are doing, and returns when the files are closed. */
	close(): Promise<void>;
}

const MAX_CLOSE_MS = 5_000;

/**
 * Starts a small strict S3 server on the loopback interface, for development and tests.
 *
 * It does what AWS does, or answers 501 NotImplemented. Data goes to disk as it comes in; memory does not
 * grow with the size of an object.
 */
export async function startLocalS3({
	port = 0,
	directory,
	accessKeyId = "local",
	secretAccessKey = "local-secret",
	region = "us-east-1",
	buckets = [],
	minPartSize = 5 * MiB,
	maxPartCount = 10_000,
	consecutiveParts = false,
	maxRequestBodyBytes = 5 * GiB,
	habits = {},
	clock = () => new Date(),
	onRequest,
}: LocalS3Options = {}): Promise<LocalS3> {
	for (const bucket of buckets) assertBucketName(bucket);
	const home = directory ?? (await mkdtemp(join(tmpdir(), "local-s3-")));
	const removeHome = async () => {
		if (directory === undefined) await rm(home, { recursive: true, force: true, maxRetries: 5 });
	};
	const log: RequestRecord[] = [];
	const open = async () => {
		const objects = new ObjectStore(home);
		const blobs = new BlobStore(join(home, "blobs"));
		const stores = {
			objects,
			uploads: new MultipartStore(),
			blobs,
			lifecycles: new Map(),
			limits: { minPartSize, maxPartCount, consecutiveParts, maxRequestBodyBytes },
			habits: { ...AWS_HABITS, ...habits },
			region,
			now: clock,
		};
		const identity = { accessKeyId, secretAccessKey, region };
		const server = createS3Server({ identity, stores, faults: new Faults(onRequest), log });
		server.http.listen(port, "127.0.0.1");
		await once(server.http, "listening");
		try {
			// Only now: if another server has the port, the directory may be its own. And in one step with
			// "listening", before the first request can come in.
			blobs.removeUnknown(objects.blobIds);
			for (const bucket of buckets) {
				if (!objects.hasBucket(bucket)) objects.createBucket(bucket, clock().getTime());
			}
		} catch (error) {
			server.http.close();
			throw error;
		}
		return server;
	};
	const { http, underWay } = await open().catch(async (error: unknown) => {
		await removeHome();
		throw error;
	});
	// A server that listens on TCP has an address with a port.
	const address = http.address() as AddressInfo;

	let closing: Promise<void> | undefined;
	async function shutDown(): Promise<void> {
		http.close();
		http.closeAllConnections();
		// A fault hook may never answer; its request is not waited for.
		await Promise.race([Promise.allSettled(underWay), delay(MAX_CLOSE_MS, undefined, { ref: false })]);
		await removeHome();
	}
	return {
		endpoint: `http://127.0.0.1:${address.port}`,
		region,
		accessKeyId,
		secretAccessKey,
		requests: log,
		close() {
			closing ??= shutDown();
			return closing;
		},
	};
}
