import { createHash } from "node:crypto";
import { InvalidOptionError } from "../../errors.ts";
import type { ZipferryEventListener } from "../../events.ts";
import { resolveOptions } from "../../options/resolve-options.ts";
import { OPEN_ARCHIVE_SCHEMA, type OpenArchiveSettings } from "../../reader/options.ts";
import type { HttpClient } from "../../reader/ranged/url/http-client.ts";
import { statusOf } from "../../reader/ranged/url/http-errors.ts";
import { HttpResource } from "../../reader/ranged/url/http-source.ts";
import { shownAddress, shownUrl } from "../../reader/ranged/url/shown-url.ts";
import { encodeEntryName } from "../../zip/format/entry-name.ts";
import { InvalidEntryNameError } from "../../zip/format/entry-name-errors.ts";
import type { EntrySource, MeasurableEntry } from "../entry-source.ts";
import { entryTime } from "../entry-time.ts";
import type { OpeningSettings } from "../options.ts";
import type { RangedContent } from "../ranged-content.ts";
import type { UrlSource } from "../source.ts";
import { askForFacts, isStrong, type ResourceFacts } from "./resource-facts.ts";
import { resourceName } from "./resource-name.ts";
import { pinResource } from "./resource-pin.ts";
import { shareClient } from "./shared-client.ts";
import { missing, WebContent } from "./web-content.ts";

const MODE = 0o644;

/**
 * What a web server sends, as an entry. One request looks whether it is there, and how large it is; another one, when its turn comes,
 * reads it.
 *
 * @param now - Time of the entry if the server gives none, milliseconds since 1970.
 * @throws {SourceError} `SOURCE_NOT_FOUND` if there is nothing, unless that is to be left out.
 * @throws {StorageError} if the server refuses, or cannot be reached.
 * @throws {InvalidOptionError} for an address that is none, or has no name.
 * @throws {InvalidEntryNameError}
 */
export async function openWebSource(
	source: UrlSource,
	now: number,
	options: OpeningSettings,
): Promise<EntrySource> {
	const text = String(source.url);
	if (!URL.canParse(text)) throw new InvalidOptionError(`"${shownAddress(text)}" is not a URL`);
	const url = new URL(text);
	let listener: ZipferryEventListener | undefined;
	const storage = source.storage ?? options.sourceStorage;
	const settings = resolveOptions(OPEN_ARCHIVE_SCHEMA, {
		...storage,
		signal: options.signal,
		onEvent: (event) => listener?.(event),
	});
	const { client, release } = await shareClient(source.storage ?? options, settings);
	const close = async () => release();
	const { readAhead, readAheadSize } = options;
	const common = {
		...{ repeatable: true, rereadable: true, distinct: true, close },
		lookAhead: { count: readAhead, size: readAheadSize },
	};
	try {
		const entry = await entryOf(source, url, client, settings, now, options);
		return {
			...common,
			namePrefix: Buffer.from(entry.name).toString("utf8"),
			pinned: { kind: "resources" },
			async *entries(report) {
				listener = report.onEvent;
				yield [entry];
			},
		};
	} catch (error) {
		const status = statusOf(error);
		const failure = status === 404 || status === 410 ? missing(shownUrl(url), error) : error;
		if (failure === error || !options.skipMissing) {
			release();
			throw failure;
		}
		return {
			...common,
			namePrefix: "",
			pinned: { kind: "resources" },
			async *entries(report) {
				report.onUnreadable(shownUrl(url), failure);
				yield [];
			},
		};
	}
}

async function entryOf(
	source: UrlSource,
	url: URL,
	client: HttpClient,
	settings: OpenArchiveSettings,
	now: number,
	options: OpeningSettings,
): Promise<MeasurableEntry> {
	if (source.as !== undefined) nameGiven(source.as, url); // before anything is asked for
	const resource = new HttpResource(url, client, settings);
	const facts = await askForFacts(resource, options.signal);
	const content = new WebContent(resource, client, facts);
	const modifiedMs = facts.lastModified === undefined ? Number.NaN : Date.parse(facts.lastModified);
	const isDated = !Number.isNaN(modifiedMs);
	const mtimeMs = entryTime(options, isDated ? modifiedMs : now);
	return {
		name:
			source.as === undefined
				? encodeEntryName(resourceName(url, facts.disposition))
				: nameGiven(source.as, url),
		kind: "file",
		origin: content.origin,
		mtimeMs,
		given: "maker", // a server may keep the time of what it replaces
		mode: MODE,
		size: facts.size,
		inTurn: content.inTurn,
		open: (signal) => content.open(signal),
		pin: () => pinResource(url, facts, { mode: MODE, mtimeMs: isDated ? modifiedMs : now }),
		ranged: () =>
			isDated || options.mtime !== undefined
				? rangedContent(url, content, facts, mtimeMs, isDated ? modifiedMs : 0)
				: undefined, // its time would be another one each time
	};
}

/** @throws {InvalidEntryNameError} for one that no file can have. */
function nameGiven(as: string, url: URL): Uint8Array {
	const name = as.replace(/\/+$/, "");
	if (name === "")
		throw new InvalidEntryNameError(as, `is empty, and ${shownUrl(url)} is a file, which needs one`);
	return encodeEntryName(name);
}

function rangedContent(
	url: URL,
	content: WebContent,
	{ etag }: ResourceFacts,
	mtimeMs: number,
	changedMs: number,
): RangedContent | undefined {
	const { ranged } = content;
	if (ranged === undefined || !isStrong(etag)) return undefined;
	const { size } = ranged;
	// There may be a password in the address.
	const address = createHash("sha256").update(url.href).digest("hex");
	return {
		identity: `http:${address}:${size}:${etag}`,
		...{ size, mtimeMs, changedMs, mode: MODE },
		read: (start, end, signal) => content.told(ranged.read(start, end, signal)),
	};
}
