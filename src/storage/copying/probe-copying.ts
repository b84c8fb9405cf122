import { randomBytes } from "node:crypto";
import { KiB } from "../../bytes/units.ts";
import { problemOf, ZipferryError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { deleteObjects } from "../../s3/objects/delete-objects.ts";
import { getRange } from "../../s3/objects/get-range.ts";
import { headObject } from "../../s3/objects/head-object.ts";
import { retainsByDefault } from "../../s3/objects/object-retention.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import type { ObjectRange } from "../parts/object-range.ts";
import type { ObjectSettings } from "../put/object-options.ts";
import { putInParts } from "../put/parts-transport.ts";
import type { PutEvent } from "../put/put-event.ts";
import type { ObjectBody, PutResult } from "../put/transport.ts";
import { besideTarget, PASSING_OBJECT } from "./beside-target.ts";

/** An object that parts can be copied from, in the state in which it was found. */
export interface CopySample extends Pick<ObjectRange, "source" | "etag"> {
	/** Bytes: more than the storage's smallest part has. */
	readonly size: number;
}

/** How it is tried. */
export interface ProbeOptions extends Pick<RequestOptions, "signal"> {
	/** Milliseconds for which a failing request is repeated. */
	readonly retryTimeMs: number;
	/** How the trial is encrypted; the bucket may insist on it. */
	readonly object: Pick<ObjectSettings, "sse" | "sseKmsKeyId">;
	/** Told of retries. */
	readonly onEvent: (event: Extract<PutEvent, { readonly type: "retry" }>) => void;
}

/** How much longer one part is than the other. */
const DIFFERENCE = 64 * KiB;
/** Bytes that are compared on each side of where parts meet. */
const SEAM_SIZE = 64;
/** Bytes that are sent from here. */
const OWN_SIZE = 32;
/** Long enough for the little that is sent. */
const RETRY_TIME_MS = 60_000;
/** How long removing the trial takes at most, also when the run is stopped. */
const REMOVE_TIME_MS = 10_000;

/**
 * Tries whether the storage makes parts of ranges of objects, and takes parts of different sizes in one upload: has it make an object beside
 * the target, of the end of the sample, a longer piece of its beginning, and a few bytes from here. Size and bytes are compared, and the
 * object is deleted. Its key is always the same, so that a run removes what one has left that was killed.
 *
 * About a dozen requests, and the storage copies twice its smallest part.
 *
 * @returns why copying cannot be relied on, in words; `undefined` if it can.
 * @throws only the reason of an abort, and what is no failure of the storage.
 */
export async function probeCopying(
	connection: Connection,
	target: ObjectAddress,
	sample: CopySample,
	options: ProbeOptions,
): Promise<string | undefined> {
	const probe = new Probe(connection, besideTarget(target), sample, options);
	try {
		return await probe.run();
	} catch (error) {
		options.signal?.throwIfAborted();
		if (!(error instanceof ZipferryError)) throw error;
		return problemOf(error);
	}
}

/** The same connection to a storage of which it is supposed that it passes such a trial, where nobody knows. */
export function supposeCopying(connection: Connection): Connection {
	const { provider } = connection;
	if (provider.copies !== "unsure") return connection;
	return { ...connection, provider: { ...provider, copies: "yes", unequalParts: true } };
}

class Probe {
	readonly #connection: Connection;
	readonly #address: ObjectAddress;
	readonly #sample: CopySample;
	readonly #options: ProbeOptions;
	readonly #asking: RequestOptions;
	readonly #own: Uint8Array = randomBytes(OWN_SIZE);

	constructor(connection: Connection, address: ObjectAddress, sample: CopySample, options: ProbeOptions) {
		this.#connection = connection;
		this.#address = address;
		this.#sample = sample;
		this.#options = options;
		this.#asking = { signal: options.signal, retryTimeMs: this.#retryTimeMs };
	}

	get #retryTimeMs(): number {
		return Math.min(this.#options.retryTimeMs, RETRY_TIME_MS);
	}

	async run(): Promise<string | undefined> {
		const { bucket, key } = this.#address;
		if ((await retainsByDefault(this.#connection, bucket, this.#asking)) === true)
			return `nothing can be tried, as the bucket ${bucket} keeps every object for a time`;
		const seam = await this.#expectedSeam();
		let made: PutResult | undefined;
		let difference: string | undefined;
		try {
			made = await this.#make();
			difference = await this.#compare(made, seam);
		} finally {
			if (!(await this.#remove(made))) difference = `s3://${bucket}/${key} could not be deleted`;
		}
		return difference;
	}

	/** The end and the beginning of the sample, which meet in the trial. */
	async #expectedSeam(): Promise<Uint8Array> {
		const { source, etag, size } = this.#sample;
		const how = { ...this.#asking, ifMatch: etag, versionId: source.versionId };
		const read = (start: number, end: number) => this.#read(source, { start, end }, how);
		return Buffer.concat(await Promise.all([read(size - SEAM_SIZE, size), read(0, SEAM_SIZE)]));
	}

	/** All or nothing, as any other upload. */
	async #make(): Promise<PutResult> {
		// No thread is worth it.
		const partSize = this.#size + 1;
		return await putInParts(supposeCopying(this.#connection), {
			destination: { address: this.#address, object: this.#settings, noClobber: false },
			body: {
				open: () => this.#body(),
				sizeBound: this.#size,
				mayCopy: "first",
				hash: undefined,
			},
			parts: { partSizeOf: () => partSize, capacity: Number.POSITIVE_INFINITY },
			pace: { concurrency: 2, bandwidth: undefined },
			resume: { upload: undefined, keepParts: false },
			retryTimeMs: this.#retryTimeMs,
			signal: this.#options.signal,
			onEvent: (event) => {
				if (event.type === "retry") this.#options.onEvent(event);
			},
		});
	}

	async *#body(): ObjectBody {
		const { source, etag, size } = this.#sample;
		const [first, second] = this.#partSizes;
		yield { source, etag, offset: size - first, byteLength: first };
		yield { source, etag, offset: 0, byteLength: second };
		yield this.#own;
		return { size: this.#size };
	}

	get #partSizes(): readonly [number, number] {
		const { minPartSize } = this.#connection.provider.limits;
		return [minPartSize, minPartSize + Math.min(DIFFERENCE, this.#sample.size - minPartSize)];
	}

	get #size(): number {
		const [first, second] = this.#partSizes;
		return first + second + OWN_SIZE;
	}

	get #settings(): ObjectSettings {
		const { sse, sseKmsKeyId } = this.#options.object;
		return { ...PASSING_OBJECT, sse, sseKmsKeyId };
	}

	async #compare({ size, etag, versionId }: PutResult, seam: Uint8Array): Promise<string | undefined> {
		const how = { ...this.#asking, ifMatch: etag || undefined, versionId };
		const [middle] = this.#partSizes;
		const [found, end] = await Promise.all([
			this.#read(this.#address, { start: middle - SEAM_SIZE, end: middle + SEAM_SIZE }, how),
			this.#read(this.#address, { start: size - OWN_SIZE, end: size }, how),
		]);
		const isSame = Buffer.compare(found, seam) === 0 && Buffer.compare(end, this.#own) === 0;
		return isSame ? undefined : "the storage copied other bytes than it was asked for";
	}

	async #read(
		address: ObjectAddress,
		range: { readonly start: number; readonly end: number },
		how: Parameters<typeof getRange>[3],
	): Promise<Uint8Array> {
		const { chunks } = await getRange(this.#connection, address, range, how);
		const read: Uint8Array[] = [];
		for await (const chunk of chunks) read.push(Uint8Array.from(chunk));
		return Buffer.concat(read);
	}

	/** @returns whether nothing is left. */
	async #remove(made: PutResult | undefined): Promise<boolean> {
		const hurried = { retryTimeMs: REMOVE_TIME_MS, signal: AbortSignal.timeout(REMOVE_TIME_MS) };
		try {
			// What failed may be there nevertheless, or one that an earlier run has left.
			const there = made ?? (await headObject(this.#connection, this.#address, hurried));
			if (there === undefined) return true;
			const { bucket, key } = this.#address;
			const object = { key, versionId: there.versionId };
			return (await deleteObjects(this.#connection, bucket, [object], hurried)).length === 0;
		} catch {
			return made === undefined; // nothing says that there is anything
		}
	}
}
