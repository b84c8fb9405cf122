import { randomBytes, randomUUID } from "node:crypto";
import { crc32 } from "../../../src/bytes/crc32.ts";
import type { Connection } from "../../../src/s3/connection.ts";
import { writeManifest, writeSlice } from "../../../src/shards/helper-objects.ts";
import type { Manifest } from "../../../src/shards/manifest.ts";
import { SHARDS_MARK } from "../../../src/shards/shard-keys.ts";
import { type CompletedPart, hashPart, proofOfAnswer } from "../../../src/storage/parts/completed-part.ts";
import {
	centralDirectoryHeader,
	type EntryHeader,
	endOfCentralDirectory,
	localFileHeader,
	STORED,
} from "../../../src/zip/format/records.ts";
import { type ContractBucket, MIN_PART_SIZE } from "../../s3/contract-bucket.ts";

/** Bytes of one shard, and its slice. */
interface ShardBytes {
	readonly body: Buffer;
	/** Its central directory, if so many bytes stand before it. */
	readonly directoryAt: (start: number) => Buffer;
	readonly entryCount: number;
}

/** An archive of shards on a server, made by hand: what a planner and workers leave. */
export class ShardsFixture {
	readonly connection: Connection;
	readonly store: ContractBucket;
	readonly manifest: Manifest;
	/** What the archive has to be, byte for byte. */
	readonly archive: Buffer;
	readonly #shards: readonly ShardBytes[];

	private constructor(
		store: ContractBucket,
		connection: Connection,
		manifest: Manifest,
		shards: readonly ShardBytes[],
		archive: Buffer,
	) {
		this.store = store;
		this.connection = connection;
		this.manifest = manifest;
		this.#shards = shards;
		this.archive = archive;
	}

	/**
	 * Plans an archive, and makes nothing of it.
	 *
	 * @param sizes - Of the files of each shard, bytes. Parts are as small as storages take them, and what is left of the last shard
	 * is its tail.
	 */
	static async plan(
		store: ContractBucket,
		connection: Connection,
		sizes: readonly (readonly number[])[],
		changes: Partial<Manifest> = {},
	): Promise<ShardsFixture> {
		const id = randomUUID().replaceAll("-", "");
		const key = changes.key ?? `shards/${id}.zip`;
		const uploadId = await store.createUpload(key, { Metadata: { [SHARDS_MARK]: id } });
		const shards = sizes.map(shardOf);
		const directory = Buffer.concat(
			shards.map(({ directoryAt }, index) => directoryAt(sumOf(shards.slice(0, index)))),
		);
		const entryCount = sizes.flat().length;
		const comment = "made by many";
		const offset = sumOf(shards);
		const end = endOfCentralDirectory(
			{ entryCount, size: directory.byteLength, offset },
			Buffer.from(comment),
		);
		const archive = Buffer.concat([...shards.map(({ body }) => body), directory, end]);
		const partCount =
			Math.max(1, ...shards.map(({ body }) => Math.ceil(body.byteLength / MIN_PART_SIZE))) + 1;
		const manifest: Manifest = {
			...{ version: 1, id, bucket: store.name, key, uploadId, shardCount: sizes.length, entryCount },
			...{ sourceSize: sizes.flat().reduce((sum, size) => sum + size, 0), software: "0", plannedAt: "" },
			provider: connection.provider.name,
			archive: { method: "store", level: 6, comment },
			object: { noClobber: false },
			...{ probe: "", sources: [], pages: [] },
			shards: shards.map(({ body, entryCount }, index) => ({
				...{ entryCount, sourceSize: 0, sizeBound: body.byteLength, rows: [] },
				...{ firstPart: 1 + index * partCount, partCount },
			})),
			directory: { firstPart: 1 + sizes.length * partCount, partCount: 100, sizeBound: 0 },
			...{ partSize: MIN_PART_SIZE, exact: false },
			...changes,
		};
		await writeManifest(connection, manifest);
		return new ShardsFixture(store, connection, manifest, shards, archive);
	}

