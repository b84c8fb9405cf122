import { SourceError } from "../../errors.ts";
import { decodeCrc32 } from "../../s3/object-proof.ts";
import { headObject } from "../../s3/objects/head-object.ts";
import type { ListedObject } from "../../s3/objects/list-objects.ts";
import type { RangedContent } from "../ranged-content.ts";
import { objectFailure, replaced } from "./object-failure.ts";
import { getBytes } from "./object-reader.ts";
import { originOf, requestOptions, type SourceBucket } from "./source-bucket.ts";

/** An object in the state in which it was listed, of which any bytes can be read; makes no request before. */
export class RangedObject implements RangedContent {
	readonly #bucket: SourceBucket;
	readonly #object: ListedObject;
	readonly mtimeMs: number;
	readonly mode: number;

	constructor(
		bucket: SourceBucket,
		object: ListedObject,
		attributes: Pick<RangedContent, "mtimeMs" | "mode">,
	) {
		this.#bucket = bucket;
		this.#object = object;
		this.mtimeMs = attributes.mtimeMs;
		this.mode = attributes.mode;
	}

	get identity(): string {
		const { connection, name } = this.#bucket;
		const { key, etag, size } = this.#object;
		return JSON.stringify([connection.endpoint ?? "aws", name, key, etag, size, this.changedMs]);
	}

	get size(): number {
		return this.#object.size;
	}

	get changedMs(): number {
		return this.#object.lastModified?.getTime() ?? 0;
	}

	async *read(start: number, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
		if (start === end) return;
		try {
			const { chunks } = await getBytes(this.#bucket, this.#object, start, end, signal);
			yield* chunks;
		} catch (error) {
			throw this.#failure(error);
		}
	}

	async storedCrc32(signal: AbortSignal): Promise<number | undefined> {
		const { connection, name } = this.#bucket;
		if (!connection.provider.checksums) return undefined; // keeps none, and one request per object takes time
		const { key, etag } = this.#object;
		const head = await headObject(connection, { bucket: name, key }, requestOptions(this.#bucket, signal));
		if (head?.etag !== etag) throw replaced(this.#origin);
		return head.crc32 === undefined ? undefined : decodeCrc32(head.crc32);
	}

	get #origin(): string {
		return originOf({ bucket: this.#bucket.name, key: this.#object.key });
	}

	/** What was deleted is not in the state any more in which it was listed. */
	#failure(error: unknown): unknown {
		const failure = objectFailure(error, this.#origin);
		const isGone = failure instanceof SourceError && failure.code === "SOURCE_NOT_FOUND";
		return isGone
			? new SourceError("SOURCE_CHANGED", failure.problem, { origin: this.#origin, cause: error })
			: failure;
	}
}
