import { SourceError, StorageError } from "../../errors.ts";
import { type ObjectAddress, parseS3Url } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { checkCredentials } from "../../s3/credentials.ts";
import { factsOf, isNotFound, isOutOfRange } from "../../s3/errors/refusals.ts";
import type { SdkError } from "../../s3/errors/sdk-error.ts";
import { askStoredHashes } from "../../s3/objects/checksums/stored-hashes.ts";
import { getRange, type RangeReading } from "../../s3/objects/get-range.ts";
import { headObject } from "../../s3/objects/head-object.ts";
import { openConnection } from "../../s3/open-connection.ts";
import { firstContact } from "../../s3/retry.ts";
import { ArchiveError } from "../archive-error.ts";
import { type OpenArchiveSettings, retryTimeOf } from "../options.ts";
import {
	type OpenedSource,
	type RangedSource,
	readRange,
	type SourceIdentity,
	type StoredHashes,
} from "./ranged-source.ts";
import { TAIL_SIZE, tailStart } from "./tail.ts";

/** Connections at most: whoever leaves an entry unread for long must not make others wait. */
const CONNECTIONS = 256;

/**
 * Opens an object in a bucket: one request for its end tells its size as well. Storages that cannot give the end of an object
 * get a HEAD request and one for a range.
 *
 * @throws {SourceError} `SOURCE_NOT_FOUND` if there is none.
 * @throws {StorageError}
 */
export async function openS3Source(location: string, settings: OpenArchiveSettings): Promise<OpenedSource> {
	const address = parseS3Url(location);
	const connection = await openConnection(settings, address.bucket, CONNECTIONS, settings.onEvent);
	try {
		await checkCredentials(connection.client, settings.signal);
		return await openObject(connection, address, settings);
	} catch (error) {
		connection.close();
		throw isNotFound(error) && !lacksBucket(error) ? notFound(address, settings, error) : error;
	}
}

function lacksBucket(error: unknown): boolean {
	return error instanceof StorageError && error.code === "NO_SUCH_BUCKET";
}

async function openObject(
	connection: Connection,
	address: ObjectAddress,
	settings: OpenArchiveSettings,
): Promise<OpenedSource> {
	const { signal, versionId } = settings;
	const options = {
		versionId,
		signal,
		...firstContact(settings.retryTimeMs),
		onRetry: retryTeller(settings),
	};
	let reading: RangeReading | undefined;
	try {
		const isFinal = ({ code }: SdkError) => code === UNEXPECTED;
		reading = await getRange(connection, address, { suffix: TAIL_SIZE }, { ...options, isFinal });
	} catch (error) {
		if (!mayKnowNoSuffix(error)) throw error;
	}
	if (reading !== undefined) {
		const source = new S3Source(connection, address, settings, reading);
		const chunks: Uint8Array[] = [];
		for await (const chunk of reading.chunks) chunks.push(chunk);
		return { source, tail: Buffer.concat(chunks) };
	}
	const head = await headObject(connection, address, options);
	if (head === undefined) throw notFound(address, settings);
	const source = new S3Source(connection, address, settings, head);
	const start = tailStart(head.size);
	const tail = head.size === 0 ? new Uint8Array() : await readRange(source, start, head.size, signal);
	return { source, tail };
}

const UNEXPECTED = "UnexpectedAnswer";
const NO_SUFFIX: ReadonlySet<string> = new Set([
	UNEXPECTED,
	"InvalidArgument",
	"InvalidRange",
	"InvalidRequest",
]);

/** Nothing of an empty object can be asked for; other storages refuse a range from the end, or give the whole object. */
function mayKnowNoSuffix(error: unknown): boolean {
	const { status, serverCode } = factsOf(error);
	return NO_SUFFIX.has(serverCode ?? "") || status === 416 || status === 501;
}

class S3Source implements RangedSource {
	readonly location: string;
	readonly size: number;
	readonly identity: SourceIdentity;
	readonly #connection: Connection;
	readonly #address: ObjectAddress;
	readonly #settings: OpenArchiveSettings;
	readonly #etag: string;

	constructor(
		connection: Connection,
		address: ObjectAddress,
		settings: OpenArchiveSettings,
		{
			size,
			etag,
			versionId,
		}: { readonly size: number; readonly etag: string; readonly versionId: string | undefined },
	) {
		this.location = `s3://${address.bucket}/${address.key}`;
		this.size = size;
		this.identity = { type: "s3", etag, versionId };
		this.#connection = connection;
		this.#address = address;
		this.#settings = settings;
		this.#etag = etag;
	}

	async *read(
		start: number,
		end: number,
		signal?: AbortSignal | undefined,
	): AsyncGenerator<Uint8Array, void, void> {
		if (start === end) return;
		try {
			const { chunks } = await getRange(
				this.#connection,
				this.#address,
				{ start, end },
				{
					ifMatch: this.#etag,
					versionId: this.#settings.versionId,
					signal,
					retryTimeMs: retryTimeOf(this.#settings),
					onRetry: retryTeller(this.#settings),
				},
			);
			yield* chunks;
		} catch (error) {
			throw this.#hasChanged(error) ? this.#changed(error) : error;
		}
	}

	async storedHashes(signal?: AbortSignal | undefined): Promise<StoredHashes | undefined> {
		const { versionId } = this.#settings;
		const retryTimeMs = retryTimeOf(this.#settings);
		const options = { versionId, signal, retryTimeMs, onRetry: retryTeller(this.#settings) };
		const found = await askStoredHashes(this.#connection, this.#address, this.#etag, options);
		if (found === "replaced") throw this.#changed(undefined);
		return found;
	}

	/** It is another object, a shorter one, or there is none any more. */
	#hasChanged(error: unknown): boolean {
		const replaced = error instanceof SourceError && error.code === "SOURCE_CHANGED";
		return replaced || isNotFound(error) || isOutOfRange(error);
	}

	#changed(cause: unknown): ArchiveError {
		return new ArchiveError("ARCHIVE_CHANGED", "the object was replaced or deleted while it was read", {
			location: this.location,
			cause,
		});
	}

	async close(): Promise<void> {
		this.#connection.close();
	}
}

function retryTeller({ onEvent }: OpenArchiveSettings) {
	return ({ code }: SdkError, waitMs: number, operation: string): void =>
		onEvent?.({ type: "retry", operation, reason: code, waitMs });
}

function notFound(
	{ bucket, key }: ObjectAddress,
	{ versionId }: OpenArchiveSettings,
	cause?: unknown,
): SourceError {
	const origin = `s3://${bucket}/${key}`;
	const what = versionId === undefined ? origin : `version ${versionId} of ${origin}`;
	return new SourceError("SOURCE_NOT_FOUND", `${what} does not exist`, { origin, cause });
}
