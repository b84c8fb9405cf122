import * as nodePath from "node:path";
import { SourceError } from "../../../errors.ts";
import { resolveOptions } from "../../../options/resolve-options.ts";
import { looksLikeS3Url, parseS3PrefixUrl } from "../../../s3/address.ts";
import type { Connection } from "../../../s3/connection.ts";
import { checkCredentials } from "../../../s3/credentials.ts";
import { headObject } from "../../../s3/objects/head-object.ts";
import { openConnection } from "../../../s3/open-connection.ts";
import { STORAGE_SCHEMA } from "../../../s3/options.ts";
import { looksLikeWebUrl } from "../../../sources/address.ts";
import type { SourceReport } from "../../../sources/entry-source.ts";
import { stat } from "../../../sources/files/file-system.ts";
import { unreachable } from "../../../sources/files/path-source.ts";
import { requestOptions } from "../../../sources/objects/source-bucket.ts";
import { openUrl } from "../../../sources/open-remote.ts";
import type { OpeningSettings } from "../../../sources/options.ts";
import type { EntryPin, PinnedSource } from "../../../sources/pins/entry-pin.ts";
import type { EntryLine } from "./entry-lines.ts";

/** An entry of a list as workers reach it. */
export interface PinnedLine {
	readonly source: PinnedSource;
	readonly pin: EntryPin;
}

const OBJECT_MODE = 0o644;

/** Looks at the entries of lists. Buckets are opened once each. */
export class ListedPins {
	readonly #settings: OpeningSettings;
	readonly #concurrency: number;
	readonly #now: number;
	readonly #buckets = new Map<string, Promise<Connection>>();

	/** @param concurrency - Entries that are looked at at once. */
	constructor(settings: OpeningSettings, concurrency: number, now: number) {
		this.#settings = settings;
		this.#concurrency = concurrency;
		this.#now = now;
	}

	/**
	 * Looks at what a line names.
	 *
	 * @throws {SourceError} for what is not there, or no file.
	 * @throws {StorageError}
	 */
	async pin(line: EntryLine, report: SourceReport): Promise<PinnedLine> {
		const { source } = line;
		if (looksLikeS3Url(source)) return this.#pinObject(line);
		return looksLikeWebUrl(source) ? this.#pinResource(line, report) : pinFile(line);
	}

	async close(): Promise<void> {
		for (const opening of this.#buckets.values()) (await opening.catch(() => undefined))?.close();
	}

	async #pinObject({ source: origin }: EntryLine): Promise<PinnedLine> {
		const { bucket, prefix: key } = parseS3PrefixUrl(origin);
		if (key === "" || key.endsWith("/")) throw unreadable(`${origin} is no object`, origin);
		const connection = await this.#connectionTo(bucket);
		const { onEvent, signal } = this.#settings;
		const head = await headObject(connection, { bucket, key }, requestOptions({ onEvent }, signal));
		if (head === undefined) throw new SourceError("SOURCE_NOT_FOUND", `${origin} does not exist`, { origin });
		const { size, etag, lastModified } = head;
		const mtimeMs = lastModified?.getTime() ?? 0;
		return {
			source: { kind: "objects", bucket },
			pin: { place: key, kind: "file", size, mtimeMs, mode: OBJECT_MODE, ...(etag === "" ? {} : { etag }) },
		};
	}

	#connectionTo(bucket: string): Promise<Connection> {
		const known = this.#buckets.get(bucket);
		if (known !== undefined) return known;
		const opening = this.#connect(bucket);
		opening.catch(() => {}); // told to each who waits for it
		this.#buckets.set(bucket, opening);
		return opening;
	}

	async #connect(bucket: string): Promise<Connection> {
		const { sourceStorage = {}, onEvent, signal } = this.#settings;
		const storage = resolveOptions(STORAGE_SCHEMA, sourceStorage);
		const connection = await openConnection(storage, bucket, this.#concurrency, onEvent);
		await checkCredentials(connection.client, signal);
		return connection;
	}

	async #pinResource({ source: url, name, place }: EntryLine, report: SourceReport): Promise<PinnedLine> {
		const as = Buffer.from(name, "latin1").toString();
		const opened = await openUrl({ url, as }, place, false, this.#now, {
			...this.#settings,
			skipMissing: false,
		});
		try {
			for await (const batch of opened.entries(report))
				for (const entry of batch) {
					const pin = await entry.pin?.();
					if (pin !== undefined) return { source: { kind: "resources" }, pin };
				}
			throw new TypeError("a resource is one entry");
		} finally {
			await opened.close?.();
		}
	}
}

async function pinFile({ source }: EntryLine): Promise<PinnedLine> {
	const path = nodePath.resolve(source);
	const stats = await stat(path).catch((error: unknown) => {
		throw unreachable(source, error);
	});
	if (source === "" || !stats.isFile()) throw unreadable(`"${source}" is no file`, source);
	const { root } = nodePath.parse(path);
	const { size, mtimeMs, mode } = stats;
	return {
		source: { kind: "directory", path: byteString(root), followLinks: true },
		pin: { place: byteString(path.slice(root.length)), kind: "file", size, mtimeMs, mode: mode & 0o7777 },
	};
}

function unreadable(problem: string, origin: string): SourceError {
	return new SourceError("SOURCE_UNREADABLE", problem, { origin });
}

function byteString(text: string): string {
	return Buffer.from(text).toString("latin1");
}