	/** Does what a worker does: sends the parts of a shard, and writes its slice. */
	async make(index: number): Promise<void> {
		const parts = await this.sendParts(index);
		await this.writeSlice(index, parts);
	}

	async makeAll(): Promise<void> {
		for (const index of this.#shards.keys()) await this.make(index);
	}

	/** @returns the parts as the storage has confirmed them */
	async sendParts(index: number): Promise<CompletedPart[]> {
		const { body } = this.#shardAt(index);
		const { firstPart } = this.#planned(index);
		const end = index === this.#shards.length - 1 ? body.byteLength - this.#tailSize(index) : body.byteLength;
		const parts: CompletedPart[] = [];
		for (let start = 0; start < end; ) {
			// The last part takes what would be too small for one of its own.
			const size = end - start < 2 * MIN_PART_SIZE ? end - start : MIN_PART_SIZE;
			parts.push(await this.sendPart(firstPart + parts.length, body.subarray(start, start + size)));
			start += size;
		}
		return parts;
	}

	async sendPart(partNumber: number, bytes: Uint8Array): Promise<CompletedPart> {
		const { key, uploadId } = this.manifest;
		const answer = await this.store.uploadPart(key, uploadId, partNumber, bytes);
		const hash = hashPart(bytes, "md5");
		return { partNumber, size: bytes.byteLength, ...proofOfAnswer(hash, answer) };
	}

	async writeSlice(index: number, parts: readonly CompletedPart[]): Promise<void> {
		const { body, directoryAt, entryCount } = this.#shardAt(index);
		const directory = directoryAt(0);
		const tailSize = index === this.#shards.length - 1 ? this.#tailSize(index) : 0;
		const tail = body.subarray(body.byteLength - tailSize);
		const head = {
			...{
				version: 1 as const,
				plan: this.manifest.id,
				index,
				size: body.byteLength,
				entryCount,
				parts,
				tailSize,
			},
			...{ directorySize: directory.byteLength, crc32: crc32(Buffer.concat([directory, tail])) },
			...{ contentSize: 0, copiedEntryCount: 0, copiedSize: 0 },
		};
		await writeSlice(this.connection, this.manifest, head, [directory], tail);
	}

	/** Of the last shard: all of it if it is less than a part. */
	#tailSize(index: number): number {
		const { byteLength } = this.#shardAt(index).body;
		return byteLength < MIN_PART_SIZE ? byteLength : byteLength % MIN_PART_SIZE;
	}

	#shardAt(index: number): ShardBytes {
		const shard = this.#shards[index];
		if (shard === undefined) throw new Error(`there is no shard ${index}`);
		return shard;
	}

	#planned(index: number) {
		const shard = this.manifest.shards[index];
		if (shard === undefined) throw new Error(`there is no shard ${index}`);
		return shard;
	}
}

function sumOf(shards: readonly ShardBytes[]): number {
	return shards.reduce((sum, { body }) => sum + body.byteLength, 0);
}

function shardOf(sizes: readonly number[], shard: number): ShardBytes {
	const body: Buffer[] = [];
	const headers: ((start: number) => Uint8Array)[] = [];
	let offset = 0;
	for (const [index, size] of sizes.entries()) {
		const name = Buffer.from(`${shard}/${String(index).padStart(5, "0")}.bin`);
		const data = randomBytes(size);
		const at = offset;
		const header: EntryHeader = {
			...{ name, utf8: false, method: STORED, mtimeMs: 1_700_000_000_000 },
			...{ dataDescriptor: false, zip64: false },
		};
		const totals = { crc32: crc32(data), compressedSize: size, uncompressedSize: size };
		const details = { unixMode: 0o100644, directory: false, comment: Buffer.alloc(0) };
		const local = localFileHeader(header, totals);
		body.push(Buffer.from(local), data);
		headers.push((start) => centralDirectoryHeader(header, totals, { ...details, offset: start + at }));
		offset += local.byteLength + size;
	}
	const directoryAt = (start: number) => Buffer.concat(headers.map((header) => header(start)));
	return { body: Buffer.concat(body), directoryAt, entryCount: sizes.length };
}
