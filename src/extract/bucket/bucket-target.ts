import { InvalidOptionError } from "../../errors.ts";
import { decompress, decompressNow } from "../../reader/decompress.ts";
import type { EntryFacts } from "../../reader/entry.ts";
import { type FetchedEntry, keptEntry } from "../../reader/runs.ts";
import { type PrefixAddress, parseS3PrefixUrl } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { checkCredentials } from "../../s3/credentials.ts";
import { putSmall } from "../../s3/objects/put-small.ts";
import { openConnection } from "../../s3/open-connection.ts";
import { textOf } from "../../sources/files/place.ts";
import { planPartSize } from "../../storage/parts/part-size.ts";
import { putInParts } from "../../storage/put/parts-transport.ts";
import { probeBucket } from "../../storage/put/probe-bucket.ts";
import type { ObjectBody } from "../../storage/put/transport.ts";
import { ExtractError, unsafeEntry } from "../extract-error.ts";
import type { ExtractSettings } from "../options.ts";
import type { Arrivals, Look, PlacedEntry, Target } from "../target.ts";
import { WorkPool } from "../work-pool.ts";
import { existingKeys } from "./existing-keys.ts";
import { keyObjection } from "./key-objection.ts";
import { type RetryTeller, retryTeller } from "./retry-teller.ts";

/** Objects that are put at once, each in one request and from memory; and bytes that such a one has at most. */
const SMALL_OBJECTS = 16;
const SMALL_SIZE = 1_048_576;
/** Large objects that are put at once, and parts of each. */
const LARGE_OBJECTS = 1;
const PARTS = 4;

/** What storages say of objects that were put without a type. */
const CONTENT_TYPE = "binary/octet-stream";
const RETRY_TIME_MS = 600_000;

/**
 * Opens a place in a bucket to extract to.
 *
 * @param location - `s3://bucket/prefix/`; the slash at its end may be left out.
 * @param archive - Location of the archive.
 * @throws {InvalidOptionError} for an address that is none, and options that are for directories.
 * @throws {StorageError}
 */
export async function openBucketTarget(
	location: string,
	archive: string,
	settings: ExtractSettings,
	arrivals: Arrivals,
): Promise<Target> {
	const address = withSlash(parseS3PrefixUrl(location));
	if (settings.resume)
		throw new InvalidOptionError("resume is for directories: objects have no time and CRC-32 to compare", {
			option: "resume",
			rule: "is for directories: objects have no time and CRC-32 to compare",
		});
	const { signal, onEvent } = settings;
	const onRetry = retryTeller(onEvent);
	const connection = await openConnection(settings, address.bucket, SMALL_OBJECTS + PARTS);
	try {
		await checkCredentials(connection.client, signal);
		const { bucket, prefix: key } = address;
		await probeBucket(
			connection,
			{ bucket, key },
			{
				signal,
				onRetry: (operation, reason, waitMs) => onEvent?.({ type: "retry", operation, reason, waitMs }),
			},
		);
		const existing = settings.overwrite
			? new Set<string>()
			: await existingKeys(connection, address, signal, onRetry);
		return new BucketTarget({ connection, address, archive, existing, settings, arrivals, onRetry });
	} catch (error) {
		connection.close();
		throw error;
	}
}

