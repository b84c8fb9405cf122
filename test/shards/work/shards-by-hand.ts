import { randomBytes } from "node:crypto";
import { lstat, readdir } from "node:fs/promises";
import {
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	GetObjectCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	type S3Client,
} from "@aws-sdk/client-s3";
import { type FaultHook, startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import { crc32 } from "../../../src/bytes/crc32.ts";
import type { Connection } from "../../../src/s3/connection.ts";
import { type ProviderName, providerByName } from "../../../src/s3/providers.ts";
import { encodeRow, type PlannedEntry } from "../../../src/shards/entry-rows.ts";
import { readSlice, readSliceHead, writeManifest } from "../../../src/shards/helper-objects.ts";
import type { Manifest, RowRange } from "../../../src/shards/manifest.ts";
import { pageKey } from "../../../src/shards/shard-keys.ts";
import type { ShardPlan } from "../../../src/shards/shard-plan.ts";
import type { SliceHead } from "../../../src/shards/slice.ts";
import type { PinnedSource } from "../../../src/sources/pins/entry-pin.ts";
import { compressionProbe } from "../../../src/zip/compression-probe.ts";
import { headersOf } from "../../../src/zip/directory/slice.ts";
import type { Level, MethodChoice } from "../../../src/zip/entry.ts";
import { movedHeader } from "../../../src/zip/format/central-header.ts";
import { endOfCentralDirectory } from "../../../src/zip/format/records.ts";
import { SizeBound } from "../../../src/zip/format/size-bound.ts";
import { levelOf } from "../../../src/zip/levels.ts";
import { contractClient } from "../../s3/contract-bucket.ts";
import { collect } from "../../support/bytes.ts";

const BUCKET = "bucket";
const MiB = 1024 * 1024;

/** A plan as a planner makes it, of which a test decides everything. */
interface HandPlan {
	readonly rows: readonly PlannedEntry[];
	/** Entries of each shard; the last one has the rest. */
	readonly counts?: readonly number[];
	readonly sources: readonly PinnedSource[];
	readonly method?: MethodChoice;
	readonly level?: Level;
	readonly maxMtime?: string;
	readonly partSize?: number;
	readonly provider?: ProviderName;
	readonly probe?: string;
	readonly key?: string;
}

/** An embedded server, and plans on it. */
export interface ShardStorage {
	readonly client: S3Client;
	/** For `makeShard`. */
	readonly options: {
		readonly endpoint: string;
		readonly region: string;
		readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
		readonly provider: ProviderName;
		readonly retryTimeMs: number;
	};
	/** Names of operations that were asked for, with the numbers of parts. */
	readonly requests: readonly string[];
	plan(hand: HandPlan): Promise<ShardPlan>;
	slice(plan: ShardPlan, index: number): Promise<SliceHead | undefined>;
	/** The archive of all slices and their parts, completed as the storage sees fit. */
	archive(plan: ShardPlan): Promise<Buffer>;
	/** Time of an object, milliseconds since 1970. */
	modified(key: string): Promise<number>;
	/** Keys of objects. */
	keys(): Promise<readonly string[]>;
	close(): Promise<void>;
}

export async function startShardStorage(
	fault: FaultHook = () => undefined,
	provider: ProviderName = "minio",
): Promise<ShardStorage> {
	const credentials = { accessKeyId: "local", secretAccessKey: "local-secret" };
	const requests: string[] = [];
	const server = await startLocalS3({
		...credentials,
		buckets: [BUCKET],
		onRequest: (request) => {
			requests.push(`${request.operation} ${request.partNumber ?? request.key}`);
			return fault(request);
		},
	});
	const { endpoint, region } = server;
	const client = contractClient({ endpoint, region, credentials });
	const connection: Connection = {
		...{ client, patient: client, endpoint, provider: providerByName(provider) },
		close() {},
	};
	return {
		client,
		requests,
		options: { endpoint, region, credentials, provider, retryTimeMs: 20_000 },
		plan: (hand) => writePlan(connection, hand),
		slice: (plan, index) => readSliceHead(connection, plan, index),
		archive: (plan) => putTogether(connection, plan),
		async modified(key) {
			const listing = new ListObjectsV2Command({ Bucket: BUCKET, Prefix: key });
			const { Contents = [] } = await client.send(listing);
			return Contents.find(({ Key }) => Key === key)?.LastModified?.getTime() ?? 0;
		},
		async keys() {
			const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
			return Contents.map(({ Key = "" }) => Key);
		},
		async close() {
			client.destroy();
			await server.close();
		},
	};
}

async function writePlan(connection: Connection, hand: HandPlan): Promise<ShardPlan> {
	const { rows, counts = [], sources, method = "auto", partSize = 8 * MiB, key = "archive.zip" } = hand;
	const provider = hand.provider ?? connection.provider.name;
	const plan = { bucket: BUCKET, key, id: randomBytes(16).toString("hex") };
	const pages = new Pages();
	const shards: Manifest["shards"][number][] = [];
	let exact = true;
	let [firstPart, at] = [1, 0];
	const groups = counts.map((count) => {
		at += count;
		return rows.slice(at - count, at);
	});
	groups.push(rows.slice(at));
	for (const [index, group] of groups.entries()) {
		const bound = new SizeBound(method);
		for (const row of group) bound.add({ ...row, name: Buffer.from(row.name, "latin1"), kind: row.kind });
		const sizeBound = bound.directory.offset;
		exact &&= bound.exact;
		const sourceSize = group.reduce((sum, { kind, size }) => sum + (kind === "file" ? size : 0), 0);
		const isLast = index === groups.length - 1;
		const partCount = bound.exact ? exactCount(sizeBound, partSize, isLast) : Math.ceil(sizeBound / partSize);
		shards.push({
			...{ entryCount: group.length, sourceSize, sizeBound, firstPart, partCount },
			rows: pages.add(group),
		});
		firstPart += partCount;
	}
	const { UploadId: uploadId = "" } = await connection.client.send(
		new CreateMultipartUploadCommand({
			...{ Bucket: BUCKET, Key: key },
			...(exact && providerByName(provider).checksums
				? { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" }
				: {}),
		}),
	);
	const level = levelOf(method, hand.level);
	const manifest: Manifest = {
		...plan,
		...{ version: 1, uploadId, shardCount: shards.length, entryCount: rows.length, sourceSize: 0 },
		...{ software: "zipferry 0", plannedAt: new Date().toISOString(), provider, sources, partSize, exact },
		archive: {
			...{ method, level, comment: "" },
			...(hand.maxMtime === undefined ? {} : { maxMtime: hand.maxMtime }),
		},
		object: { noClobber: false },
		probe: hand.probe ?? (await compressionProbe(method, level)),
		pages: pages.all.map((bytes) => ({ size: bytes.byteLength, crc32: crc32(bytes) })),
		shards,
		directory: { firstPart, partCount: 1, sizeBound: 1 },
	};
	for (const [index, bytes] of pages.all.entries())
		await connection.client.send(
			new PutObjectCommand({ Bucket: BUCKET, Key: pageKey(plan, index), Body: bytes }),
		);
	await writeManifest(connection, manifest);
	const { version, shardCount, entryCount, sourceSize } = manifest;
	return { version, ...plan, uploadId, shardCount, entryCount, sourceSize };
}

function exactCount(size: number, partSize: number, isLast: boolean): number {
	const full = Math.floor(size / partSize);
	const count = size - full * partSize >= 5 * MiB ? full + 1 : full;
	return isLast ? count : Math.max(1, count);
}

/** Rows of a page; few, so that shards have several ranges. */
const PAGE_ROWS = 50;

class Pages {
	readonly all: Buffer[] = [];
	#rowCount = PAGE_ROWS;

	add(rows: readonly PlannedEntry[]): RowRange[] {
		const ranges: RowRange[] = [];
		for (let at = 0; at < rows.length; ) {
			if (this.#rowCount >= PAGE_ROWS) {
				this.all.push(Buffer.alloc(0));
				this.#rowCount = 0;
			}
			const taken = rows.slice(at, at + PAGE_ROWS - this.#rowCount);
			const bytes = Buffer.from(taken.map(encodeRow).join(""));
			const page = this.all.length - 1;
			const before = this.all[page] ?? Buffer.alloc(0);
			ranges.push({ page, offset: before.byteLength, size: bytes.byteLength, crc32: crc32(bytes) });
			this.all[page] = Buffer.concat([before, bytes]);
			this.#rowCount += taken.length;
			at += taken.length;
		}
		return ranges;
	}
}

async function putTogether(connection: Connection, plan: ShardPlan): Promise<Buffer> {
	const { client } = connection;
	const heads = await Promise.all(
		Array.from({ length: plan.shardCount }, async (_, index) => {
			const head = await readSliceHead(connection, plan, index);
			if (head === undefined) throw new Error(`shard ${index} is not made`);
			return head;
		}),
	);
	const parts = heads.flatMap((head) => head.parts);
	const bytes: Uint8Array[] = [];
	if (parts.length > 0) {
		const target = { Bucket: plan.bucket, Key: plan.key };
		const Parts = parts.map(({ partNumber, etag, crc32: crc }) => ({
			PartNumber: partNumber,
			ETag: `"${etag}"`,
			...(crc === undefined ? {} : { ChecksumCRC32: crc }),
		}));
		await client.send(
			new CompleteMultipartUploadCommand({
				...target,
				UploadId: plan.uploadId,
				MultipartUpload: { Parts },
			}),
		);
		const { Body } = await client.send(new GetObjectCommand(target));
		bytes.push(await collect(Body as AsyncIterable<Uint8Array>));
	}
	const headers: Uint8Array[] = [];
	let start = 0;
	for (const head of heads) {
		const slice = await collect(readSlice(connection, plan, head));
		const directory = slice.subarray(0, head.directorySize);
		for (const header of headersOf({ entryCount: head.entryCount, pages: [directory] }))
			headers.push(Buffer.from(movedHeader(header, start)));
		bytes.push(slice.subarray(head.directorySize));
		start += head.size;
	}
	const size = headers.reduce((sum, { byteLength }) => sum + byteLength, 0);
	const end = endOfCentralDirectory({ entryCount: headers.length, size, offset: start }, new Uint8Array(0));
	return Buffer.concat([...bytes, ...headers, end]);
}

/** What is in a directory, pinned, in the order of names. */
export async function pinTree(path: string): Promise<{ sources: PinnedSource[]; rows: PlannedEntry[] }> {
	const found = await readdir(path, { recursive: true, withFileTypes: true });
	const rows = await Promise.all(
		found.map(async (item): Promise<PlannedEntry> => {
			const full = `${item.parentPath}/${item.name}`;
			const place = Buffer.from(full.slice(path.length + 1)).toString("latin1");
			const { size, mtimeMs, mode } = await lstat(full);
			const kind = item.isDirectory() ? "directory" : item.isSymbolicLink() ? "symlink" : "file";
			return {
				...{ name: kind === "directory" ? `${place}/` : place, source: 0, place, kind, mtimeMs },
				...{ size: kind === "directory" ? 0 : size, mode: mode & 0o7777 },
			};
		}),
	);
	rows.sort((a, b) => (a.name < b.name ? -1 : 1));
	return { sources: [{ kind: "directory", path: Buffer.from(path).toString("latin1") }], rows };
}
