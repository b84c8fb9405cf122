import { Readable } from "node:stream";
import { GetObjectCommand, type GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { SourceError } from "../../errors.ts";
import type { ObjectAddress } from "../address.ts";
import type { Connection } from "../connection.ts";
import { isConditionFailed } from "../errors/refusals.ts";
import { type SdkError, UnexpectedAnswerError } from "../errors/sdk-error.ts";
import { toStorageError } from "../errors/storage-errors.ts";
import { unquote } from "../object-proof.ts";
import { send } from "../send.ts";
import { type AnsweredRange, checkContentRange, rangeHeader, type WantedRange } from "./content-range.ts";
import { continuedBody } from "./continued-body.ts";
import { READ_TIME_MS, type RequestOptions } from "./request-options.ts";

export interface RangeOptions extends RequestOptions {
	/** ETag that the object has to have, without quotes. */
	readonly ifMatch?: string | undefined;
	/** The version to read; by default the one that counts. */
	readonly versionId?: string | undefined;
	/** Whether a failure is final that would be retried otherwise. */
	readonly isFinal?: ((failure: SdkError) => boolean) | undefined;
}

/** A range of an object that is coming in. */
export interface RangeReading extends AnsweredRange {
	/** ETag of the object, without quotes. */
	readonly etag: string;
	/** On versioned buckets. */
	readonly versionId: string | undefined;
	/** Milliseconds since the object was put, by the storage's clock alone, to the second. */
	readonly ageMs: number | undefined;
	/** To the second. */
	readonly lastModified: Date | undefined;
	/** User metadata (`x-amz-meta-*`), with names in lower case. */
	readonly metadata: Readonly<Record<string, string>>;
	/** The bytes, once; a caller that does not read them to their end has to call `return()` or {@link discard}. */
	readonly chunks: AsyncGenerator<Uint8Array, void, void>;
	/** Ends the transfer, if none of it was read. */
	discard(): void;
}

/**
 * Reads a range of an object. Where an answer breaks off, the rest is asked for, of the same version of the
 * object: what comes is of one object, never a mix.
 *
 * @param wanted - With an end beyond that of the object, what there is. The range must not be empty.
 * @throws {SourceError} `SOURCE_CHANGED` if the object was replaced: it is not the one of `ifMatch`, or not any
 * more the one whose first bytes have come in.
 * @throws {StorageError} for all else; {@link isNotFound} if there is nothing, {@link isOutOfRange} if it has
 * no such bytes. Reading the chunks throws the same.
 */
export async function getRange(
	connection: Connection,
	address: ObjectAddress,
	wanted: WantedRange,
	options: RangeOptions = {},
): Promise<RangeReading> {
	const reader = new RangeReader(connection, address, options);
	const first = await reader.open(wanted, options.ifMatch);
	const { range, body, ...facts } = first;
	return {
		...range,
		...facts,
		chunks: reader.read(first),
		discard: () => void body.destroy(),
	};
}

/** An answer whose head has come. */
interface OpenAnswer
	extends Pick<RangeReading, "etag" | "versionId" | "ageMs" | "lastModified" | "metadata"> {
	readonly range: AnsweredRange;
	readonly body: Readable;
}

class RangeReader {
	readonly #connection: Connection;
	readonly #address: ObjectAddress;
	readonly #options: RangeOptions;

	constructor(connection: Connection, address: ObjectAddress, options: RangeOptions) {
		this.#connection = connection;
		this.#address = address;
		this.#options = options;
	}

	async open(wanted: WantedRange, etag: string | undefined): Promise<OpenAnswer> {
		const { versionId, retryTimeMs = READ_TIME_MS, ...options } = this.#options;
		const command = new GetObjectCommand({
			Bucket: this.#address.bucket,
			Key: this.#address.key,
			Range: rangeHeader(wanted),
			...(etag === undefined ? {} : { IfMatch: `"${etag}"` }),
			...(versionId === undefined ? {} : { VersionId: versionId }),
			// Without it the SDK sends a checksum of the body that a GET does not have.
			...(this.#connection.provider.checksums ? { ChecksumMode: "ENABLED" as const } : {}),
		});
		let range: AnsweredRange | undefined;
		let date: Date | undefined;
		const check = (answer: GetObjectCommandOutput) => {
			try {
				// A storage may take no notice of the condition.
				const answered = unquote(answer.ETag);
				if (etag !== undefined && answered !== undefined && answered !== etag) throw this.#replaced();
				const { ContentRange: contentRange, ContentLength: contentLength, $metadata } = answer;
				range = checkContentRange({ status: $metadata.httpStatusCode, contentRange, contentLength }, wanted);
				// It may be of any object, and not of a storage at all.
				if (etag !== undefined && answered === undefined)
					throw new UnexpectedAnswerError("the response has no ETag, though one was requested");
			} catch (error) {
				bodyOf(answer).destroy();
				throw error;
			}
		};
		try {
			const answer = await send(this.#connection, command, {
				...options,
				retryTimeMs,
				check,
				streams: true,
				onAnswer: (raw) => {
					date = raw.date;
				},
			});
			if (range === undefined) throw new Error("the answer was not checked");
			const { ETag, VersionId: version, LastModified: lastModified, Metadata: metadata = {} } = answer;
			const ageMs = date && lastModified && Math.max(0, date.getTime() - lastModified.getTime());
			const facts = { etag: unquote(ETag) ?? "", versionId: version, ageMs, lastModified, metadata };
			return { range, ...facts, body: bodyOf(answer) };
		} catch (error) {
			throw isConditionFailed(error) ? this.#replaced(error) : error;
		}
	}

	read({ range: { start, end, size }, etag, body }: OpenAnswer): AsyncGenerator<Uint8Array, void, void> {
		return continuedBody({ start, end }, body, {
			reopen: async (position) => {
				const { range, body: rest } = await this.open({ start: position, end }, etag);
				if (range.size === size) return rest;
				rest.destroy();
				throw this.#replaced();
			},
			toError: (error) => toStorageError(error, "GetObject", this.#address),
			signal: this.#options.signal,
		});
	}

	#replaced(cause?: unknown): SourceError {
		const origin = `s3://${this.#address.bucket}/${this.#address.key}`;
		return new SourceError("SOURCE_CHANGED", `${origin} was replaced while it was read`, { origin, cause });
	}
}

/** In Node the body of an answer is a stream of Node's. */
function bodyOf({ Body }: GetObjectCommandOutput): Readable {
	return Body instanceof Readable ? Body : Readable.from([]);
}
