import { MiB } from "../../bytes/units.ts";
import { getRange, type RangeReading } from "../../s3/objects/get-range.ts";
import { headObject } from "../../s3/objects/head-object.ts";
import type { ListedObject } from "../../s3/objects/list-objects.ts";
import type { EntryReader } from "../../zip/entry.ts";
import { entryTime } from "../entry-time.ts";
import { deleted, objectFailure, replaced } from "./object-failure.ts";
import { keptTime } from "./object-time.ts";
import { originOf, requestOptions, type SourceBucket } from "./source-bucket.ts";

/** What is requested of an object before its turn: no more than is read then, so that no connection waits half read. */
const FIRST_SIZE = MiB;

/**
 * Opens an object in the state in which it was listed, and requests the beginning of it.
 *
 * @throws {SourceError} if it was replaced or deleted since then, or is archived.
 * @throws {StorageError}
 */
export async function openObject(
	bucket: SourceBucket,
	object: ListedObject,
	signal: AbortSignal,
): Promise<EntryReader> {
	const origin = originOf({ bucket: bucket.name, key: object.key });
	try {
		if (object.size === 0) return await openEmpty(bucket, object, signal);
		const first = await getBytes(bucket, object, 0, Math.min(FIRST_SIZE, object.size), signal);
		return new ObjectReader(bucket, object, first, signal);
	} catch (error) {
		throw objectFailure(error, origin);
	}
}

/**
 * A range of an object as it was listed.
 *
 * @throws {SourceError} `SOURCE_CHANGED` if its ETag or size is another one.
 */
export async function getBytes(
	bucket: SourceBucket,
	{ key, etag, size }: Pick<ListedObject, "key" | "etag" | "size">,
	start: number,
	end: number,
	signal: AbortSignal | undefined,
): Promise<RangeReading> {
	const address = { bucket: bucket.name, key };
	const ifMatch = etag === "" ? undefined : etag;
	const options = { ...requestOptions(bucket, signal), ifMatch };
	const reading = await getRange(bucket.connection, address, { start, end }, options);
	if (reading.size === size) return reading;
	reading.discard();
	throw replaced(originOf(address));
}

/** Nothing of an empty object can be requested, but it has a time as well. */
async function openEmpty(
	bucket: SourceBucket,
	object: ListedObject,
	signal: AbortSignal,
): Promise<EntryReader> {
	const { key, etag } = object;
	const origin = originOf({ bucket: bucket.name, key });
	const options = requestOptions(bucket, signal);
	const head = await headObject(bucket.connection, { bucket: bucket.name, key }, options);
	if (head === undefined) throw deleted(origin);
	if (head.size !== 0 || (etag !== "" && head.etag !== etag)) throw replaced(origin);
	return { size: 0, mtimeMs: timeOf(bucket, object, head.metadata), read: () => 0, close() {} };
}

/** Its own time, or that of the file that it was made of. */
export function timeOf(
	{ times }: SourceBucket,
	{ lastModified }: ListedObject,
	metadata: Readonly<Record<string, string>>,
): number {
	return entryTime(times, keptTime(metadata) ?? lastModified?.getTime() ?? 0);
}

const NOTHING = new Uint8Array(0);

class ObjectReader implements EntryReader {
	readonly size: number;
	readonly mtimeMs: number;
	readonly #first: RangeReading;
	readonly #chunks: AsyncGenerator<Uint8Array, void, void>;
	#started = false;
	#chunk: Uint8Array = NOTHING;

	constructor(bucket: SourceBucket, object: ListedObject, first: RangeReading, signal: AbortSignal) {
		this.size = object.size;
		this.mtimeMs = timeOf(bucket, object, first.metadata);
		this.#first = first;
		this.#chunks = chunksOf(bucket, object, first, signal);
	}

	async read(into: Uint8Array): Promise<number> {
		let filled = 0;
		while (filled < into.byteLength) {
			if (this.#chunk.byteLength === 0 && !(await this.#nextChunk())) break;
			const taken = this.#chunk.subarray(0, into.byteLength - filled);
			into.set(taken, filled);
			filled += taken.byteLength;
			this.#chunk = this.#chunk.subarray(taken.byteLength);
		}
		return filled;
	}

	async close(): Promise<void> {
		if (!this.#started) this.#first.discard();
		await this.#chunks.return();
	}

	async #nextChunk(): Promise<boolean> {
		this.#started = true;
		const step = await this.#chunks.next();
		if (step.done === true) return false;
		this.#chunk = step.value;
		return true;
	}
}

async function* chunksOf(
	bucket: SourceBucket,
	object: ListedObject,
	first: RangeReading,
	signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
	try {
		yield* first.chunks;
		if (first.end === object.size) return;
		// A listing may be without ETags; the rest has to be of the object of the beginning all the same.
		const { etag, end } = first;
		yield* (await getBytes(bucket, { ...object, etag }, end, object.size, signal)).chunks;
	} catch (error) {
		throw objectFailure(error, originOf({ bucket: bucket.name, key: object.key }));
	}
}
