import { SourceError } from "../../errors.ts";
import type { ZipferryEventListener } from "../../events.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import type { StorageOptions } from "../../s3/options.ts";
import type { LookAhead } from "../../zip/blocks/read-blocks.ts";
import type { Entry } from "../../zip/entry.ts";
import { checkEntryName } from "../../zip/format/entry-name.ts";
import { DEFAULT_LOOK_AHEAD, type MeasurableEntry } from "../entry-source.ts";
import { type TimeSettings, timeRule } from "../entry-time.ts";
import type { TimeRule } from "../time-rule.ts";
import type { EntryPin, PinnedSource } from "./entry-pin.ts";
import { PinnedFile } from "./pinned-file.ts";
import { PinnedTree } from "./pinned-tree.ts";

/** How sources are reached that were pinned. */
export interface PinOpening {
	/** See {@link SourceOptions.blockingReads}. */
	readonly blockingReads: boolean;
	/** See {@link SourceOptions.readAhead}. */
	readonly readAhead: number;
	/** See {@link SourceOptions.readAheadSize}. */
	readonly readAheadSize: number;
	/** How to reach buckets and web servers. */
	readonly storage: StorageOptions;
	/** What the options of the archive say of times. */
	readonly times: TimeSettings;
	readonly signal: AbortSignal | undefined;
	readonly onEvent: ZipferryEventListener;
}

/** A pin, and what it is in the archive. */
interface NamedPin extends EntryPin {
	/** In the archive, as a byte string (latin1). */
	readonly name: string;
	/** Index of its source. */
	readonly source: number;
}

/** What was pinned, as an entry. */
export interface PinnedEntry extends Entry, Pick<MeasurableEntry, "stored"> {}

/** Sources that were pinned, ready to be read. */
export interface OpenPinned {
	readonly lookAhead: LookAhead;
	/** Whether entries may have a {@link Entry.threadFile}. */
	readonly hasThreadFiles: boolean;
	/**
	 * What is pinned, as an entry: opening it fails if it is in another state than the pin says.
	 *
	 * @throws {InvalidEntryNameError}
	 * @throws {SourceError} for a place that is none of its source.
	 */
	entryOf(pin: NamedPin): PinnedEntry;
	close(): void;
}

/** One source: its entries, by their pins. */
interface OpenSource {
	readonly isRemote: boolean;
	readonly hasThreadFiles: boolean;
	entryOf(pin: EntryPin, name: Buffer): PinnedEntry;
	close(): void;
}

/**
 * Opens sources that another process has pinned. No request is made before an entry is opened.
 *
 * @throws {InvalidOptionError} if the options do not tell where a bucket is.
 */
export async function openPinned(sources: readonly PinnedSource[], options: PinOpening): Promise<OpenPinned> {
	const opened: OpenSource[] = [];
	const close = () => {
		for (const source of opened) source.close();
	};
	try {
		for (const source of sources) opened.push(await openSource(source, options));
	} catch (error) {
		close();
		throw error;
	}
	const { readAhead: count, readAheadSize: size } = options;
	const isRemote = opened.some((source) => source.isRemote);
	return {
		lookAhead: isRemote
			? {
					count: Math.max(count, DEFAULT_LOOK_AHEAD.count),
					size: Math.max(size, DEFAULT_LOOK_AHEAD.size),
				}
			: DEFAULT_LOOK_AHEAD,
		hasThreadFiles: opened.some(({ hasThreadFiles }) => hasThreadFiles),
		entryOf(pin) {
			const source = opened[pin.source];
			if (source === undefined) throw noSuchPlace(`source ${pin.source}`);
			const name = Buffer.from(pin.name, "latin1");
			checkEntryName(name, pin.name);
			return source.entryOf(pin, name);
		},
		close,
	};
}

async function openSource(source: PinnedSource, options: PinOpening): Promise<OpenSource> {
	const times = timeRule(options.times);
	switch (source.kind) {
		case "directory":
			return openTree(source, times, options);
		case "objects":
			return openBucket(source.bucket, options);
		case "resources":
			return openWeb(times, options);
		default:
			return source satisfies never;
	}
}

async function openTree(
	{ path, followLinks }: Extract<PinnedSource, { kind: "directory" }>,
	times: TimeRule,
	{ blockingReads }: PinOpening,
): Promise<OpenSource> {
	const tree = new PinnedTree(path, followLinks === true);
	if (blockingReads) await tree.look();
	return {
		isRemote: false,
		hasThreadFiles: tree.blocking && !tree.followLinks,
		entryOf: (pin, name) => new PinnedFile(tree, pin, name, times),
		close: () => tree.close(),
	};
}

/** Connections besides those of objects that are opened ahead: for the one whose turn it is. */
const OTHER_CONNECTIONS = 1;

async function openBucket(name: string, options: PinOpening): Promise<OpenSource> {
	const { storage, times, readAhead, onEvent } = options;
	const [{ openConnection }, { STORAGE_SCHEMA }, { ObjectEntry }] = await Promise.all([
		import("../../s3/open-connection.ts"),
		import("../../s3/options.ts"),
		import("../objects/object-entry.ts"),
	]);
	const settings = resolveOptions(STORAGE_SCHEMA, storage);
	const connection = await openConnection(settings, name, readAhead + OTHER_CONNECTIONS, onEvent);
	// Whether it is in the storage that the archive goes to was found out when the archive was planned.
	const bucket = { name, connection, times, isOfTarget: true, onEvent };
	return {
		isRemote: true,
		hasThreadFiles: false,
		entryOf({ place: key, kind, size, mtimeMs, etag = "" }, entryName) {
			if (kind === "symlink") throw noSuchPlace(`s3://${name}/${key}`);
			return new ObjectEntry(
				bucket,
				{ key, size, etag, lastModified: new Date(mtimeMs), storageClass: undefined },
				entryName,
				kind,
			);
		},
		close: () => connection.close(),
	};
}

async function openWeb(times: TimeRule, options: PinOpening): Promise<OpenSource> {
	const { storage, signal, onEvent } = options;
	const [{ HttpClient }, { OPEN_ARCHIVE_SCHEMA }, { pinnedResource }] = await Promise.all([
		import("../../reader/ranged/url/http-client.ts"),
		import("../../reader/options.ts"),
		import("./pinned-resource.ts"),
	]);
	const settings = resolveOptions(OPEN_ARCHIVE_SCHEMA, { ...storage, signal, onEvent });
	const access = { client: await HttpClient.create(settings), settings, times };
	return {
		isRemote: true,
		hasThreadFiles: false,
		entryOf(pin, name) {
			if (!URL.canParse(pin.place) || pin.kind !== "file") throw noSuchPlace("an address");
			return pinnedResource(access, new URL(pin.place), pin, name);
		},
		close: () => access.client.close(),
	};
}

/** The list of entries does not fit to its sources: somebody has made it who makes mistakes. */
function noSuchPlace(origin: string): SourceError {
	return new SourceError("SOURCE_UNREADABLE", `${origin} in the list of entries is not one of its sources`, {
		origin,
	});
}
