import { onAbort } from "../../async/abort-listeners.ts";
import { SourceError } from "../../errors.ts";
import { type ListedObject, listObjects } from "../../s3/objects/list-objects.ts";
import type { MeasurableEntry, SourceReport } from "../entry-source.ts";
import { createFilter, type Filter, type FilterLists, filterBelow } from "../files/filter.ts";
import { FilesAbove } from "../names/files-above.ts";
import { draftKey, isDraftKey, joinedPrefix, planOfHelper, prefixOfJoined } from "./helper-keys.ts";
import { ObjectEntry } from "./object-entry.ts";
import { checkKey, checkMarker } from "./object-names.ts";
import { onePageAhead } from "./one-page-ahead.ts";
import { originOf, requestOptions, type SourceBucket } from "./source-bucket.ts";

/** How the objects below a prefix become entries. */
export interface ListingSettings extends FilterLists {
	/** Bytes. */
	readonly excludeLargerThan?: number | undefined;
	/** Addresses of objects that are left out: that of the archive itself. */
	readonly omit: readonly string[];
	/** Path of the prefix from where filters are relative to. */
	readonly base?: string | undefined;
}

/**
 * The objects below a prefix as entries, while they are listed: a thousand with each request, the next of which is under way meanwhile. Storages list
 * in the order of the bytes of the keys, which is that of a directory on disk.
 *
 * @param namePrefix - Directory in the archive that they are put into; empty for its root.
 * @param closing - Ends the requests: whoever waits for a page may not wait any more.
 * @throws {SourceError} for a storage that lists in another order, and for keys that are no names, unless they are to be left out.
 * @throws {DuplicateEntryError} for an object whose key is that of a directory as well.
 * @throws {StorageError}
 */
export async function* listEntries(
	bucket: SourceBucket,
	prefix: string,
	namePrefix: string,
	settings: ListingSettings,
	report: SourceReport,
	closing: AbortSignal,
): AsyncGenerator<Iterable<MeasurableEntry>, void, void> {
	const ending = new AbortController();
	const stop = onAbort(closing, (reason) => ending.abort(reason));
	const listing = new Listing(bucket, prefix, namePrefix, settings, report);
	const address = { bucket: bucket.name, prefix };
	const pages = listObjects(bucket.connection, address, requestOptions(bucket, ending.signal));
	try {
		for await (const { objects } of onePageAhead(pages)) yield listing.entriesOf(objects);
	} finally {
		stop();
		ending.abort(); // the request for the next page
	}
}

/** What has to be known of the objects before, to say what the next one is. */
class Listing {
	readonly #bucket: SourceBucket;
	readonly #prefix: string;
	readonly #start: string;
	readonly #settings: ListingSettings;
	readonly #report: SourceReport;
	readonly #filter: Filter;
	readonly #omitted: ReadonlySet<string>;
	readonly #above = new FilesAbove();
	#lastName: Buffer | undefined;
	/** The plan, or the archive, whose helper objects were left out last. */
	#helpersOf: string | undefined;

	constructor(
		bucket: SourceBucket,
		prefix: string,
		namePrefix: string,
		settings: ListingSettings,
		report: SourceReport,
	) {
		this.#bucket = bucket;
		this.#prefix = prefix;
		this.#start = namePrefix === "" ? "" : `${namePrefix}/`;
		this.#settings = settings;
		this.#report = report;
		const filter = createFilter(settings);
		this.#filter = settings.base === undefined ? filter : filterBelow(filter, settings.base);
		this.#omitted = new Set(settings.omit);
	}

	/** To be gone through to its end, page after page. */
	*entriesOf(objects: readonly ListedObject[]): Generator<MeasurableEntry, void, void> {
		for (const object of objects) {
			const path = object.key.slice(this.#prefix.length);
			const name = Buffer.from(this.#start + path);
			this.#checkOrder(name);
			const kind = path === "" || path.endsWith("/") ? "directory" : "file";
			if (!this.#isWanted(path, kind, object) || this.#isHelper(object.key) || this.#isDraft(object.key))
				continue;
			const origin = originOf({ bucket: this.#bucket.name, key: object.key });
			try {
				if (kind === "directory") checkMarker(path, object.size, origin);
				if (path === "") continue; // stands for the prefix itself
				checkKey(name, origin);
			} catch (error) {
				this.#report.onUnreadable(origin, error);
				continue;
			}
			const entry = new ObjectEntry(this.#bucket, object, name, kind);
			this.#above.add(path, entry);
			yield entry;
		}
	}

	#isWanted(path: string, kind: MeasurableEntry["kind"], { key, size }: ListedObject): boolean {
		if (path === "") return true;
		if (this.#filter.excludes(path) || !this.#filter.includes(path)) return false;
		if (kind === "file" && size > (this.#settings.excludeLargerThan ?? Number.POSITIVE_INFINITY))
			return false;
		const origin = originOf({ bucket: this.#bucket.name, key });
		if (!this.#omitted.has(origin)) return true;
		this.#report.onEvent({ type: "skipped", origin, reason: "the archive itself" });
		return false;
	}

	/** One warning for each plan or archive: it may have thousands. */
	#isHelper(key: string): boolean {
		const plan = planOfHelper(key);
		const helpers = plan ?? prefixOfJoined(key);
		if (helpers === undefined) return false;
		const origin = originOf({ bucket: this.#bucket.name, key });
		const isOwn = [...this.#omitted].some(
			(own) => origin.startsWith(`${own}.zipferry-shards/`) || origin.startsWith(joinedPrefix(own)),
		);
		if (!isOwn && helpers !== this.#helpersOf) {
			this.#helpersOf = helpers;
			const place = originOf({ bucket: this.#bucket.name, key: helpers });
			const whose =
				plan === undefined
					? "is being made, or that a run has left"
					: "workers are making, or that was never finished";
			const message = `left out ${place}: helper objects of an archive that ${whose}`;
			this.#report.onEvent({ type: "warning", code: "DRAFT_SKIPPED", message, origin: place });
		}
		this.#report.onEvent({ type: "skipped", origin, reason: "helper object of an archive" });
		return true;
	}

	#isDraft(key: string): boolean {
		if (!isDraftKey(key)) return false;
		const origin = originOf({ bucket: this.#bucket.name, key });
		if (![...this.#omitted].some((own) => origin === draftKey(own))) {
			const message = `left out ${origin}: the draft of an archive that is being made, or that a run has left`;
			this.#report.onEvent({ type: "warning", code: "DRAFT_SKIPPED", message, origin });
		}
		this.#report.onEvent({ type: "skipped", origin, reason: "draft of an archive" });
		return true;
	}

	/** Two objects of one name would come one after the other; in another order they could not be noticed. */
	#checkOrder(name: Buffer): void {
		const last = this.#lastName;
		this.#lastName = name;
		if (last === undefined || Buffer.compare(last, name) < 0) return;
		const origin = originOf({ bucket: this.#bucket.name, key: this.#prefix });
		const problem = `the storage does not list ${origin} in the order of its keys, as directory buckets do not: "${name}" came behind "${last}"`;
		throw new SourceError("SOURCE_UNREADABLE", problem, { origin });
	}
}
