import pLimit from "p-limit";
import { combineCrc32 } from "../../bytes/combine-crc32.ts";
import { StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { decodeCrc32 } from "../../s3/object-proof.ts";
import { abortUpload } from "../incomplete/abort-upload.ts";
import { type ObjectRange, splitRange } from "../parts/object-range.ts";
import type { ObjectSettings } from "../put/object-options.ts";
import { onRepeated } from "../put/requests/ask.ts";
import { createUpload } from "../put/requests/create-upload.ts";
import { copyPart } from "../put/requests/part-sender.ts";
import { besideTarget, PASSING_OBJECT } from "./beside-target.ts";

/** How objects are copied on trial. */
export interface TrialCopying {
	/** How the copies are encrypted; the bucket may insist on it. */
	readonly object: Pick<ObjectSettings, "sse" | "sseKmsKeyId">;
	/** Milliseconds for which a failing request is repeated. */
	readonly retryTimeMs: number;
	/** Told of retries. */
	readonly onRetry: (operation: string, reason: string, waitMs: number) => void;
	/** Told of the upload if it could not be removed. */
	readonly onLeft: (address: ObjectAddress, uploadId: string) => void;
}

/** Copies under way: the storage reads all of each. */
const AT_ONCE = 8;
/** How long removing them takes at most, also when the run is stopped. */
const REMOVE_TIME_MS = 10_000;
/** Each copy replaces the one before, so that no more than one takes space. */
const PART_NUMBER = 1;

/**
 * CRC-32s of objects that the storage keeps none of: it copies each into a multipart upload beside the target, tells the CRC-32 of the
 * copy, and the upload is aborted in the end. No byte of them passes through here.
 */
export class TrialCopies {
	readonly #connection: Connection;
	readonly #address: ObjectAddress;
	readonly #how: TrialCopying;
	readonly #inTurn = pLimit(AT_ONCE);
	#upload: Promise<string> | undefined;
	#isRefused = false;

	/** @param target - What is to be made of the objects. */
	constructor(connection: Connection, target: ObjectAddress, how: TrialCopying) {
		this.#connection = connection;
		this.#address = besideTarget(target);
		this.#how = how;
	}

	/**
	 * The CRC-32 of an object, in the state that its ETag says.
	 *
	 * @returns `undefined` if the storage refuses, or tells none.
	 * @throws {SourceError} if it is gone, or another by now.
	 * @throws the reason of an abort.
	 */
	crc32Of(
		{ source, etag, size }: Pick<ObjectRange, "source" | "etag"> & { readonly size: number },
		signal: AbortSignal,
	): Promise<number | undefined> {
		const { maxPartSize } = this.#connection.provider.limits;
		const isWhole = size <= maxPartSize;
		const ranges = splitRange({ source, etag, offset: 0, byteLength: size, isWhole }, maxPartSize);
		return this.#inTurn(async () => {
			if (this.#isRefused) return undefined;
			try {
				const copied: { readonly crc32: number; readonly size: number }[] = [];
				for (const range of ranges) copied.push(await this.#copy(range, signal));
				return combineCrc32(copied);
			} catch (error) {
				signal.throwIfAborted();
				if (!(error instanceof StorageError)) throw error;
				this.#isRefused = true;
				return undefined;
			}
		});
	}

	/** Removes what was copied. */
	async close(): Promise<void> {
		const uploadId = await this.#upload?.catch(() => undefined);
		if (uploadId === undefined) return;
		const hurry = AbortSignal.timeout(REMOVE_TIME_MS);
		if (await abortUpload(this.#connection, this.#address, uploadId, hurry)) return;
		this.#how.onLeft(this.#address, uploadId);
	}

	async #copy(range: ObjectRange, signal: AbortSignal) {
		const { retryTimeMs, onRetry, object } = this.#how;
		const asking = { retryTimeMs, signal, onFailure: onRepeated(onRetry) };
		this.#upload ??= createUpload(
			this.#connection,
			{ address: this.#address, object: { ...PASSING_OBJECT, ...object }, noClobber: false },
			asking,
		);
		const target = { address: this.#address, uploadId: await this.#upload };
		const { crc32, size } = await copyPart(this.#connection, target, PART_NUMBER, range, asking);
		if (crc32 === undefined) throw new StorageError("STORAGE_REFUSED", "a copy has no CRC-32", range.source);
		return { crc32: decodeCrc32(crc32), size };
	}
}
