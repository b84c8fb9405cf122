import { buffer } from "node:stream/consumers";
import { combineCrc32 } from "../../../bytes/combine-crc32.ts";
import { crc32 } from "../../../bytes/crc32.ts";
import type { ObjectAddress } from "../../../s3/address.ts";
import { decodeCrc32 } from "../../../s3/object-proof.ts";
import { getPartChecksums } from "../../../s3/objects/checksums/part-checksums.ts";
import { headObject } from "../../../s3/objects/head-object.ts";
import type { ListedObject } from "../../../s3/objects/list-objects.ts";
import { objectFailure, replaced } from "../object-failure.ts";
import { getBytes, timeOf } from "../object-reader.ts";
import { originOf, requestOptions, type SourceBucket } from "../source-bucket.ts";
import type { ContentStart, KnownCrc32, StoredContent } from "./stored-content.ts";

/** An object of the storage that the archive goes to; makes no request before it is asked something. */
export class StoredObject implements StoredContent {
	readonly #bucket: SourceBucket;
	readonly #object: ListedObject;

	constructor(bucket: SourceBucket, object: ListedObject) {
		this.#bucket = bucket;
		this.#object = object;
	}

	get address(): ObjectAddress {
		return { bucket: this.#bucket.name, key: this.#object.key };
	}

	get etag(): string {
		return this.#object.etag;
	}

	get size(): number {
		return this.#object.size;
	}

	async askCrc32(signal: AbortSignal): Promise<KnownCrc32 | undefined> {
		const { connection } = this.#bucket;
		if (!connection.provider.checksums) return undefined; // keeps none, and each request takes time
		const options = requestOptions(this.#bucket, signal);
		const head = await headObject(connection, this.address, options);
		if (head?.etag !== this.etag) throw replaced(originOf(this.address));
		if (head.crc32 !== undefined) return { crc32: decodeCrc32(head.crc32), origin: "head" };
		if (!head.hasPartCrc32s) return undefined;
		const parts = await getPartChecksums(connection, this.address, this.etag, options);
		if (parts?.reduce((sum, { size }) => sum + size, 0) !== this.size) return undefined;
		return { crc32: combineCrc32(parts), origin: "parts" };
	}

	async readEnd(size: number, signal: AbortSignal): Promise<Uint8Array> {
		if (size === 0) return new Uint8Array(0);
		try {
			const { chunks } = await getBytes(this.#bucket, this.#object, this.size - size, this.size, signal);
			return await buffer(chunks);
		} catch (error) {
			throw objectFailure(error, originOf(this.address));
		}
	}

	async readStart(size: number, known: KnownCrc32 | undefined, signal: AbortSignal): Promise<ContentStart> {
		const end = known === undefined ? this.size : size;
		try {
			const { metadata, chunks } = await getBytes(this.#bucket, this.#object, 0, end, signal);
			const bytes = Buffer.allocUnsafeSlow(size);
			let position = 0;
			let crc = 0;
			for await (const chunk of chunks) {
				if (position < size) bytes.set(chunk.subarray(0, size - position), position);
				position += chunk.byteLength;
				if (known === undefined) crc = crc32(chunk, crc);
			}
			return {
				bytes,
				mtimeMs: timeOf(this.#bucket, this.#object, metadata),
				crc32: known?.crc32 ?? crc,
				checksumOrigin: known?.origin ?? "read",
			};
		} catch (error) {
			throw objectFailure(error, originOf(this.address));
		}
	}
}