function withSlash({ bucket, prefix }: PrefixAddress): PrefixAddress {
	return { bucket, prefix: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/` };
}

interface Surroundings {
	readonly connection: Connection;
	readonly address: PrefixAddress;
	/** Location of the archive. */
	readonly archive: string;
	readonly existing: ReadonlySet<string>;
	readonly settings: ExtractSettings;
	readonly arrivals: Arrivals;
	readonly onRetry: RetryTeller;
}

/** Each file becomes an object, all or nothing; directories become none. */
class BucketTarget implements Target {
	readonly location: string;
	readonly foldsNames = false;
	readonly #around: Surroundings;
	readonly #small: WorkPool;
	readonly #large: WorkPool;
	#taken: string | undefined;
	#takenCount = 0;

	constructor(around: Surroundings) {
		const { bucket, prefix } = around.address;
		this.location = `s3://${bucket}/${prefix}`;
		this.#around = around;
		this.#small = new WorkPool(SMALL_OBJECTS, around.settings.signal);
		this.#large = new WorkPool(LARGE_OBJECTS, around.settings.signal);
	}

	objectionTo({ kind }: EntryFacts): string | undefined {
		if (kind === "symlink") return "is a symbolic link, and a bucket has none";
		return kind === "other" ? "is a device, a FIFO or a socket" : undefined;
	}

	look(entry: PlacedEntry): Look {
		if (entry.kind === "directory") return "free";
		const objection = keyObjection(this.#around.address.prefix, entry.path);
		if (objection !== undefined) throw unsafeEntry(this.#around.archive, entry.name, objection);
		if (!this.#around.existing.has(this.#keyOf(entry))) return "free";
		this.#taken ??= this.#keyOf(entry);
		this.#takenCount += 1;
		return "taken";
	}

	lookAtLink(): Look {
		return "free"; // there are none
	}

	async check(): Promise<void> {
		if (this.#taken === undefined) return;
		const { bucket } = this.#around.address;
		const more = this.#takenCount === 1 ? "" : `, and so do ${this.#takenCount - 1} more`;
		throw new ExtractError(
			"DESTINATION_EXISTS",
			`s3://${bucket}/${this.#taken} exists already${more}; nothing was written`,
			{ advice: { kind: "set-option", option: "overwrite" } },
		);
	}

	async begin(): Promise<void> {}

	makeDirectory(entry: PlacedEntry): void {
		this.#around.arrivals.onDone(entry);
	}

	put(fetched: FetchedEntry<PlacedEntry>): Promise<void> {
		const kept = keptEntry(fetched);
		if ("data" in kept && kept.entry.uncompressedSize <= SMALL_SIZE) {
			const { entry, data } = kept;
			return this.#small.add((signal) => this.#putSmall(entry, data, signal));
		}
		return this.#large.add((signal) => this.#putLarge(kept, signal));
	}

	async finish(): Promise<void> {
		await Promise.all([this.#small.finish(), this.#large.finish()]);
	}

	async close(): Promise<void> {
		await Promise.all([this.#small.close(), this.#large.close()]);
		this.#around.connection.close();
	}

	#keyOf({ path }: PlacedEntry): string {
		return this.#around.address.prefix + textOf(path);
	}

	async #putSmall(entry: PlacedEntry, data: Uint8Array, signal: AbortSignal): Promise<void> {
		const { connection, archive, address, settings, arrivals, onRetry } = this.#around;
		const bytes = decompressNow(archive, entry, data);
		const to = { bucket: address.bucket, key: this.#keyOf(entry) };
		await putSmall(connection, to, bytes, {
			contentType: CONTENT_TYPE,
			replaces: settings.overwrite ? undefined : "nothing",
			retryTimeMs: RETRY_TIME_MS,
			signal,
			onRetry,
		});
		arrivals.onWritten(bytes.byteLength);
		arrivals.onDone(entry);
	}

	async #putLarge(fetched: FetchedEntry<PlacedEntry>, signal: AbortSignal): Promise<void> {
		const { connection, archive, address, settings, arrivals } = this.#around;
		const { entry } = fetched;
		async function* open(): ObjectBody {
			let size = 0;
			for await (const chunk of decompress(archive, entry, dataOf(fetched, signal))) {
				size += chunk.byteLength;
				arrivals.onWritten(chunk.byteLength);
				yield chunk;
			}
			return { size };
		}
		await putInParts(connection, {
			destination: {
				address: { bucket: address.bucket, key: this.#keyOf(entry) },
				object: { contentType: CONTENT_TYPE },
				noClobber: !settings.overwrite,
			},
			body: { open, sizeBound: entry.uncompressedSize, mayCopy: false, hash: undefined },
			parts: planPartSize(entry.uncompressedSize, {}, connection.provider),
			pace: { concurrency: PARTS, bandwidth: undefined },
			resume: { upload: undefined, keepParts: false },
			retryTimeMs: RETRY_TIME_MS,
			signal,
			onEvent: (event) => event.type === "retry" && settings.onEvent?.(event),
		});
		arrivals.onDone(entry);
	}
}

async function* dataOf(
	fetched: FetchedEntry<PlacedEntry>,
	signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
	if ("data" in fetched) yield fetched.data;
	else yield* fetched.stream(signal);
}
